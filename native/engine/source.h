// A recorder's file, opened so that a hostile card cannot lead the engine elsewhere: each component below the root
// is opened without following symbolic links, and nothing but a regular file is ever opened. It also says whether
// the file stayed the same while it was read. Everything on a card is hostile: name, type, size and time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "file.h"

namespace evidock {

struct Expected {
  std::uint64_t bytes;
  std::int64_t mtimeNs;
};

class Source {
 public:
  // Throws SOURCE_NOT_REGULAR, SOURCE_CHANGED (against `expected`) or the kernel's code.
  Source(const std::string& root, const std::string& path, const std::optional<Expected>& expected);

  const File& file() const { return file_; }
  File& file() { return file_; }
  std::uint64_t bytes() const { return static_cast<std::uint64_t>(status_.st_size); }
  std::int64_t mtimeNs() const;
  // The file has holes, or its file system stores it in less space: preallocating a copy would waste the disk.
  bool isSparse() const { return static_cast<std::uint64_t>(status_.st_blocks) * 512 < bytes(); }
  // Throws SOURCE_CHANGED when size or time are not those of the opening, or the file has been removed.
  void assertStill() const;
  // At the end of the reading: also when not `bytesRead` bytes long, or another file lies behind the name.
  void assertUnchanged(std::uint64_t bytesRead) const;
  [[noreturn]] void changed(const std::string& why, const std::string& call) const;

 private:
  File parent_;
  std::string name_;
  File file_;
  struct stat status_ {};
};

}  // namespace evidock
