// What the file system below a folder can do for reading back, found by trying with a small file.
#pragma once

#include <string>

namespace evidock {

struct Ability {
  std::string mode;  // direct, dropped-cache, memory-fs, none
  std::string fileSystem;
};

// Throws Failure (side target) when the folder cannot be written.
Ability probeReadBack(const std::string& folder);

}  // namespace evidock
