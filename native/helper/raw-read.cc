#include "raw-read.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>

#include "device.h"

namespace evidock {

namespace {

// As much as fifteen digits say, far beyond any card.
constexpr long kOffsetMax = 999'999'999'999'999;

bool isGone(int number) { return number == ENODEV || number == ENXIO || number == ENOENT || number == ENOMEDIUM; }

}  // namespace

bool readDevice(Context& context, const Fields& request, Reply& reply) {
  long offset = 0;
  long length = 0;
  if (!readNumber(request.at[3], 0, kOffsetMax, offset) || offset % kRawSectorBytes != 0)
    return reply.refuse("bad-argument", "the offset is a multiple of %ld", kRawSectorBytes);
  if (!readNumber(request.at[4], kRawSectorBytes, kRawReadBytesMax, length) || length % kRawSectorBytes != 0)
    return reply.refuse("bad-argument", "the length is a multiple of %ld, at most %zu", kRawSectorBytes,
                        kRawReadBytesMax);
  Device device;
  if (!findBlock(context, request.at[2], device, reply)) return false;
  const Turn turn(context, device.disk.data());
  if (!turn.taken(reply)) return false;
  // Direct: the page cache may hold what the card no longer says, or a card that is no longer there.
  const Fd fd = openDevice(device, O_RDONLY | O_DIRECT, S_IFBLK, reply);
  bool locked = false;
  if (!fd.isOpen() || !readLock(fd.get(), locked, device.name.data(), reply)) return false;
  if (!locked) return reply.refuse("not-read-only", "%s is not read-only", device.name.data());
  std::uint64_t bytes = 0;
  if (ioctl(fd.get(), BLKGETSIZE64, &bytes) != 0)
    return reply.fail(isGone(errno) ? "device-gone" : "device-failed", errno, "BLKGETSIZE64 %s", device.name.data());
  if (bytes == 0) return reply.fail("device-gone", 0, "%s has no medium", device.name.data());
  if (static_cast<std::uint64_t>(offset) + static_cast<std::uint64_t>(length) > bytes)
    return reply.refuse("beyond-device", "%s ends at %llu", device.name.data(),
                        static_cast<unsigned long long>(bytes));
  alignas(4096) char data[kRawReadBytesMax];
  const ssize_t got = pread(fd.get(), data, static_cast<std::size_t>(length), offset);
  if (got < 0)
    return reply.fail(isGone(errno) ? "device-gone" : "device-failed", errno, "read %s", device.name.data());
  // Before its end a device only stops because it went away.
  if (got != length) return reply.fail("device-gone", 0, "%s gave %zd of %ld bytes", device.name.data(), got, length);
  char size[24];
  snprintf(size, sizeof size, "%llu", static_cast<unsigned long long>(bytes));
  reply.ok();
  reply.add(size);
  reply.add({data, static_cast<std::size_t>(length)});
  return true;
}

}  // namespace evidock
