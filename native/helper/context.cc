#include "context.h"

#include <ctime>

namespace evidock {

Turn::Turn(Context& context, std::string_view name) : context_(context) {
  const std::lock_guard lock(context.turnsLock);
  for (const NameText& turn : context.turns)
    if (name == turn.data()) return;
  for (NameText& turn : context.turns) {
    if (turn[0] != 0) continue;
    setText(turn, name);
    slot_ = &turn;
    return;
  }
}

Turn::~Turn() {
  const std::lock_guard lock(context_.turnsLock);
  if (slot_ != nullptr) (*slot_)[0] = 0;
}

bool Turn::taken(Reply& reply) const {
  return slot_ != nullptr || reply.refuse("busy", "an earlier request to this device has not ended yet");
}

long monotonicSeconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

}  // namespace evidock
