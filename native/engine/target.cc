#include "target.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "limits.h"

namespace evidock {

namespace {
bool isZero(const std::byte* data, std::size_t bytes) {
  return data[0] == std::byte{0} && std::equal(data, data + bytes - 1, data + 1);
}
}  // namespace

Target::Target(const std::string& path, Writing writing)
    : file_(File::open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600, Side::target)), writing_(writing) {
  if (writing_ == Writing::direct && !file_.setDirect(true)) writing_ = Writing::dropping;
}

Target::~Target() {
  if (!kept_) unlink(file_.path().c_str());
}

void Target::preallocate(std::uint64_t bytes) {
  if (bytes == 0) return;
  int result;
  do result = fallocate(file_.fd(), 0, 0, static_cast<off_t>(roundUpToBlock(bytes)));
  while (result != 0 && errno == EINTR);
  // Not every file system can; then the space is asked for write by write.
  if (result != 0 && errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL) throw file_.failure("fallocate");
}

void Target::write(const Chunk& chunk) {
  if (keepsHoles_ && isZero(chunk.data, chunk.bytes)) return;
  if (writing_ == Writing::direct) {
    try {
      // The tail is written with its padding and cut off by `finish`.
      file_.writeAt(chunk.data, roundUpToBlock(chunk.bytes), chunk.offset);
      return;
    } catch (const Failure& failure) {
      if (failure.number != EINVAL) throw;
      // Some file systems take the flag and refuse the write. How it is written proves nothing, so the cache will do.
      file_.setDirect(false);
      writing_ = Writing::dropping;
    }
  }
  file_.writeAt(chunk.data, chunk.bytes, chunk.offset);
  if (writing_ == Writing::dropping) dropBehind(chunk.offset + chunk.bytes);
}

void Target::append(const std::byte* data, std::size_t bytes) {
  file_.writeAt(data, bytes, appended_);
  appended_ += bytes;
}

void Target::finish(std::uint64_t bytes) {
  int result;
  do result = ftruncate(file_.fd(), static_cast<off_t>(bytes));
  while (result != 0 && errno == EINTR);
  if (result != 0) throw file_.failure("ftruncate");
  if (fchmod(file_.fd(), 0444) != 0) throw file_.failure("fchmod");
  file_.sync();
  if (writing_ != Writing::plain) file_.dropPages();
}

// Starts writing back the window just filled and drops the one before it, which had time to reach the disk.
void Target::dropBehind(std::uint64_t written) {
  if (written - started_ < kCacheWindowBytes) return;
  const auto range = [this](std::uint64_t from, std::uint64_t to, unsigned flags) {
    const int result = sync_file_range(file_.fd(), static_cast<off_t>(from), static_cast<off_t>(to - from), flags);
    // It reports, and so uses up, a failed write-back exactly as fsync does.
    if (result != 0 && errno != ENOSYS && errno != EINVAL && errno != ESPIPE) {
      throw Failure::ofSync("sync_file_range", file_.path());
    }
  };
  if (started_ > dropped_) {
    range(dropped_, started_, SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
    file_.dropPages(dropped_, started_ - dropped_);
    dropped_ = started_;
  }
  range(started_, written, SYNC_FILE_RANGE_WRITE);
  started_ = written;
}

}  // namespace evidock
