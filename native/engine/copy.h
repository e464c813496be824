// copy() and hash() of src/domain/copy-engine.ts: the order of the steps, and nothing of how each is done.
// Both run on the thread that calls them and threads of their own, and throw Failure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "job-state.h"
#include "read-back.h"
#include "source.h"

namespace evidock {

struct Digests {
  std::uint64_t bytes = 0;
  std::int64_t mtimeNs = 0;
  std::string sha256;
  std::string sm3;
  std::string fsverity;
};

struct CopyRequest {
  std::string root;
  std::string path;
  std::optional<Expected> expected;
  std::string target;
  std::string blocksTarget;  // empty: none
  ReadBackMode readBack;
  bool sm3;
};

Digests copyFile(const CopyRequest& request, JobState& state);

struct HashRequest {
  std::string root;
  std::string path;
  std::optional<Expected> expected;
  bool direct;
  bool sm3;
  std::string blocksFile;  // empty: no comparison
};

struct BlockComparison {
  std::string state;  // equal, differ, missing, malformed
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
};

struct HashOutcome {
  Digests digests;
  std::optional<BlockComparison> blocks;
};

HashOutcome hashFile(const HashRequest& request, JobState& state);

}  // namespace evidock
