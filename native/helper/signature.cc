#include "signature.h"

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>

namespace evidock {

namespace {

constexpr std::size_t kHeadBytes = 4096;
constexpr std::size_t kFolderBytes = 4096;
constexpr std::size_t kEntryBytes = 32;

using Byte = unsigned char;

std::uint32_t le16(const Byte* at) { return static_cast<std::uint32_t>(at[0] | at[1] << 8); }
std::uint32_t le32(const Byte* at) { return le16(at) | le16(at + 2) << 16; }

bool isPowerOfTwo(std::uint32_t value) { return value != 0 && (value & (value - 1)) == 0; }

// Reads up to `bytes`; fewer where the device ends. -1 with errno.
ssize_t readAt(int fd, Byte* data, std::size_t bytes, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < bytes) {
    const ssize_t got = pread(fd, data + done, bytes - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(done);
}

void setLabel(Signature& signature, const Byte* text, std::size_t bytes) {
  while (bytes > 0 && (text[bytes - 1] == ' ' || text[bytes - 1] == 0)) bytes -= 1;
  if (bytes > sizeof signature.label) bytes = sizeof signature.label;
  memcpy(signature.label, text, bytes);
  signature.labelBytes = bytes;
}

void setSerial(Signature& signature, const Byte* serial) {
  snprintf(signature.uuid, sizeof signature.uuid, "%04X-%04X", le16(serial + 2), le16(serial));
}

// The root folder's own entry counts; the boot sector's label is often stale or "NO NAME".
void readFatLabel(int fd, std::uint64_t rootOffset, Signature& signature) {
  Byte folder[kFolderBytes];
  const ssize_t bytes = readAt(fd, folder, sizeof folder, rootOffset);
  for (std::size_t at = 0; bytes > 0 && at + kEntryBytes <= static_cast<std::size_t>(bytes); at += kEntryBytes) {
    Byte* const entry = folder + at;
    if (entry[0] == 0) return;
    if (entry[0] == 0xE5 || (entry[11] & 0x3F) == 0x0F || (entry[11] & 0x18) != 0x08) continue;
    if (entry[0] == 0x05) entry[0] = 0xE5;
    setLabel(signature, entry, 11);
    return;
  }
}

bool readFat(int fd, const Byte* head, Signature& signature) {
  const std::uint32_t sectorBytes = le16(head + 11);
  const std::uint32_t sectorsPerCluster = head[13];
  const std::uint32_t reserved = le16(head + 14);
  const std::uint32_t tables = head[16];
  const std::uint32_t rootEntries = le16(head + 17);
  const bool isFat32 = le16(head + 22) == 0;
  const std::uint32_t tableSectors = isFat32 ? le32(head + 36) : le16(head + 22);
  const std::uint32_t sectors = le16(head + 19) != 0 ? le16(head + 19) : le32(head + 32);
  if (head[510] != 0x55 || head[511] != 0xAA) return false;
  if (!isPowerOfTwo(sectorBytes) || sectorBytes < 512 || sectorBytes > 4096) return false;
  if (!isPowerOfTwo(sectorsPerCluster) || reserved == 0 || tables == 0 || tables > 2) return false;
  if ((head[21] != 0xF0 && head[21] < 0xF8) || tableSectors == 0 || sectors == 0) return false;
  if (isFat32 != (rootEntries == 0)) return false;
  const std::uint64_t afterTables = reserved + static_cast<std::uint64_t>(tables) * tableSectors;
  if (afterTables >= sectors) return false;

  const Byte* const extended = head + (isFat32 ? 64 : 36);
  if (extended[2] == 0x29 || extended[2] == 0x28) setSerial(signature, extended + 3);
  std::uint64_t rootSector = afterTables;
  if (isFat32) {
    const std::uint32_t cluster = le32(head + 44);
    if (cluster < 2) return false;
    rootSector += static_cast<std::uint64_t>(cluster - 2) * sectorsPerCluster;
  }
  signature.fileSystem = "vfat";
  if (extended[2] == 0x29 && memcmp(extended + 7, "NO NAME    ", 11) != 0) setLabel(signature, extended + 7, 11);
  if (rootSector < sectors) readFatLabel(fd, rootSector * sectorBytes, signature);
  return true;
}

// UTF-16 to UTF-8; a surrogate on its own becomes U+FFFD.
std::size_t toUtf8(const Byte* text, std::size_t units, Byte* out) {
  std::size_t used = 0;
  for (std::size_t at = 0; at < units; at += 1) {
    std::uint32_t code = le16(text + 2 * at);
    if (code >= 0xD800 && code < 0xDC00 && at + 1 < units && (le16(text + 2 * at + 2) & 0xFC00) == 0xDC00) {
      code = 0x10000 + ((code - 0xD800) << 10) + (le16(text + 2 * at + 2) - 0xDC00);
      at += 1;
    } else if (code >= 0xD800 && code < 0xE000) {
      code = 0xFFFD;
    }
    if (code < 0x80) {
      out[used++] = static_cast<Byte>(code);
      continue;
    }
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    out[used++] = static_cast<Byte>((0xFF00 >> (more + 1) & 0xFF) | code >> 6 * more);
    for (int left = more - 1; left >= 0; left -= 1) out[used++] = static_cast<Byte>(0x80 | (code >> 6 * left & 0x3F));
  }
  return used;
}

bool readExfat(int fd, const Byte* head, Signature& signature) {
  if (memcmp(head + 3, "EXFAT   ", 8) != 0 || head[510] != 0x55 || head[511] != 0xAA) return false;
  for (std::size_t at = 11; at < 64; at += 1)
    if (head[at] != 0) return false;
  const unsigned sectorShift = head[108];
  const unsigned clusterShift = head[109];
  if (sectorShift < 9 || sectorShift > 12 || clusterShift > 25 - sectorShift) return false;
  const std::uint32_t heapSector = le32(head + 88);
  const std::uint32_t clusters = le32(head + 92);
  const std::uint32_t root = le32(head + 96);
  if (root < 2 || root - 2 >= clusters) return false;

  signature.fileSystem = "exfat";
  setSerial(signature, head + 100);
  Byte folder[kFolderBytes];
  const std::uint64_t rootOffset =
      (heapSector + (static_cast<std::uint64_t>(root - 2) << clusterShift)) << sectorShift;
  const ssize_t bytes = readAt(fd, folder, sizeof folder, rootOffset);
  for (std::size_t at = 0; bytes > 0 && at + kEntryBytes <= static_cast<std::size_t>(bytes); at += kEntryBytes) {
    const Byte* const entry = folder + at;
    if (entry[0] == 0) break;
    if (entry[0] != 0x83 || entry[1] > 11) continue;
    Byte label[3 * 11];
    setLabel(signature, label, toUtf8(entry + 2, entry[1], label));
    break;
  }
  return true;
}

bool readExt4(const Byte* head, Signature& signature) {
  const Byte* const super = head + 1024;
  const std::uint32_t incompatible = le32(super + 96);
  constexpr std::uint32_t kJournalDevice = 0x8;
  if (le16(super + 56) != 0xEF53 || (incompatible & kJournalDevice) != 0) return false;
  if (le32(super) == 0 || le32(super + 4) == 0 || le32(super + 24) > 6) return false;
  signature.fileSystem = "ext4";
  const Byte* const id = super + 104;
  std::size_t used = 0;
  for (std::size_t at = 0; at < 16; at += 1) {
    if (at == 4 || at == 6 || at == 8 || at == 10) signature.uuid[used++] = '-';
    used += static_cast<std::size_t>(snprintf(signature.uuid + used, sizeof signature.uuid - used, "%02x", id[at]));
  }
  const Byte* const label = super + 120;
  setLabel(signature, label, strnlen(reinterpret_cast<const char*>(label), 16));
  return true;
}

}  // namespace

bool readSignature(int fd, Signature& signature) {
  Byte head[kHeadBytes] = {};
  const ssize_t bytes = readAt(fd, head, sizeof head, 0);
  if (bytes < 0) return false;
  // What was written last wins where an older signature was left behind: FAT and exFAT put theirs in front of ext4's.
  if (bytes >= 512 && (readExfat(fd, head, signature) || readFat(fd, head, signature))) return true;
  if (bytes >= 2048) readExt4(head, signature);
  return true;
}

}  // namespace evidock
