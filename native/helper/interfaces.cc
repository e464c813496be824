#include "interfaces.h"

#include <dirent.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "device.h"
#include "log.h"

namespace evidock {

namespace {

constexpr long kImageClass = 0x06;
constexpr long kStorageClass = 0x08;
constexpr long kHubClass = 0x09;
constexpr long kVendorClass = 0xFF;
constexpr int kDevicesMax = 2048;
constexpr const char* kUsbDevices = "/sys/bus/usb/devices";

long readHex(const char* folder, const char* name) {
  char text[16];
  return readAttribute(folder, name, text, sizeof text) > 0 ? strtol(text, nullptr, 16) : -1;
}

bool setAuthorised(const Device& device, const char* value) {
  char path[560];
  snprintf(path, sizeof path, "%s/authorized", device.sysPath.data());
  return writeAttribute(path, value);
}

// The name of the bound driver; empty without one.
std::array<char, 64> driverOf(const Device& device) {
  char link[560];
  char target[256];
  std::array<char, 64> name{};
  snprintf(link, sizeof link, "%s/driver", device.sysPath.data());
  const ssize_t length = readlink(link, target, sizeof target);
  if (length <= 0) return name;
  const std::string_view path(target, static_cast<std::size_t>(length));
  setText(name, path.substr(path.rfind('/') + 1));
  return name;
}

bool isOneOf(std::string_view driver, const char* const* drivers) {
  for (; *drivers != nullptr; drivers += 1)
    if (driver == *drivers) return true;
  return false;
}

// Binds the first of these drivers that takes the interface.
bool bind(const Device& device, const char* const* drivers, Reply& reply) {
  int number = ENODEV;
  bool found = false;
  for (const char* const* driver = drivers; *driver != nullptr; driver += 1) {
    char path[96];
    snprintf(path, sizeof path, "/sys/bus/usb/drivers/%s/bind", *driver);
    errno = 0;
    if (writeAttribute(path, device.name.data())) return true;
    const int refused = errno;
    if (isOneOf(driverOf(device).data(), drivers)) return true;
    found = found || refused != ENOENT;
    if (refused != ENOENT) number = refused;
  }
  return found ? reply.fail("bind-failed", number, "%s", device.name.data())
               : reply.fail("driver-missing", 0, "the kernel has not loaded %s", drivers[0]);
}

bool findInterface(std::string_view name, Device& device, Reply& reply) {
  char link[96];
  snprintf(link, sizeof link, "%s/%.*s", kUsbDevices, static_cast<int>(name.size()), name.data());
  setText(device.name, name);
  setText(device.disk, name);
  return findInSysfs(link, device, reply) &&
         (device.place.below == name || reply.refuse("not-usb", "%s lies in an unexpected place", device.name.data()));
}

bool leadsToDock(Context& context, const Device& device) {
  const std::lock_guard lock(context.socketsLock);
  return context.sockets.leadsTo(device.place, device.side);
}

bool isOfDock(Context& context, const Device& device) {
  const std::lock_guard lock(context.socketsLock);
  return !context.sockets.any && context.sockets.holds(device.place, device.side);
}

template <typename Visit>
void eachUsbName(Visit visit) {
  DIR* const listing = opendir(kUsbDevices);
  if (listing == nullptr) return;
  int seen = 0;
  while (const dirent* const entry = seen < kDevicesMax ? readdir(listing) : nullptr) {
    seen += 1;
    visit(entry->d_name);
  }
  closedir(listing);
}

// Of a root hub `usb3` of the dock's controllers.
void closeBus(Context& context, const char* name) {
  char link[320];
  char target[256];
  snprintf(link, sizeof link, "%s/%s", kUsbDevices, name);
  const ssize_t length = readlink(link, target, sizeof target);
  std::string_view rest(target, length > 0 ? static_cast<std::size_t>(length) : 0);
  while (rest.starts_with("../")) rest.remove_prefix(3);
  if (!rest.starts_with("devices/") || !rest.ends_with(name)) return;
  rest.remove_prefix(8);
  const std::string_view controller = rest.substr(0, rest.rfind('/'));
  {
    const std::lock_guard lock(context.socketsLock);
    if (!context.sockets.hasController(controller)) return;
  }
  char path[400];
  snprintf(path, sizeof path, "/sys/devices/%.*s/interface_authorized_default", static_cast<int>(rest.size()),
           rest.data());
  const bool done = writeAttribute(path, "0");
  logLine("%s %s", name,
          done ? "allows no interface by default" : "could NOT be told to allow no interface by default");
}

void closeInterface(Context& context, const char* name) {
  Device device;
  Reply ignored("0");
  if (!findInterface(name, device, ignored) || !isOfDock(context, device)) return;
  const long kind = readHex(device.sysPath.data(), "bInterfaceClass");
  if (kind == kStorageClass || kind == kImageClass || kind == kVendorClass) return;
  const bool done = setAuthorised(device, "0");
  logLine("%s has class 0x%02lX: %s", name, static_cast<unsigned long>(kind),
          done ? "taken back" : "could NOT be taken back");
}

}  // namespace

bool authorise(Context& context, const Fields& request, Reply& reply) {
  const std::string_view name = request.at[2];
  if (!isInterfaceName(name)) return reply.refuse("bad-argument", "not the name of an interface");
  Device device;
  if (!findInterface(name, device, reply)) return false;
  const long kind = readHex(device.sysPath.data(), "bInterfaceClass");
  if (kind < 0) return reply.fail("device-gone", errno, "%s", device.name.data());
  const bool isHub = kind == kHubClass && leadsToDock(context, device);
  if (!isHub && !isCalibrated(context, device, reply)) return false;
  if (!isHub && kind != kStorageClass && kind != kImageClass && kind != kVendorClass)
    return reply.refuse("class-refused", "%s has class 0x%02lX", device.name.data(), static_cast<unsigned long>(kind));
  const Turn turn(context, device.disk.data());
  if (!turn.taken(reply)) return false;

  if (!setAuthorised(device, "1")) return reply.fail("authorise-failed", errno, "%s", device.name.data());
  static constexpr const char* kDiskDrivers[] = {"uas", "usb-storage", nullptr};
  static constexpr const char* kHubDrivers[] = {"hub", nullptr};
  const std::array<char, 64> bound = driverOf(device);
  if (kind == kStorageClass || isHub) {
    const char* const* const drivers = isHub ? kHubDrivers : kDiskDrivers;
    if (bound[0] == 0 && !bind(device, drivers, reply)) return false;
    if (bound[0] != 0 && !isOneOf(bound.data(), drivers)) {
      setAuthorised(device, "0");
      return reply.fail("driver-unexpected", 0, "%s had the driver %s: taken back", device.name.data(), bound.data());
    }
  }
  reply.ok();
  reply.add(driverOf(device).data());
  return true;
}

void closeDock(Context& context) {
  eachUsbName([&](const char* name) {
    if (strncmp(name, "usb", 3) == 0) closeBus(context, name);
  });
  eachUsbName([&](const char* name) {
    if (isInterfaceName(name)) closeInterface(context, name);
  });
}

}  // namespace evidock
