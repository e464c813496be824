#include "mounts.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <utility>

#include "failure.h"

namespace evidock {

namespace {

constexpr std::uint32_t kExfatMagic = 0x2011BAB0, kNtfsMagic = 0x5346544e, kNtfs3Magic = 0x7366746e;
constexpr std::uint32_t kXfsMagic = 0x58465342, kZfsMagic = 0x2FC12FC1, kFuseMagic = 0x65735546;
constexpr std::uint32_t kHostfsMagic = 0x00c0ffee;

constexpr std::array<std::pair<std::uint32_t, const char*>, 17> kNames{{
    {EXT4_SUPER_MAGIC, "ext4"},       {kXfsMagic, "xfs"},
    {BTRFS_SUPER_MAGIC, "btrfs"},     {F2FS_SUPER_MAGIC, "f2fs"},
    {TMPFS_MAGIC, "tmpfs"},           {RAMFS_MAGIC, "ramfs"},
    {OVERLAYFS_SUPER_MAGIC, "overlay"}, {MSDOS_SUPER_MAGIC, "vfat"},
    {kExfatMagic, "exfat"},           {kNtfsMagic, "ntfs"},
    {kNtfs3Magic, "ntfs3"},           {NFS_SUPER_MAGIC, "nfs"},
    {0xff534d42, "cifs"},             {V9FS_MAGIC, "9p"},
    {kFuseMagic, "fuse"},             {kZfsMagic, "zfs"},
    {kHostfsMagic, "hostfs"},
}};

bool isMemoryMagic(std::uint32_t magic) {
  return magic == TMPFS_MAGIC || magic == RAMFS_MAGIC || magic == HUGETLBFS_MAGIC;
}

std::string nameOfMagic(std::uint32_t magic) {
  for (const auto& [known, name] : kNames) {
    if (known == magic) return name;
  }
  char text[16];
  std::snprintf(text, sizeof text, "0x%x", magic);
  return text;
}

std::uint32_t magicOf(const std::string& path) {
  struct statfs status;
  if (statfs(path.c_str(), &status) != 0) throw Failure::ofCall("statfs", path, Side::target);
  return static_cast<std::uint32_t>(status.f_type);
}

struct Mount {
  std::string type;
  std::string superOptions;
};

// The mount whose device is the folder's. Fields: proc(5), /proc/pid/mountinfo.
std::optional<Mount> mountOf(const std::string& folder) {
  struct stat status;
  if (stat(folder.c_str(), &status) != 0) throw Failure::ofCall("stat", folder, Side::target);
  const std::string device = std::to_string(major(status.st_dev)) + ":" + std::to_string(minor(status.st_dev));
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields(line);
    std::string id, parent, lineDevice, word, source;
    fields >> id >> parent >> lineDevice;
    if (lineDevice != device) continue;
    while (fields >> word && word != "-") continue;
    Mount mount;
    if (fields >> mount.type >> source >> mount.superOptions) return mount;
  }
  return std::nullopt;
}

// mountinfo writes space, tab, newline and backslash as \ooo.
std::string unescape(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      plain += static_cast<char>(std::strtol(text.substr(i + 1, 3).c_str(), nullptr, 8));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

bool upperIsInMemory(const std::string& options) {
  static const std::string kKey = "upperdir=";
  std::istringstream words(options);
  for (std::string word; std::getline(words, word, ',');) {
    struct statfs status;
    // In a container the upper folder is a path of the host and may not be seen; then the trial decides.
    if (word.starts_with(kKey) && statfs(unescape(word.substr(kKey.size())).c_str(), &status) == 0) {
      return isMemoryMagic(static_cast<std::uint32_t>(status.f_type));
    }
  }
  return false;
}

}  // namespace

FileSystem fileSystemOf(const std::string& folder) {
  const std::uint32_t magic = magicOf(folder);
  const std::optional<Mount> mount = mountOf(folder);
  const bool isOverlay = magic == OVERLAYFS_SUPER_MAGIC;
  return {.name = mount ? mount->type : nameOfMagic(magic),
          .inMemory = isMemoryMagic(magic) || (isOverlay && mount && upperIsInMemory(mount->superOptions))};
}

}  // namespace evidock
