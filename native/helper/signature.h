// Which of the three file systems of recorders' cards lies on a device, by its own signature, with label and volume id.
// It only ever reads a few KiB through the descriptor it is given. Sources: Microsoft's FAT specification (fatgen103)
// and exFAT specification, and Documentation/filesystems/ext4 of the kernel. Nothing on the card is believed.
#pragma once

#include <cstddef>

namespace evidock {

struct Signature {
  // `vfat`, `exfat`, `ext4`; null when it is none of them.
  const char* fileSystem = nullptr;
  // As on the card, in the card's own encoding (FAT: whatever the recorder writes; exFAT: made UTF-8 here).
  char label[48];
  std::size_t labelBytes = 0;
  // As blkid writes it: `1A2B-3C4D`, or the 36 characters of ext4.
  char uuid[40] = "";
};

// False with errno set when the device could not be read at all.
bool readSignature(int fd, Signature& signature);

}  // namespace evidock
