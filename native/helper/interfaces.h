// Which interfaces of which USB devices get a driver in the dock. By default none does; disks get the kernel's two
// drivers for disks by name (never "whichever matches", which a card reader that claims a network card's ids would turn
// into a network card), MTP and vendor interfaces are allowed for user space, and nothing else is.
#pragma once

#include "context.h"

namespace evidock {

// Arguments: interface. Results: the driver, or nothing for one of user space. Safe twice.
bool authorise(Context& context, const Fields& request, Reply& reply);
// No interface of the dock's controllers is allowed by default, and what other classes hold in its sockets is taken back.
void closeDock(Context& context);

}  // namespace evidock
