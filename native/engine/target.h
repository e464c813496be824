// The copy on its way to the disk: created exclusively, preallocated, written past the page cache, made read-only and
// synced. Until `keep` is called the file is removed when the object goes, so no failure leaves a half copy behind.
#pragma once

#include <cstdint>
#include <string>

#include "file.h"
#include "pipeline.h"

namespace evidock {

// What keeps the page cache clean: O_DIRECT, dropping written pages, or nothing (a file system in memory).
enum class Writing { direct, dropping, plain };

class Target {
 public:
  // Throws EEXIST when the path is taken; that file is left alone.
  Target(const std::string& path, Writing writing);
  ~Target();
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;

  // Reserves the space, so that a full disk shows before the reading. Throws ENOSPC, EFBIG, ….
  void preallocate(std::uint64_t bytes);
  // All-zero chunks are left as holes; for a sparse source, instead of `preallocate`.
  void keepHoles() { keepsHoles_ = true; }
  void write(const Chunk& chunk);
  // Appends bytes of any length, buffered; for the small files beside a copy.
  void append(const std::byte* data, std::size_t bytes);
  // Cuts to the size, sets mode 0444, syncs. Throws SYNC_FAILED.
  void finish(std::uint64_t bytes);
  void close() { file_.close(); }
  void keep() { kept_ = true; }

  const File& file() const { return file_; }

 private:
  void dropBehind(std::uint64_t written);

  File file_;
  Writing writing_;
  bool keepsHoles_ = false;
  bool kept_ = false;
  std::uint64_t appended_ = 0;
  std::uint64_t started_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace evidock
