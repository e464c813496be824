#include "device.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace evidock {

namespace {

constexpr int kPartitionsMax = 64;
constexpr long kSuperSpeedMbits = 5000;

bool isGone(int number) { return number == ENOENT || number == ENODEV || number == ENXIO; }

bool failDevice(Reply& reply, const char* name, const char* call) {
  const int number = errno;
  return reply.fail(isGone(number) ? "device-gone" : "device-failed", number, "%s %s", call, name);
}

// `dev` of sysfs: major:minor.
bool readNumber(const char* folder, dev_t& number) {
  char text[32];
  unsigned major = 0;
  unsigned minor = 0;
  if (readAttribute(folder, "dev", text, sizeof text) < 0) return false;
  if (sscanf(text, "%u:%u", &major, &minor) != 2) return false;
  number = makedev(major, minor);
  return true;
}

bool setLock(int fd, int locked) { return ioctl(fd, BLKROSET, &locked) == 0; }

// Partitions are folders below the disk's, named by it.
bool lockPartitions(const Device& device, Reply& reply) {
  std::array<char, 512> folder = device.sysPath;
  if (device.isPartition()) *strrchr(folder.data(), '/') = 0;
  DIR* const listing = opendir(folder.data());
  if (listing == nullptr) return failDevice(reply, device.disk.data(), "list");
  const std::string_view disk = device.disk.data();
  bool done = true;
  int seen = 0;
  while (const dirent* const entry = done && seen < kPartitionsMax ? readdir(listing) : nullptr) {
    const std::string_view name = entry->d_name;
    if (!name.starts_with(disk) || name == disk || !isBlockName(name)) continue;
    seen += 1;
    Device partition = device;
    setText(partition.name, name);
    const int length =
        snprintf(partition.sysPath.data(), partition.sysPath.size(), "%s/%s", folder.data(), partition.name.data());
    if (length < 0 || static_cast<std::size_t>(length) >= partition.sysPath.size()) continue;
    if (!readNumber(partition.sysPath.data(), partition.number)) continue;
    const Fd fd = openDevice(partition, O_RDONLY, S_IFBLK, reply);
    done = fd.isOpen() && (setLock(fd.get(), 1) || failDevice(reply, entry->d_name, "BLKROSET"));
  }
  closedir(listing);
  return done;
}

// The whole disk that a partition lies on.
bool wholeDisk(const Device& device, Device& disk, Reply& reply) {
  disk = device;
  disk.name = device.disk;
  if (device.isPartition()) *strrchr(disk.sysPath.data(), '/') = 0;
  return readNumber(disk.sysPath.data(), disk.number) || failDevice(reply, disk.name.data(), "read the number of");
}

bool findOfDock(Context& context, const char* linkFolder, std::string_view name, Device& device, Reply& reply) {
  char link[96];
  snprintf(link, sizeof link, "%s/%.*s", linkFolder, static_cast<int>(name.size()), name.data());
  setText(device.name, name);
  setText(device.disk, name);
  return findInSysfs(link, device, reply) && isCalibrated(context, device, reply) &&
         (readNumber(device.sysPath.data(), device.number) || failDevice(reply, device.name.data(), "find"));
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) close(fd_);
}

Fd& Fd::operator=(Fd&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

bool findInSysfs(const char* link, Device& device, Reply& reply) {
  char target[400];
  const ssize_t length = readlink(link, target, sizeof target - 1);
  if (length < 0) return failDevice(reply, device.name.data(), "find");
  target[length] = 0;
  // Links of sysfs lead up to /sys and then down into devices/, without any other "..".
  std::string_view rest = target;
  while (rest.starts_with("../")) rest.remove_prefix(3);
  snprintf(device.sysPath.data(), device.sysPath.size(), "/sys/%s", rest.data());
  if (!placeOf(device.sysPath.data(), device.place))
    return reply.refuse("not-usb", "%s does not sit on a USB port", device.name.data());
  char hub[512];
  char speed[16];
  snprintf(hub, sizeof hub, "/sys/devices/%.*s/%.*s", static_cast<int>(device.place.controller.size()),
           device.place.controller.data(), static_cast<int>(device.place.rootHub.size()), device.place.rootHub.data());
  if (readAttribute(hub, "speed", speed, sizeof speed) < 0) return failDevice(reply, hub, "read the speed of");
  device.side = atol(speed) >= kSuperSpeedMbits ? 3 : 2;
  return true;
}

bool isCalibrated(Context& context, const Device& device, Reply& reply) {
  const std::lock_guard lock(context.socketsLock);
  if (context.sockets.holds(device.place, device.side)) return true;
  return reply.refuse("not-calibrated", "%s sits in %.*s/usb%d/%.*s, which is no socket of the dock",
                      device.name.data(), static_cast<int>(device.place.controller.size()),
                      device.place.controller.data(), device.side, static_cast<int>(device.place.ports.size()),
                      device.place.ports.data());
}

bool findBlock(Context& context, std::string_view name, Device& device, Reply& reply) {
  if (!isBlockName(name)) return reply.refuse("bad-argument", "not the name of a disk or partition");
  if (!findOfDock(context, "/sys/class/block", name, device, reply)) return false;
  // …/block/sda or …/block/sda/sda1
  const std::string_view path = device.sysPath.data();
  const std::size_t start = path.rfind("/block/");
  if (start == std::string_view::npos) return reply.refuse("not-usb", "%s is no disk of USB", device.name.data());
  const std::string_view disk = path.substr(start + 7, path.find('/', start + 7) - start - 7);
  if (!isBlockName(disk) || !name.starts_with(disk) || !path.ends_with(name))
    return reply.refuse("not-usb", "%s lies in an unexpected place", device.name.data());
  setText(device.disk, disk);
  return true;
}

bool findGeneric(Context& context, std::string_view name, Device& device, Reply& reply) {
  if (!isGenericName(name)) return reply.refuse("bad-argument", "not the name of a SCSI generic node");
  return findOfDock(context, "/sys/class/scsi_generic", name, device, reply);
}

Fd openDevice(const Device& device, int flags, mode_t kind, Reply& reply) {
  char path[64];
  snprintf(path, sizeof path, "/dev/%s", device.name.data());
  Fd fd(open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK));
  struct stat status;
  if (!fd.isOpen() || fstat(fd.get(), &status) != 0) {
    failDevice(reply, device.name.data(), "open");
    return Fd();
  }
  if ((status.st_mode & S_IFMT) != kind || status.st_rdev != device.number) {
    reply.fail("device-changed", 0, "%s is not the device that sysfs names", path);
    return Fd();
  }
  return fd;
}

bool lockDisk(const Device& device, Reply& reply) {
  Device disk;
  if (!wholeDisk(device, disk, reply)) return false;
  const Fd diskFd = openDevice(disk, O_RDONLY, S_IFBLK, reply);
  if (!diskFd.isOpen()) return false;
  if (!setLock(diskFd.get(), 1)) return failDevice(reply, disk.name.data(), "BLKROSET");
  if (!lockPartitions(device, reply)) return false;
  const Fd fd = openDevice(device, O_RDONLY, S_IFBLK, reply);
  bool locked = false;
  if (!fd.isOpen() || !readLock(fd.get(), locked, device.name.data(), reply)) return false;
  return locked || reply.fail("read-back-differs", 0, "%s did not become read-only", device.name.data());
}

bool unlockDevice(const Device& device, int fd, Reply& reply) {
  Device disk;
  if (!wholeDisk(device, disk, reply)) return false;
  const Fd diskFd = openDevice(disk, O_RDONLY, S_IFBLK, reply);
  if (!diskFd.isOpen()) return false;
  if (!setLock(diskFd.get(), 0)) return failDevice(reply, disk.name.data(), "BLKROSET");
  if (!setLock(fd, 0)) return failDevice(reply, device.name.data(), "BLKROSET");
  bool locked = true;
  if (!readLock(fd, locked, device.name.data(), reply)) return false;
  return !locked || reply.fail("read-back-differs", 0, "%s stayed read-only; is its lock switch set?",
                               device.name.data());
}

bool readLock(int fd, bool& locked, const char* name, Reply& reply) {
  int value = 0;
  if (ioctl(fd, BLKROGET, &value) != 0) return failDevice(reply, name, "BLKROGET");
  locked = value != 0;
  return true;
}

int readAttribute(const char* folder, const char* name, char* text, std::size_t bytes) {
  char path[560];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  const Fd fd(open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd.isOpen()) return -1;
  ssize_t length = read(fd.get(), text, bytes - 1);
  if (length < 0) return -1;
  while (length > 0 && text[length - 1] == '\n') length -= 1;
  text[length] = 0;
  return static_cast<int>(length);
}

bool writeAttribute(const char* path, std::string_view text) {
  const Fd fd(open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  return fd.isOpen() && write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

}  // namespace evidock
