#include "probe.h"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "file.h"
#include "limits.h"
#include "mounts.h"
#include "read-back.h"

namespace evidock {

namespace {

constexpr std::size_t kProbeBytes = 4 * kBlockBytes;
using ProbeBuffer = std::array<std::byte, kProbeBytes>;

// A file with a random name that goes when the probe ends.
struct ProbeFile {
  explicit ProbeFile(const std::string& folder) {
    std::uint64_t random = 0;
    if (getrandom(&random, sizeof random, 0) != sizeof random) random = static_cast<std::uint64_t>(getpid());
    char name[40];
    std::snprintf(name, sizeof name, "/.evidock-probe-%016llx", static_cast<unsigned long long>(random));
    file = File::open(folder + name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600, Side::target);
  }
  ~ProbeFile() { unlink(file.path().c_str()); }
  File file;
};

bool isAs(const ProbeBuffer& written, const File& file) {
  alignas(kBlockBytes) ProbeBuffer back{};
  return file.readAt(back.data(), back.size(), 0) == back.size() && back == written;
}

// True when written and read with O_DIRECT, and the page cache stayed empty: a file system may take the flag and
// still go through the cache.
bool worksDirect(File& file, const ProbeBuffer& data) {
  if (!file.setDirect(true)) return false;
  try {
    file.writeAt(data.data(), data.size(), 0);
    file.sync();
    return dropAllPages(file) && isAs(data, file) && file.residentPages() == 0;
  } catch (const Failure& failure) {
    if (failure.number != EINVAL) throw;
    return false;
  }
}

bool worksDropped(File& file, const ProbeBuffer& data) {
  file.setDirect(false);
  file.writeAt(data.data(), data.size(), 0);
  file.sync();
  return dropAllPages(file) && isAs(data, file);
}

}  // namespace

Ability probeReadBack(const std::string& folder) {
  const FileSystem fileSystem = fileSystemOf(folder);
  ProbeFile probe(folder);
  // Asked before the trial: newer kernels take O_DIRECT on tmpfs too.
  if (fileSystem.inMemory) return {"memory-fs", fileSystem.name};
  alignas(kBlockBytes) ProbeBuffer data;
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = std::byte(i * 31 >> 3 & 255);
  if (worksDirect(probe.file, data)) return {"direct", fileSystem.name};
  if (worksDropped(probe.file, data)) return {"dropped-cache", fileSystem.name};
  return {"none", fileSystem.name};
}

}  // namespace evidock
