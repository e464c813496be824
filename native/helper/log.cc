#include "log.h"

#include <poll.h>
#include <unistd.h>

#include <cstdarg>
#include <cstdio>

namespace evidock {

void logLine(const char* format, ...) {
  char line[600] = "evidock-dock-helper: ";
  constexpr int kNameBytes = 21;
  constexpr int kTextBytes = sizeof line - kNameBytes - 1;
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line + kNameBytes, kTextBytes, format, arguments);
  va_end(arguments);
  if (length < 0) return;
  if (length >= kTextBytes) length = kTextBytes - 1;
  length += kNameBytes;
  line[length] = '\n';
  // A pipe that is ready takes a line of this size whole.
  pollfd ready{STDERR_FILENO, POLLOUT, 0};
  if (poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0) return;
  [[maybe_unused]] const ssize_t put = write(STDERR_FILENO, line, static_cast<std::size_t>(length) + 1);
}

}  // namespace evidock
