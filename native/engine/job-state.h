// What the JavaScript side and a job's threads share while it runs: progress one way, cancelling the other way.
// Plain atomics that are polled, so that neither side ever waits for the other.
#pragma once

#include <atomic>
#include <cstdint>

namespace evidock {

enum class Phase : int { copying = 0, readingBack = 1 };

struct JobState {
  std::atomic<bool> cancelled{false};
  std::atomic<Phase> phase{Phase::copying};
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint64_t> totalBytes{0};

  void enter(Phase next) {
    bytes.store(0);
    phase.store(next);
  }
};

}  // namespace evidock
