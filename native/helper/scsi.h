// Vendor commands of recorders that are disks (JieLi DV16), and INQUIRY, through the SCSI generic driver. The kernel
// wants CAP_SYS_RAWIO for them, which is why they come through here; no other command does.
#pragma once

#include "context.h"

namespace evidock {

inline constexpr std::size_t kScsiBytesMax = 4096;

// Arguments: generic node, command (6, 10, 12 or 16 bytes), `to-device`, `from-device` or `none`, the data or how many
// bytes, milliseconds. Results: the bytes that came.
bool runScsi(Context& context, const Fields& request, Reply& reply);

}  // namespace evidock
