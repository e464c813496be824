#include "server.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "interfaces.h"
#include "log.h"
#include "mounts.h"
#include "verbs.h"

namespace evidock {

namespace {

constexpr std::size_t kConnectionsMax = 4;
constexpr std::size_t kJobsMax = 48;
// Two replies of 64 KiB and a read of 60 KiB lie on it.
constexpr std::size_t kWorkerStackBytes = 512 * 1024;
// A frame that began must be whole by then, and a reply must be taken.
constexpr long kFrameSecondsMax = 10;
constexpr long kReplySecondsMax = 5;
// After SIGTERM: how long cards may take to let go.
constexpr long kGoodbyeSecondsMax = 30;

struct Connection {
  int fd = -1;
  Owner owner = 0;
  // Nothing more is read; its slot is free again when nothing is pending.
  bool ending = false;
  bool releasing = false;
  int pending = 0;
  std::size_t used = 0;
  long frameSince = 0;
  char bytes[kLengthBytes + kRequestBytesMax];
  std::mutex writing;
};

struct Job {
  Connection* connection;
  bool isRelease;
  std::size_t bytes;
  char payload[kRequestBytesMax];
};

class Server {
 public:
  Server(Context& context, const ServerOptions& options) : context_(context), options_(options) {}

  int run();

 private:
  static void* work(void* server);
  void workOn(const Job& job);
  bool startWorkers();
  void acceptOne();
  void admit(int fd);
  void takeSignal();
  void readFrom(Connection& connection);
  bool takeFrame(Connection& connection);
  void push(Connection& connection, std::string_view payload, bool isRelease);
  void endConnections();
  void endLate();
  bool isFull();
  bool hasConnections();
  void end(Connection& connection, const char* why);
  void send(Connection& connection, Reply& reply);

  Context& context_;
  const ServerOptions& options_;
  int wake_ = -1;
  Owner nextOwner_ = 1;
  bool stopping_ = false;
  long stoppingSince_ = 0;
  Connection connections_[kConnectionsMax];

  std::mutex lock_;
  std::condition_variable some_;
  Job jobs_[kJobsMax];
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

int Server::run() {
  wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_ < 0 || !startWorkers()) {
    perror("evidock-dock-helper: start");
    return 1;
  }
  if (!options_.isListening) admit(options_.fd);
  for (;;) {
    endConnections();
    if ((stopping_ || !options_.isListening) && !hasConnections()) return 0;
    if (stopping_ && monotonicSeconds() - stoppingSince_ > kGoodbyeSecondsMax) return 1;
    pollfd wanted[3 + kConnectionsMax];
    wanted[0] = {options_.signals, POLLIN, 0};
    wanted[1] = {wake_, POLLIN, 0};
    wanted[2] = {options_.isListening && !stopping_ ? options_.fd : -1, POLLIN, 0};
    const bool full = isFull();
    // A queue that is full is not read into: the flood waits in its own socket.
    for (std::size_t at = 0; at < kConnectionsMax; at += 1) {
      const Connection& connection = connections_[at];
      wanted[3 + at] = {connection.fd >= 0 && !connection.ending && !full ? connection.fd : -1, POLLIN, 0};
    }
    if (poll(wanted, 3 + kConnectionsMax, 1000) < 0 && errno != EINTR) return 1;
    if (wanted[0].revents != 0) takeSignal();
    char drained[8];
    if (wanted[1].revents != 0) [[maybe_unused]] const ssize_t got = read(wake_, drained, sizeof drained);
    if (wanted[2].revents != 0) acceptOne();
    for (std::size_t at = 0; at < kConnectionsMax; at += 1)
      if (wanted[3 + at].revents != 0) readFrom(connections_[at]);
    endLate();
    expireGrants(context_);
  }
}

bool Server::startWorkers() {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kWorkerStackBytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  bool done = true;
  for (std::size_t at = 0; done && at < kWorkers; at += 1) {
    pthread_t thread;
    done = pthread_create(&thread, &attributes, &Server::work, this) == 0;
  }
  pthread_attr_destroy(&attributes);
  return done;
}

void* Server::work(void* server) {
  Server& self = *static_cast<Server*>(server);
  for (;;) {
    Job job;
    {
      std::unique_lock lock(self.lock_);
      self.some_.wait(lock, [&] { return self.count_ > 0; });
      job = self.jobs_[self.first_];
      self.first_ = (self.first_ + 1) % kJobsMax;
      self.count_ -= 1;
    }
    self.workOn(job);
    {
      const std::lock_guard lock(self.lock_);
      job.connection->pending -= 1;
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t put = write(self.wake_, &one, sizeof one);
  }
  return nullptr;
}

void Server::workOn(const Job& job) {
  Connection& connection = *job.connection;
  if (job.isRelease) return releaseOwner(context_, connection.owner);
  const std::string_view payload(job.payload, job.bytes);
  Reply reply(requestId(payload));
  const bool sensible = answer(context_, connection.owner, payload, reply);
  send(connection, reply);
  if (!sensible) shutdown(connection.fd, SHUT_RDWR);
}

void Server::send(Connection& connection, Reply& reply) {
  const std::lock_guard lock(connection.writing);
  std::string_view frame = reply.frame();
  while (!frame.empty()) {
    const ssize_t put = ::send(connection.fd, frame.data(), frame.size(), MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) {
      // Whoever does not take replies in time gets no more of them.
      shutdown(connection.fd, SHUT_RDWR);
      return;
    }
    frame.remove_prefix(static_cast<std::size_t>(put));
  }
}

void Server::acceptOne() {
  const int fd = accept4(options_.fd, nullptr, nullptr, SOCK_CLOEXEC);
  if (fd >= 0) admit(fd);
}

void Server::admit(int fd) {
  ucred peer{};
  socklen_t bytes = sizeof peer;
  Connection* free = nullptr;
  for (Connection& connection : connections_)
    if (connection.fd < 0) free = &connection;
  Reply reply("0");
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) != 0 || (peer.uid != options_.uid && peer.uid != 0)) {
    logLine("uid %u may not talk to this helper", peer.uid);
    reply.refuse("peer-refused", "only uid %u may talk to this helper", options_.uid);
  } else if (free == nullptr) {
    reply.refuse("limit", "%zu connections are open already", kConnectionsMax);
  } else {
    const timeval limit{kReplySecondsMax, 0};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    free->fd = fd;
    free->owner = nextOwner_++;
    free->ending = false;
    free->releasing = false;
    free->used = 0;
    logLine("connection %u of uid %u, pid %d", free->owner, peer.uid, peer.pid);
    return;
  }
  const std::string_view frame = reply.frame();
  ::send(fd, frame.data(), frame.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  close(fd);
}

void Server::takeSignal() {
  signalfd_siginfo info;
  if (read(options_.signals, &info, sizeof info) != sizeof info) return;
  if (info.ssi_signo == SIGHUP) {
    if (options_.readSockets(context_)) closeDock(context_);
    return;
  }
  // Ctrl-C goes to the whole group: a daemon ends its helper by closing the connection, after its own farewell.
  if (info.ssi_signo == SIGINT && !options_.isListening) return;
  stopping_ = true;
  stoppingSince_ = monotonicSeconds();
  for (Connection& connection : connections_)
    if (connection.fd >= 0) end(connection, "stopped");
}

void Server::readFrom(Connection& connection) {
  const ssize_t got = recv(connection.fd, connection.bytes + connection.used, sizeof connection.bytes - connection.used,
                           MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) return end(connection, "closed");
  if (connection.used == 0) connection.frameSince = monotonicSeconds();
  connection.used += static_cast<std::size_t>(got);
  while (!connection.ending && takeFrame(connection)) {
  }
}

// Takes one whole frame out of the buffer. False when there is none yet, or no room to put it.
bool Server::takeFrame(Connection& connection) {
  if (connection.used < kLengthBytes || isFull()) return false;
  char head[kLengthBytes];
  memcpy(head, connection.bytes, kLengthBytes);
  const std::size_t length = requestBytes(head);
  if (length == 0) {
    end(connection, "sent a frame of a wrong size");
    return false;
  }
  if (connection.used < kLengthBytes + length) return false;
  push(connection, {connection.bytes + kLengthBytes, length}, false);
  connection.used -= kLengthBytes + length;
  memmove(connection.bytes, connection.bytes + kLengthBytes + length, connection.used);
  connection.frameSince = monotonicSeconds();
  return true;
}

void Server::push(Connection& connection, std::string_view payload, bool isRelease) {
  const std::lock_guard lock(lock_);
  Job& job = jobs_[(first_ + count_) % kJobsMax];
  job.connection = &connection;
  job.isRelease = isRelease;
  job.bytes = payload.size();
  payload.copy(job.payload, payload.size());
  count_ += 1;
  connection.pending += 1;
  some_.notify_one();
}

bool Server::isFull() {
  const std::lock_guard lock(lock_);
  // One place for each connection's farewell is kept.
  return count_ + kConnectionsMax >= kJobsMax;
}

bool Server::hasConnections() {
  for (const Connection& connection : connections_)
    if (connection.fd >= 0) return true;
  return false;
}

void Server::end(Connection& connection, const char* why) {
  if (connection.ending) return;
  logLine("connection %u %s", connection.owner, why);
  connection.ending = true;
  shutdown(connection.fd, SHUT_RDWR);
}

// A connection that ended goes in two steps: its last requests end, then what it left is released.
void Server::endConnections() {
  for (Connection& connection : connections_) {
    if (connection.fd < 0 || !connection.ending) continue;
    {
      const std::lock_guard lock(lock_);
      if (connection.pending > 0) continue;
    }
    if (connection.releasing) {
      close(connection.fd);
      connection.fd = -1;
    } else {
      connection.releasing = true;
      push(connection, {}, true);
    }
  }
}

void Server::endLate() {
  for (Connection& connection : connections_) {
    if (connection.fd < 0 || connection.ending || connection.used == 0) continue;
    // What was left over while the queue was full.
    while (!connection.ending && takeFrame(connection)) {
    }
    if (connection.used > 0 && !isFull() && monotonicSeconds() - connection.frameSince > kFrameSecondsMax)
      end(connection, "did not finish its frame in time");
  }
}

}  // namespace

int serve(Context& context, const ServerOptions& options) {
  // Far too large for a stack, and there is only one.
  static Server server(context, options);
  return server.run();
}

}  // namespace evidock
