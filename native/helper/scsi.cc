#include "scsi.h"

#include <fcntl.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "device.h"

namespace evidock {

namespace {

constexpr unsigned char kInquiry = 0x12;
constexpr unsigned char kVendorWrite = 0xFB;
constexpr unsigned char kVendorRead = 0xFD;
constexpr long kTimeoutMsMin = 100;
constexpr long kTimeoutMsMax = 10'000;

struct Transfer {
  int direction = SG_DXFER_NONE;
  std::size_t bytes = 0;
  long timeoutMs = 0;
};

// Which commands there are, and which way each of them may move data.
bool isAllowed(unsigned char opcode, int direction) {
  if (opcode == kInquiry) return direction == SG_DXFER_FROM_DEV;
  if (opcode == kVendorRead) return direction != SG_DXFER_TO_DEV;
  return opcode == kVendorWrite && direction != SG_DXFER_FROM_DEV;
}

bool readTransfer(const Fields& request, Transfer& transfer, Reply& reply) {
  const std::string_view command = request.at[3];
  const std::string_view direction = request.at[4];
  const std::string_view data = request.at[5];
  if (command.size() != 6 && command.size() != 10 && command.size() != 12 && command.size() != 16)
    return reply.refuse("bad-argument", "a command has 6, 10, 12 or 16 bytes");
  long bytes = 0;
  if (direction == "to-device") {
    transfer.direction = SG_DXFER_TO_DEV;
    bytes = static_cast<long>(data.size());
  } else if (direction == "from-device") {
    transfer.direction = SG_DXFER_FROM_DEV;
    if (!readNumber(data, 0, kScsiBytesMax, bytes))
      return reply.refuse("bad-argument", "at most %zu bytes", kScsiBytesMax);
  } else if (direction != "none" || !data.empty()) {
    return reply.refuse("bad-argument", "the direction is to-device, from-device or none");
  }
  if (bytes > static_cast<long>(kScsiBytesMax)) return reply.refuse("bad-argument", "at most %zu bytes", kScsiBytesMax);
  transfer.bytes = static_cast<std::size_t>(bytes);
  if (!readNumber(request.at[6], kTimeoutMsMin, kTimeoutMsMax, transfer.timeoutMs))
    return reply.refuse("bad-argument", "the time limit is %ld to %ld ms", kTimeoutMsMin, kTimeoutMsMax);
  const auto opcode = static_cast<unsigned char>(command[0]);
  if (!isAllowed(opcode, transfer.direction))
    return reply.refuse("opcode-refused", "opcode 0x%02X, this way, is not allowed", opcode);
  return true;
}

}  // namespace

bool runScsi(Context& context, const Fields& request, Reply& reply) {
  Transfer transfer;
  if (!readTransfer(request, transfer, reply)) return false;
  Device device;
  if (!findGeneric(context, request.at[2], device, reply)) return false;
  const Turn turn(context, device.disk.data());
  if (!turn.taken(reply)) return false;
  const Fd fd = openDevice(device, O_RDWR, S_IFCHR, reply);
  if (!fd.isOpen()) return false;

  unsigned char command[16] = {};
  alignas(512) unsigned char data[kScsiBytesMax] = {};
  unsigned char sense[32] = {};
  memcpy(command, request.at[3].data(), request.at[3].size());
  if (transfer.direction == SG_DXFER_TO_DEV) memcpy(data, request.at[5].data(), transfer.bytes);
  sg_io_hdr_t io{};
  io.interface_id = 'S';
  io.dxfer_direction = transfer.bytes == 0 ? SG_DXFER_NONE : transfer.direction;
  io.cmd_len = static_cast<unsigned char>(request.at[3].size());
  io.cmdp = command;
  io.dxfer_len = static_cast<unsigned>(transfer.bytes);
  io.dxferp = data;
  io.mx_sb_len = sizeof sense;
  io.sbp = sense;
  io.timeout = static_cast<unsigned>(transfer.timeoutMs);
  if (ioctl(fd.get(), SG_IO, &io) != 0) {
    const bool gone = errno == ENODEV || errno == ENXIO;
    return reply.fail(gone ? "device-gone" : "scsi-failed", errno, "SG_IO %s", device.name.data());
  }
  if ((io.info & SG_INFO_OK_MASK) != SG_INFO_OK) {
    // Fixed format: the key is in byte 2, the additional codes in 12 and 13 (SPC-4, 4.5.3).
    return reply.fail("scsi-failed", 0, "%s: status 0x%02X, host 0x%04X, driver 0x%04X, sense %X/%02X/%02X",
                      device.name.data(), io.status, io.host_status, io.driver_status, sense[2] & 0xFu, sense[12],
                      sense[13]);
  }
  reply.ok();
  const auto missing = static_cast<std::size_t>(io.resid < 0 ? 0 : io.resid);
  const std::size_t got = transfer.bytes > missing ? transfer.bytes - missing : 0;
  reply.add({reinterpret_cast<const char*>(data), transfer.direction == SG_DXFER_FROM_DEV ? got : 0});
  return true;
}

}  // namespace evidock
