#include "source.h"

#include <fcntl.h>

namespace evidock {

namespace {

std::int64_t toNs(const timespec& time) { return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec; }

[[noreturn]] void notRegular(const std::string& path, const std::string& call, int number) {
  throw Failure("SOURCE_NOT_REGULAR", number, call, path, Side::source, "not a regular file below plain folders");
}

File openFolder(const File& parent, const std::string& name, const std::string& path) {
  int fd;
  do fd = openat(parent.fd(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  while (fd < 0 && errno == EINTR);
  // A symbolic link in the place of a folder is ENOTDIR with these flags (ELOOP on some file systems).
  if (fd < 0 && (errno == ENOTDIR || errno == ELOOP)) notRegular(path, "open", errno);
  if (fd < 0) throw Failure::ofCall("open", path, Side::source);
  return File(fd, path, Side::source);
}

File openRegular(const File& parent, const std::string& name, const std::string& path) {
  // Looked at before it is opened: opening a device or a FIFO can already do something.
  struct stat status;
  if (fstatat(parent.fd(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
    throw Failure::ofCall("fstatat", path, Side::source);
  }
  if (!S_ISREG(status.st_mode)) notRegular(path, "fstatat", 0);
  int fd;
  do fd = openat(parent.fd(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  while (fd < 0 && errno == EINTR);
  if (fd < 0 && (errno == ELOOP || errno == ENXIO)) notRegular(path, "open", errno);
  if (fd < 0) throw Failure::ofCall("open", path, Side::source);
  return File(fd, path, Side::source);
}

}  // namespace

Source::Source(const std::string& root, const std::string& path, const std::optional<Expected>& expected) {
  const std::string whole = root + "/" + path;
  parent_ = File::open(root, O_RDONLY | O_DIRECTORY, 0, Side::source);
  std::size_t from = 0;
  for (std::size_t slash; (slash = path.find('/', from)) != std::string::npos; from = slash + 1) {
    const std::string component = path.substr(from, slash - from);
    if (component.empty() || component == "." || component == "..") {
      throw Failure::ofCall("open", whole, Side::source, EINVAL);
    }
    parent_ = openFolder(parent_, component, whole);
  }
  name_ = path.substr(from);
  if (name_.empty() || name_ == "." || name_ == ".." || path.find('\0') != std::string::npos) {
    throw Failure::ofCall("open", whole, Side::source, EINVAL);
  }
  file_ = openRegular(parent_, name_, whole);
  status_ = file_.status();
  if (!S_ISREG(status_.st_mode)) notRegular(whole, "fstat", 0);
  if (expected && expected->bytes != bytes()) changed("its size is not the listed one", "fstat");
  if (expected && expected->mtimeNs != mtimeNs()) changed("its time is not the listed one", "fstat");
  posix_fadvise(file_.fd(), 0, 0, POSIX_FADV_SEQUENTIAL);
}

std::int64_t Source::mtimeNs() const { return toNs(status_.st_mtim); }

void Source::assertStill() const {
  const struct stat now = file_.status();
  if (now.st_size != status_.st_size) changed("its size changed while it was read", "fstat");
  if (toNs(now.st_mtim) != mtimeNs()) changed("it was written to while it was read", "fstat");
  if (now.st_nlink == 0 && status_.st_nlink > 0) changed("it was removed while it was read", "fstat");
}

void Source::assertUnchanged(std::uint64_t bytesRead) const {
  assertStill();
  if (bytesRead != bytes()) changed("it gave fewer bytes than its size", "read");
  struct stat named;
  if (fstatat(parent_.fd(), name_.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) changed("it was removed while it was read", "fstatat");
    throw file_.failure("fstatat");
  }
  if (named.st_dev != status_.st_dev || named.st_ino != status_.st_ino) {
    changed("it was replaced while it was read", "fstatat");
  }
}

void Source::changed(const std::string& why, const std::string& call) const {
  throw Failure("SOURCE_CHANGED", 0, call, file_.path(), Side::source, why);
}

}  // namespace evidock
