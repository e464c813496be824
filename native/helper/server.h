// Connections and the threads that answer them. One thread reads frames from at most a few connections; a fixed number
// of workers answer, because one card that hangs must not keep the other slots waiting. When a connection ends, what it
// mounted goes too, so that a daemon that crashed leaves nothing mounted.
#pragma once

#include "context.h"

namespace evidock {

struct ServerOptions {
  // A connection, or a listening socket.
  int fd;
  bool isListening;
  // Who may talk; root may as well.
  uid_t uid;
  // SIGHUP, SIGTERM and SIGINT arrive here.
  int signals;
  bool (*readSockets)(Context& context);
};

// Ends with the only connection, or by SIGTERM; nothing that a connection mounted stays then. Returns the exit code.
int serve(Context& context, const ServerOptions& options);

}  // namespace evidock
