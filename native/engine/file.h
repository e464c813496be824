// An open file: the descriptor (closed by scope), its path for messages and the side it belongs to. Reading and
// writing whole ranges in the face of EINTR, short results and O_DIRECT's alignment is done here and nowhere else.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "failure.h"

namespace evidock {

class File {
 public:
  File() = default;
  File(int fd, std::string path, Side side) : fd_(fd), path_(std::move(path)), side_(side) {}
  ~File();
  File(File&& other) noexcept;
  File& operator=(File&& other) noexcept;
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // Throws Failure of `open`. O_CLOEXEC is always added.
  static File open(const std::string& path, int flags, unsigned mode, Side side);

  int fd() const { return fd_; }
  bool isOpen() const { return fd_ >= 0; }
  const std::string& path() const { return path_; }
  Side side() const { return side_; }

  struct stat status() const;
  // False when the file system does not know O_DIRECT.
  bool setDirect(bool direct);
  // Reads until `bytes` are there or the file ends; returns what was read. Buffer and offset aligned if direct.
  std::size_t readAt(std::byte* data, std::size_t bytes, std::uint64_t offset) const;
  // Writes all of it. Throws Failure, also EINVAL where O_DIRECT opened but does not work.
  void writeAt(const std::byte* data, std::size_t bytes, std::uint64_t offset) const;
  // fsync, so that mode and size are durable too. Throws SYNC_FAILED (or ENOSPC); must never be tried again.
  void sync() const;
  // Advice only: clean pages of the range leave the page cache. `bytes` 0 means to the end.
  void dropPages(std::uint64_t offset = 0, std::uint64_t bytes = 0) const;
  // How many pages of the file lie in the page cache (mincore).
  std::uint64_t residentPages() const;
  // Throws SYNC_FAILED: a network file system may report a lost write only here.
  void close();

  Failure failure(const std::string& call) const { return Failure::ofCall(call, path_, side_); }

 private:
  int fd_ = -1;
  std::string path_;
  Side side_ = Side::source;
  bool direct_ = false;
};

}  // namespace evidock
