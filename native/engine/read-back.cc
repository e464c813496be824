#include "read-back.h"

#include <fcntl.h>

#include <chrono>
#include <thread>

#include "digests.h"
#include "limits.h"

namespace evidock {

namespace {

[[noreturn]] void impossible(const File& file, int number, const std::string& call, const std::string& why) {
  throw Failure("READ_BACK_IMPOSSIBLE", number, call, file.path(), file.side(), why);
}

void openPastCache(File& file, ReadBackMode mode) {
  if (mode == ReadBackMode::memoryFs) return;
  // Also before a direct read: a file system that answers O_DIRECT from its cache then has nothing to answer with.
  if (mode == ReadBackMode::direct) {
    file.dropPages();
    if (!file.setDirect(true)) impossible(file, errno, "fcntl", "the file system has no O_DIRECT");
    return;
  }
  if (!dropAllPages(file)) impossible(file, 0, "mincore", "pages stay in the cache");
}

}  // namespace

bool dropAllPages(const File& file) {
  for (int tries = 0; tries < kDropTries; ++tries) {
    if (tries > 0) std::this_thread::sleep_for(std::chrono::milliseconds(kDropPauseMs));
    file.dropPages();
    if (file.residentPages() == 0) return true;
  }
  return false;
}

std::string readBackSha256(const File& written, std::uint64_t bytes, ReadBackMode mode, const Check& check,
                           JobState& state) {
  File file = File::open(written.path(), O_RDONLY | O_NOFOLLOW, 0, Side::target);
  const struct stat ours = written.status();
  const struct stat there = file.status();
  if (ours.st_dev != there.st_dev || ours.st_ino != there.st_ino) {
    throw Failure("READ_BACK_DIFFERS", 0, "fstat", file.path(), Side::target, "another file lies in its place");
  }
  openPastCache(file, mode);
  Digest sha256(Digest::Algorithm::sha256);
  const Sink hash = [&sha256](const Chunk& chunk) { sha256.update({chunk.data, chunk.bytes}); };
  Pass pass{.read = [&](std::byte* data, std::size_t length, std::uint64_t offset) {
              try {
                const std::size_t got = file.readAt(data, length, offset);
                if (mode != ReadBackMode::memoryFs && got == length) file.dropPages(offset, length);
                return got;
              } catch (const Failure& failure) {
                if (mode == ReadBackMode::direct && failure.number == EINVAL) {
                  impossible(file, EINVAL, "read", "the file system refuses O_DIRECT");
                }
                throw;
              }
            },
            .inlineSinks = {},
            .lanes = {},
            .check = check};
  // A file of one chunk gains nothing from a second thread.
  if (bytes > kChunkBytes) pass.lanes = {{hash}};
  else pass.inlineSinks = {hash};
  const std::uint64_t got = run(pass, state);
  if (got != bytes) {
    throw Failure("READ_BACK_DIFFERS", 0, "read", file.path(), Side::target, "the disk gave back another length");
  }
  return sha256.finishHex();
}

}  // namespace evidock
