#include "pipeline.h"

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

#include "limits.h"

namespace evidock {

namespace {

struct FreeDeleter {
  void operator()(std::byte* data) const { std::free(data); }
};
using AlignedBuffer = std::unique_ptr<std::byte, FreeDeleter>;

AlignedBuffer allocateChunk() {
  void* data = std::aligned_alloc(kBlockBytes, kChunkBytes);
  if (data == nullptr) throw std::bad_alloc();
  return AlignedBuffer(static_cast<std::byte*>(data));
}

class Ring {
 public:
  Ring(std::size_t chunks, std::size_t lanes, JobState& state) : slots_(chunks), taken_(lanes, 0), state_(state) {}

  // The next free buffer; waits for the slowest lane. Empty when another thread has failed.
  std::byte* acquire() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return error_ || produced_ - slowest() < slots_.size(); });
    if (error_) return nullptr;
    Slot& slot = slots_[produced_ % slots_.size()];
    // Small files never pay for buffers that they do not reach.
    if (!slot.buffer) slot.buffer = allocateChunk();
    return slot.buffer.get();
  }

  void publish(std::size_t bytes, std::uint64_t offset) {
    const std::scoped_lock lock(mutex_);
    Slot& slot = slots_[produced_ % slots_.size()];
    slot.chunk = {slot.buffer.get(), bytes, offset};
    produced_ += 1;
    if (taken_.empty()) state_.bytes.store(offset + bytes);
    changed_.notify_all();
  }

  std::optional<Chunk> next(std::size_t lane) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return error_ || ended_ || taken_[lane] < produced_; });
    if (error_ || taken_[lane] == produced_) return std::nullopt;
    return slots_[taken_[lane] % slots_.size()].chunk;
  }

  void release(std::size_t lane) {
    const std::scoped_lock lock(mutex_);
    const std::uint64_t before = slowest();
    taken_[lane] += 1;
    if (slowest() == before) return;
    const Chunk& chunk = slots_[before % slots_.size()].chunk;
    state_.bytes.store(chunk.offset + chunk.bytes);
    changed_.notify_all();
  }

  void end() {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }

  void fail(std::exception_ptr error) {
    const std::scoped_lock lock(mutex_);
    if (!error_) error_ = error;
    changed_.notify_all();
  }

  void rethrow() {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  struct Slot {
    AlignedBuffer buffer;
    Chunk chunk{};
  };
  std::uint64_t slowest() const {
    return taken_.empty() ? produced_ : *std::min_element(taken_.begin(), taken_.end());
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Slot> slots_;
  std::vector<std::uint64_t> taken_;
  std::uint64_t produced_ = 0;
  bool ended_ = false;
  std::exception_ptr error_;
  JobState& state_;
};

void runLane(Ring& ring, std::size_t index, const Lane& lane) {
  try {
    while (const std::optional<Chunk> chunk = ring.next(index)) {
      for (const Sink& sink : lane) sink(*chunk);
      ring.release(index);
    }
  } catch (...) {
    ring.fail(std::current_exception());
  }
}

std::uint64_t readAll(const Pass& pass, Ring& ring) {
  std::uint64_t offset = 0;
  for (;;) {
    pass.check();
    std::byte* data = ring.acquire();
    if (data == nullptr) return offset;
    const std::size_t bytes = pass.read(data, kChunkBytes, offset);
    if (bytes == 0) return offset;
    std::memset(data + bytes, 0, roundUpToBlock(bytes) - bytes);
    for (const Sink& sink : pass.inlineSinks) sink({data, bytes, offset});
    ring.publish(bytes, offset);
    offset += bytes;
    if (bytes < kChunkBytes) return offset;
  }
}

}  // namespace

std::uint64_t run(const Pass& pass, JobState& state) {
  Ring ring(pass.lanes.empty() ? 1 : kRingChunks, pass.lanes.size(), state);
  std::uint64_t bytes = 0;
  {
    std::vector<std::jthread> threads;
    try {
      for (std::size_t i = 0; i < pass.lanes.size(); ++i) {
        threads.emplace_back([&ring, &pass, i] { runLane(ring, i, pass.lanes[i]); });
      }
      bytes = readAll(pass, ring);
    } catch (...) {
      ring.fail(std::current_exception());
    }
    ring.end();
  }
  ring.rethrow();
  return bytes;
}

}  // namespace evidock
