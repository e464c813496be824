// One reading pass over a file. The thread that calls `run` reads chunks into a ring of aligned buffers; each lane is
// a thread of its own that sees every chunk in order and passes it to its sinks (a digest, the writer). The slowest
// lane sets the pace; memory is bounded by the ring. The first failure anywhere ends all of it and is thrown by `run`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "job-state.h"

namespace evidock {

struct Chunk {
  // Aligned to a block; zeros follow `bytes` up to the next whole block.
  std::byte* data;
  std::size_t bytes;
  std::uint64_t offset;
};

using Sink = std::function<void(const Chunk&)>;
using Lane = std::vector<Sink>;
// Fills the buffer with the next bytes of the file and returns how many; 0 at the end of the file.
using ReadNext = std::function<std::size_t(std::byte* data, std::size_t bytes, std::uint64_t offset)>;
// Throws when the job is to end (cancelled).
using Check = std::function<void()>;

struct Pass {
  ReadNext read;
  // Sinks that run on the reading thread, before the lanes get the chunk.
  Lane inlineSinks;
  std::vector<Lane> lanes;
  Check check;
};

// Returns the bytes read. `state.bytes` follows what every lane is done with.
std::uint64_t run(const Pass& pass, JobState& state);

}  // namespace evidock
