#include "reading-pass.h"

#include "limits.h"

namespace evidock {

Digests readSource(const Source& source, const ReadingPass& pass, JobState& state) {
  const std::uint64_t total = source.bytes();
  state.totalBytes.store(total);
  Digest sha256(Digest::Algorithm::sha256);
  std::optional<Digest> sm3;
  if (pass.sm3) sm3.emplace(Digest::Algorithm::sm3);
  VerityTree verity(pass.onLeaves);

  std::uint64_t dropped = 0;
  Pass plan{.read = [&](std::byte* data, std::size_t length, std::uint64_t offset) {
              const std::size_t got = source.file().readAt(data, length, offset);
              // A source that keeps growing must not fill the disk.
              if (offset + got > total) source.changed("it grew while it was read", "read");
              if (!pass.keepsPages && (offset + got - dropped >= kCacheWindowBytes || got < length)) {
                source.file().dropPages(dropped, offset + got - dropped);
                dropped = offset + got;
              }
              return got;
            },
            .inlineSinks = {},
            .lanes = {},
            .check =
                [&] {
                  if (state.cancelled.load()) throw Failure::cancelled(source.file().path(), Side::source);
                  // A change is told as soon as it is seen, not after gigabytes more of a lost copy.
                  source.assertStill();
                }};
  const Sink intoSha256 = [&](const Chunk& chunk) { sha256.update({chunk.data, chunk.bytes}); };
  const Sink intoVerity = [&](const Chunk& chunk) { verity.update(chunk.data, chunk.bytes); };
  const Sink intoSm3 = [&](const Chunk& chunk) { sm3->update({chunk.data, chunk.bytes}); };

  Lane sinks{intoSha256, intoVerity};
  if (pass.sm3) sinks.push_back(intoSm3);
  if (pass.write) sinks.push_back(pass.write);
  if (total <= kChunkBytes) {
    // A file of one chunk is done before threads of its own would have started.
    plan.inlineSinks = std::move(sinks);
  } else {
    // One lane each: with SM3, which sets the pace, groupings differed by no more than the noise of three runs;
    // without it, one file at a time, this was the fastest.
    for (Sink& sink : sinks) plan.lanes.push_back({std::move(sink)});
  }

  const std::uint64_t bytes = run(plan, state);
  source.assertUnchanged(bytes);
  return {.bytes = bytes,
          .mtimeNs = source.mtimeNs(),
          .sha256 = sha256.finishHex(),
          .sm3 = sm3 ? sm3->finishHex() : "",
          .fsverity = verity.finishHex()};
}

}  // namespace evidock
