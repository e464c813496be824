// A card's own bytes, past its file system and past the page cache: what the fallback reader of cards needs, which looks
// for files that the kernel cannot open by name. It only ever reads, and only what the kernel has read-only.
#pragma once

#include "context.h"

namespace evidock {

// With its head it fits into one reply, and it is a whole number of the largest sectors.
inline constexpr std::size_t kRawReadBytesMax = 15 * 4096;
inline constexpr long kRawSectorBytes = 512;

// Arguments: device, offset and length in bytes, both multiples of 512. Results: the device's size, the bytes. Never
// fewer bytes than asked: a device that ends or stops early is gone or has failed.
bool readDevice(Context& context, const Fields& request, Reply& reply);

}  // namespace evidock
