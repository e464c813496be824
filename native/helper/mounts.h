// Cards as folders: mounted below the helper's own root under a name that it draws, with the type given (never guessed),
// read-only unless the device was made writable just before for this one mount. What a connection mounted goes with it.
#pragma once

#include "context.h"

namespace evidock {

// Arguments: device. Refused while it is mounted writable.
bool setReadOnly(Context& context, const Fields& request, Reply& reply);
// Arguments: device. Holds for one mount, by the same connection, within kGrantSecondsMax.
bool setWritable(Context& context, const Fields& request, Owner owner, Reply& reply);
// Arguments: device. Results: file system, label bytes, volume id; none when it is none of ours.
bool identify(Context& context, const Fields& request, Reply& reply);
// Arguments: device, file system, minutes to UTC, `ro` or `rw`. Results: path, options.
bool mountCard(Context& context, const Fields& request, Owner owner, Reply& reply);
// Arguments: path. Results: `plain`, `lazy` or `absent`.
bool unmountCard(Context& context, const Fields& request, Reply& reply);
// Results: paths.
bool leftMounts(Context& context, Reply& reply);

// When a connection has ended: its mounts go, and what it made writable is read-only again.
void releaseOwner(Context& context, Owner owner);
// Devices that were made writable and not mounted in time are read-only again.
void expireGrants(Context& context);
// The root folder, with nobody but root able to put anything into it or its parents. False with a message in `why`.
bool prepareRoot(Context& context, char* why, std::size_t whyBytes);

}  // namespace evidock
