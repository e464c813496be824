// The table of verbs: how many arguments each takes and what does it. There are no others.
#pragma once

#include <string_view>

#include "context.h"

namespace evidock {

// `payload` is a frame's content. Writes one line to stderr. False when it is no request at all: the connection that
// sent it makes no sense and is ended.
bool answer(Context& context, Owner owner, std::string_view payload, Reply& reply);

// The id of a request, for its reply; `0` when there is none.
std::string_view requestId(std::string_view payload);

}  // namespace evidock
