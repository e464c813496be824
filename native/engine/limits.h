// Every size and limit of the engine, in one place. Memory of one copy: kRingChunks * kChunkBytes and a little.
#pragma once

#include <cstddef>
#include <cstdint>

namespace evidock {

// Block of the fs-verity tree, and the alignment of O_DIRECT (a disk's logical block is 512 or 4096 bytes).
inline constexpr std::size_t kBlockBytes = 4096;
inline constexpr std::size_t kDigestBytes = 32;
// One read, one write, one step of progress and of cancelling.
inline constexpr std::size_t kChunkBytes = 1 << 20;
inline constexpr std::size_t kRingChunks = 8;
// How much of a file may lie in the page cache because of us before it is dropped.
inline constexpr std::uint64_t kCacheWindowBytes = 8 << 20;
// Dropping pages can lose against a page that is just being used: tries, and the pause between them.
inline constexpr int kDropTries = 20;
inline constexpr int kDropPauseMs = 25;
// Differing block ranges that hash() reports at most.
inline constexpr std::size_t kBlockRangesMax = 64;

inline constexpr std::uint64_t roundUpToBlock(std::uint64_t bytes) {
  return (bytes + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
}

}  // namespace evidock
