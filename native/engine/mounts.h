// Names of file systems, and whether one lives in memory: statfs magic numbers and /proc/self/mountinfo.
#pragma once

#include <string>

namespace evidock {

struct FileSystem {
  // As /proc/self/mountinfo names it, else by its magic number, else that number in hex.
  std::string name;
  bool inMemory;
};

// Throws Failure (side target). An overlay counts as memory when its upper folder can be seen and lies in memory.
FileSystem fileSystemOf(const std::string& folder);

}  // namespace evidock
