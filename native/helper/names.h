// What a request may name, and which USB socket a path of sysfs lies in. Pure: text in, text out, no system call, so it
// can be tried with hostile text. Anything that is not plainly right is wrong.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace evidock {

inline constexpr std::size_t kDeviceNameMax = 16;
inline constexpr std::size_t kInterfaceNameMax = 40;
inline constexpr std::size_t kMountNameBytes = 21;
inline constexpr std::size_t kSocketsMax = 512;

// `sda`, `sdab3`.
bool isBlockName(std::string_view name);
// `sg0`.
bool isGenericName(std::string_view name);
// `3-1.2:1.0`.
bool isInterfaceName(std::string_view name);
// `card-` and 16 hexadecimal digits: what the helper itself draws.
bool isMountName(std::string_view name);
// Absolute, without `.`, `..`, empty or strange components, at most 128 bytes.
bool isPlainPath(std::string_view path);

// Where a device sits: `/sys/devices/<controller>/usb3/3-1/3-1.2/<below>`. The views point into the path.
struct Place {
  // Below /sys/devices, such as `pci0000:00/0000:00:14.0`; moves between boots less than bus numbers do.
  std::string_view controller;
  // `usb3`: the root hub.
  std::string_view rootHub;
  // From the root hub down, such as `1.2`.
  std::string_view ports;
  // What lies below the USB device: `3-1.2:1.0/host0/…`; empty for the device itself.
  std::string_view below;
};

// False for everything that does not lie below a port of a USB bus.
bool placeOf(std::string_view sysPath, Place& place);

// One calibrated socket: `<controller>/usb2/1.2`, `<controller>/usb3/1.*`. A `*` is any one port.
struct SocketPattern {
  std::array<char, 160> text;
  std::size_t controllerBytes;
  std::size_t portsAt;
  std::size_t bytes;
  // 2 or 3.
  int side;

  std::string_view controller() const { return {text.data(), controllerBytes}; }
  std::string_view ports() const { return {text.data() + portsAt, bytes - portsAt}; }
};

bool parseSocket(std::string_view line, SocketPattern& pattern);

// The dock's sockets. Nothing is in an empty list.
class SocketList {
 public:
  // Laboratories only: every USB port counts.
  bool any = false;

  std::size_t count() const { return count_; }
  const SocketPattern& at(std::size_t index) const { return patterns_[index]; }
  // False when a line is wrong or there are too many; `lineNumber` says which. The list is then empty.
  bool parse(std::string_view text, std::size_t& lineNumber);
  bool holds(const Place& place, int side) const;
  // A hub on the way to a socket: its ports are the beginning of the socket's.
  bool leadsTo(const Place& place, int side) const;
  bool hasController(std::string_view controller) const;

 private:
  std::array<SocketPattern, kSocketsMax> patterns_;
  std::size_t count_ = 0;
};

}  // namespace evidock
