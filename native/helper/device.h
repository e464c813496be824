// From a kernel name to an open device that certainly sits in a socket of the dock: sysfs says where it is, the node in
// /dev is opened without following links and must be that very device. Read-only in the kernel is set here, nowhere else.
#pragma once

#include <sys/types.h>

#include <array>
#include <string_view>
#include <utility>

#include "context.h"

namespace evidock {

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd();
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  bool isOpen() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

struct Device {
  std::array<char, kInterfaceNameMax> name;
  // The disk that it is or lies on; for a generic node or an interface its own name. Turns are taken on it.
  std::array<char, kInterfaceNameMax> disk;
  // Below /sys/devices, checked.
  std::array<char, 512> sysPath;
  Place place;
  // 2 or 3: which hub of the controller.
  int side;
  dev_t number;

  bool isPartition() const { return std::string_view(name.data()) != disk.data(); }
};

// Follows `link` (a link of sysfs), which must lead below a USB port. Calibration is not looked at.
bool findInSysfs(const char* link, Device& device, Reply& reply);
// As above, and the place must be a calibrated socket.
bool findBlock(Context& context, std::string_view name, Device& device, Reply& reply);
bool findGeneric(Context& context, std::string_view name, Device& device, Reply& reply);
bool isCalibrated(Context& context, const Device& device, Reply& reply);

// Opens its node in /dev. `flags` is O_RDONLY or O_RDWR.
Fd openDevice(const Device& device, int flags, mode_t kind, Reply& reply);

// Locks the whole disk and each of its partitions, and reads back that the device says so.
bool lockDisk(const Device& device, Reply& reply);
// Unlocks this device (and the disk that it lies on, without which it stays read-only), no other partition.
bool unlockDevice(const Device& device, int fd, Reply& reply);
// What the kernel says (BLKROGET).
bool readLock(int fd, bool& locked, const char* name, Reply& reply);

// One line of a file of sysfs, without its end; -1 when it cannot be read.
int readAttribute(const char* folder, const char* name, char* text, std::size_t bytes);
bool writeAttribute(const char* path, std::string_view text);

}  // namespace evidock
