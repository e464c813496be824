// What every verb works with: the calibrated sockets, where cards are mounted and for whom, and whose turn it is on a
// device. Fixed tables with named limits; all of it may be used from several threads.
#pragma once

#include <sys/types.h>

#include <array>
#include <mutex>
#include <string_view>

#include "frame.h"
#include "names.h"

namespace evidock {

inline constexpr std::size_t kMountsMax = 64;
inline constexpr std::size_t kWorkers = 32;
// A device that was made writable and is not mounted within this time becomes read-only again.
inline constexpr long kGrantSecondsMax = 60;

using NameText = std::array<char, kInterfaceNameMax>;

// Who asked: one connection. Never used twice in the life of the program.
using Owner = unsigned;

// A device of ours that is writable, or a mount, or both in this order.
struct Card {
  bool used = false;
  Owner owner = 0;
  std::array<char, kDeviceNameMax> device{};
  // Of a writable device; kept open, so that its number cannot become another disk's, and for its late write errors.
  int fd = -1;
  long grantedAt = 0;
  // Empty while the device is only writable.
  std::array<char, kMountNameBytes + 1> mount{};
};

struct Context {
  std::array<char, 129> root;
  uid_t uid;
  gid_t gid;

  std::mutex socketsLock;
  SocketList sockets;

  std::mutex cardsLock;
  std::array<Card, kMountsMax> cards;

  std::mutex turnsLock;
  std::array<NameText, kWorkers> turns{};
};

// One request at a time on a device; a second one is refused, since the first may hang as long as the card does.
class Turn {
 public:
  Turn(Context& context, std::string_view name);
  ~Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  // False, with the refusal in the reply, when another request has it.
  bool taken(Reply& reply) const;

 private:
  Context& context_;
  NameText* slot_ = nullptr;
};

// Copies a name that was checked to fit.
template <std::size_t N>
void setText(std::array<char, N>& to, std::string_view from) {
  to.fill(0);
  from.copy(to.data(), N - 1);
}

long monotonicSeconds();

}  // namespace evidock
