// What goes wrong in the engine, as one exception type that the addon turns into a JavaScript Error with
// `code, errno, syscall, path, side` (src/domain/copy-engine.ts). It knows no file and no JavaScript.
#pragma once

#include <cerrno>
#include <cstring>
#include <exception>
#include <string>
#include <utility>

namespace evidock {

enum class Side { source, target };

class Failure : public std::exception {
 public:
  // `number` is 0 where no call failed.
  Failure(std::string code, int number, std::string call, std::string path, Side side, const std::string& why)
      : code(std::move(code)), number(number), call(std::move(call)), path(std::move(path)), side(side) {
    text_ = this->code + ": " + why + ", " + this->call + " '" + this->path + "'";
  }

  // A system call that failed: the code is errno's name, as in Node's own errors.
  static Failure ofCall(const std::string& call, const std::string& path, Side side, int number = errno) {
    const char* name = strerrorname_np(number);
    return Failure(name != nullptr ? name : "UNKNOWN", number, call, path, side, strerror(number));
  }

  // A failed sync. A full disk keeps its own code, because that is what the caller can do something about.
  static Failure ofSync(const std::string& call, const std::string& path, int number = errno) {
    if (number == ENOSPC) return ofCall(call, path, Side::target, number);
    return Failure("SYNC_FAILED", number, call, path, Side::target, strerror(number));
  }

  static Failure cancelled(const std::string& path, Side side) {
    return Failure("CANCELLED", 0, "", path, side, "cancelled");
  }

  const char* what() const noexcept override { return text_.c_str(); }

  std::string code;
  int number;
  std::string call;
  std::string path;
  Side side;

 private:
  std::string text_;
};

}  // namespace evidock
