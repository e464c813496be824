// The kernel's list of mounts (/proc/self/mountinfo, proc(5)), looked through line by line with a bounded buffer.
#pragma once

#include <sys/types.h>

#include <string_view>

namespace evidock {

struct MountLine {
  dev_t number;
  std::string_view path;
};

// Calls `visit` for each mount until it returns false. False when the list cannot be read.
template <typename Visit>
bool eachMount(Visit visit);

}  // namespace evidock

#include <sys/sysmacros.h>

#include <cstdio>
#include <cstring>

namespace evidock {

template <typename Visit>
bool eachMount(Visit visit) {
  FILE* const list = fopen("/proc/self/mountinfo", "re");
  if (list == nullptr) return false;
  char line[4096];
  bool inLongLine = false;
  while (fgets(line, sizeof line, list) != nullptr) {
    const bool isRest = inLongLine;
    inLongLine = strchr(line, '\n') == nullptr;
    // Of a line longer than the buffer the beginning holds all that is needed.
    if (isRest) continue;
    unsigned major = 0;
    unsigned minor = 0;
    int pathAt = 0;
    if (sscanf(line, "%*u %*u %u:%u %*s %n", &major, &minor, &pathAt) != 2 || pathAt == 0) continue;
    const std::string_view rest = line + pathAt;
    if (!visit(MountLine{makedev(major, minor), rest.substr(0, rest.find(' '))})) break;
  }
  fclose(list);
  return true;
}

}  // namespace evidock
