#include "file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "limits.h"

namespace evidock {

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

File::File(File&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)), side_(other.side_), direct_(other.direct_) {}

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  std::swap(side_, other.side_);
  std::swap(direct_, other.direct_);
  return *this;
}

File File::open(const std::string& path, int flags, unsigned mode, Side side) {
  int fd;
  do fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) throw Failure::ofCall("open", path, side);
  return File(fd, path, side);
}

struct stat File::status() const {
  struct stat status;
  if (fstat(fd_, &status) != 0) throw failure("fstat");
  return status;
}

bool File::setDirect(bool direct) {
  const int flags = fcntl(fd_, F_GETFL);
  if (flags < 0) throw failure("fcntl");
  if (fcntl(fd_, F_SETFL, direct ? flags | O_DIRECT : flags & ~O_DIRECT) != 0) return false;
  direct_ = direct;
  return true;
}

std::size_t File::readAt(std::byte* data, std::size_t bytes, std::uint64_t offset) const {
  std::size_t done = 0;
  std::size_t seen = 0;
  while (done < bytes) {
    const ssize_t got = pread(fd_, data + done, bytes - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw failure("read");
    const std::size_t end = done + static_cast<std::size_t>(got);
    // The second read that does not get further than the one before it has met the end of the file.
    if (end <= seen) return seen;
    seen = end;
    // A direct read must start at a block again, so a block that came in part is read once more.
    done = end == bytes || !direct_ ? end : end / kBlockBytes * kBlockBytes;
  }
  return done;
}

void File::writeAt(const std::byte* data, std::size_t bytes, std::uint64_t offset) const {
  std::size_t done = 0;
  int stalled = 0;
  while (done < bytes) {
    const ssize_t put = pwrite(fd_, data + done, bytes - done, static_cast<off_t>(offset + done));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw failure("write");
    const std::size_t end = done + static_cast<std::size_t>(put);
    const std::size_t next = end == bytes || !direct_ ? end : end / kBlockBytes * kBlockBytes;
    // A block that is written in part again and again will not be written at all.
    stalled = next > done ? 0 : stalled + 1;
    if (stalled > 1) throw Failure::ofCall("write", path_, side_, EIO);
    done = next;
  }
}

void File::sync() const {
  if (fsync(fd_) != 0) throw Failure::ofSync("fsync", path_);
}

void File::dropPages(std::uint64_t offset, std::uint64_t bytes) const {
  posix_fadvise(fd_, static_cast<off_t>(offset), static_cast<off_t>(bytes), POSIX_FADV_DONTNEED);
}

std::uint64_t File::residentPages() const {
  const std::uint64_t size = static_cast<std::uint64_t>(status().st_size);
  const std::uint64_t pageBytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  // Looked at in windows: one mapping of a whole file would ask for a vector as large as the file has pages.
  const std::uint64_t windowBytes = 1024 * pageBytes * 1024;
  std::vector<unsigned char> pages;
  std::uint64_t resident = 0;
  for (std::uint64_t offset = 0; offset < size; offset += windowBytes) {
    const std::uint64_t bytes = std::min(windowBytes, size - offset);
    void* map = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, fd_, static_cast<off_t>(offset));
    if (map == MAP_FAILED) throw failure("mmap");
    pages.resize((bytes + pageBytes - 1) / pageBytes);
    const int result = mincore(map, bytes, pages.data());
    const int number = errno;
    munmap(map, bytes);
    if (result != 0) throw Failure::ofCall("mincore", path_, side_, number);
    for (const unsigned char page : pages) resident += page & 1;
  }
  return resident;
}

void File::close() {
  const int fd = std::exchange(fd_, -1);
  // The descriptor is gone whatever close says; EINTR is no failure on Linux.
  if (fd >= 0 && ::close(fd) != 0 && errno != EINTR) throw Failure::ofSync("close", path_);
}

}  // namespace evidock
