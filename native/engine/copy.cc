#include "copy.h"

#include "limits.h"
#include "reading-pass.h"
#include "target.h"

namespace evidock {

namespace {

Writing writingFor(ReadBackMode mode) {
  switch (mode) {
    case ReadBackMode::direct: return Writing::direct;
    case ReadBackMode::droppedCache: return Writing::dropping;
    case ReadBackMode::memoryFs: return Writing::plain;
  }
  return Writing::plain;
}

}  // namespace

Digests copyFile(const CopyRequest& request, JobState& state) {
  const Source source(request.root, request.path, request.expected);
  const std::uint64_t total = source.bytes();
  const bool inMemory = request.readBack == ReadBackMode::memoryFs;

  Target target(request.target, writingFor(request.readBack));
  std::optional<Target> blocks;
  if (!request.blocksTarget.empty() && total > kBlockBytes) {
    blocks.emplace(request.blocksTarget, inMemory ? Writing::plain : Writing::dropping);
  }
  if (source.isSparse()) target.keepHoles();
  else target.preallocate(total);

  const Digests digests = readSource(
      source,
      {.sm3 = request.sm3,
       .keepsPages = false,
       .onLeaves = [&](std::span<const std::byte> leaves) { if (blocks) blocks->append(leaves.data(), leaves.size()); },
       .write = [&](const Chunk& chunk) { target.write(chunk); }},
      state);
  target.finish(total);
  if (blocks) blocks->finish((total + kBlockBytes - 1) / kBlockBytes * kDigestBytes);

  state.enter(Phase::readingBack);
  const Check check = [&] {
    if (state.cancelled.load()) throw Failure::cancelled(request.target, Side::target);
  };
  const std::string back = readBackSha256(target.file(), total, request.readBack, check, state);
  if (back != digests.sha256) {
    throw Failure("READ_BACK_DIFFERS", 0, "read", request.target, Side::target, "the disk gave back other bytes");
  }
  check();
  target.close();
  if (blocks) blocks->close();
  target.keep();
  if (blocks) blocks->keep();
  return digests;
}

}  // namespace evidock
