// evidock-dock-helper: the only program of Evidock that runs as root, for the few things of the dock that need it. It
// runs no other program, reads no environment and does nothing but the verbs in verbs.cc, for one uid, on devices in
// calibrated USB sockets. How it is started and what it promises: config/system/README.md.
#include <fcntl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "confine.h"
#include "context.h"
#include "device.h"
#include "interfaces.h"
#include "log.h"
#include "mounts.h"
#include "server.h"
#include "signature.h"

namespace evidock {

namespace {

constexpr int kExitUsage = 2;
constexpr int kExitNotReady = 3;
constexpr std::size_t kSocketsFileBytesMax = 64 * 1024;

constexpr const char* kUsage =
    "Usage: evidock-dock-helper (--fd3 | --listen PATH) --root FOLDER --uid N --gid N --sockets FILE [--lab]\n"
    "  --fd3            talk over descriptor 3: a connection, or a listening socket (systemd)\n"
    "  --listen PATH    make a socket there and listen\n"
    "  --root FOLDER    where cards are mounted; root's, and so are its parents\n"
    "  --uid N --gid N  who may talk, and whose FAT and exFAT files are\n"
    "  --sockets FILE   the dock's sockets, one `controller/usb2/1.2` a line; read again on SIGHUP\n"
    "  --lab            a laboratory: FILE need not be root's, and allowed is\n"
    "  --any-usb-socket every USB socket is the dock's, instead of --sockets\n"
    "Or, without any privilege:\n"
    "  --identify-file PATH        the file system in a card's image\n"
    "  --explain PATH --sockets F  where in the dock a path of /sys/devices lies\n"
    "Exit codes: 0 ended or found, 1 failed or not found, 2 usage, 3 not ready (not root, folder or file not right).\n";

struct Arguments {
  bool fd3 = false;
  bool lab = false;
  bool anySocket = false;
  const char* listen = nullptr;
  const char* root = nullptr;
  const char* sockets = nullptr;
  const char* identify = nullptr;
  const char* explain = nullptr;
  long uid = -1;
  long gid = -1;
};

// Where SIGHUP finds it.
const char* socketsFile = nullptr;
bool isLab = false;

bool takeArguments(int count, char** words, Arguments& arguments) {
  const struct {
    const char* name;
    const char** text;
    bool* flag;
    long* number;
  } options[] = {
      {"--fd3", nullptr, &arguments.fd3, nullptr},
      {"--lab", nullptr, &arguments.lab, nullptr},
      {"--any-usb-socket", nullptr, &arguments.anySocket, nullptr},
      {"--listen", &arguments.listen, nullptr, nullptr},
      {"--root", &arguments.root, nullptr, nullptr},
      {"--sockets", &arguments.sockets, nullptr, nullptr},
      {"--identify-file", &arguments.identify, nullptr, nullptr},
      {"--explain", &arguments.explain, nullptr, nullptr},
      {"--uid", nullptr, nullptr, &arguments.uid},
      {"--gid", nullptr, nullptr, &arguments.gid},
  };
  for (int at = 1; at < count; at += 1) {
    bool known = false;
    for (const auto& option : options) {
      if (strcmp(words[at], option.name) != 0) continue;
      known = true;
      if (option.flag != nullptr) {
        *option.flag = true;
        break;
      }
      at += 1;
      if (at == count) return false;
      if (option.text != nullptr) *option.text = words[at];
      if (option.number != nullptr && !readNumber(words[at], 0, 999'999'999, *option.number)) return false;
      break;
    }
    if (!known) return false;
  }
  return true;
}

bool isService(const Arguments& arguments) {
  return arguments.fd3 != (arguments.listen != nullptr) && arguments.root != nullptr && isPlainPath(arguments.root) &&
         arguments.uid >= 0 && arguments.gid >= 0 && arguments.anySocket != (arguments.sockets != nullptr) &&
         (arguments.lab || !arguments.anySocket) && arguments.identify == nullptr && arguments.explain == nullptr;
}

// A list that says anything unexpected is none: the one from before stays.
bool loadSockets(const char* path, bool mustBeRoots, SocketList& sockets) {
  static char text[kSocketsFileBytesMax];
  const Fd fd(open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat status;
  if (!fd.isOpen() || fstat(fd.get(), &status) != 0) {
    logLine("%s: %s", path, strerrordesc_np(errno));
    return false;
  }
  if (!S_ISREG(status.st_mode) || (mustBeRoots && (status.st_uid != 0 || (status.st_mode & 022) != 0))) {
    logLine("%s must be a file of root's, writable for root alone", path);
    return false;
  }
  const ssize_t bytes = read(fd.get(), text, sizeof text);
  std::size_t line = 0;
  if (bytes < 0 || bytes == sizeof text || !sockets.parse({text, static_cast<std::size_t>(bytes)}, line)) {
    logLine("%s: line %zu is no socket such as platform/dummy_hcd.0/usb2/1", path, line);
    return false;
  }
  return true;
}

bool readSockets(Context& context) {
  static SocketList fresh;
  if (socketsFile == nullptr || !loadSockets(socketsFile, !isLab, fresh)) return false;
  const std::lock_guard lock(context.socketsLock);
  context.sockets = fresh;
  logLine("%zu sockets of the dock", fresh.count());
  return true;
}

int identifyFile(const char* path) {
  const Fd fd(open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat status;
  Signature signature;
  if (!fd.isOpen() || !dropAll() || fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode) ||
      !readSignature(fd.get(), signature)) {
    logLine("%s cannot be read as a file", path);
    return 1;
  }
  if (signature.fileSystem == nullptr) {
    puts("none");
    return 1;
  }
  printf("%s %s ", signature.fileSystem, signature.uuid);
  for (std::size_t at = 0; at < signature.labelBytes; at += 1)
    printf("%02x", static_cast<unsigned char>(signature.label[at]));
  putchar('\n');
  return 0;
}

int explainPath(const char* path, const char* file) {
  static SocketList sockets;
  Place place;
  if (file == nullptr || !dropAll() || !loadSockets(file, false, sockets)) return kExitNotReady;
  if (!placeOf(path, place)) {
    puts("not below a USB port");
    return 1;
  }
  bool isDock = false;
  for (const int side : {2, 3}) {
    const char* const what = sockets.holds(place, side)     ? "a socket of the dock"
                             : sockets.leadsTo(place, side) ? "on the way to a socket of the dock"
                                                            : "not of the dock";
    printf("%.*s/usb%d/%.*s: %s\n", static_cast<int>(place.controller.size()), place.controller.data(), side,
           static_cast<int>(place.ports.size()), place.ports.data(), what);
    isDock = isDock || sockets.holds(place, side);
  }
  return isDock ? 0 : 1;
}

int makeListener(const char* path, gid_t gid) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(address.sun_path, path);
  unlink(path);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return -1;
  if (chown(path, 0, gid) != 0 || chmod(path, 0660) != 0 || listen(fd, 4) != 0) return -1;
  return fd;
}

int notReady(const char* what) {
  logLine("%s: %s", what, strerrordesc_np(errno));
  return kExitNotReady;
}

int runService(const Arguments& arguments) {
  static Context context;
  ServerOptions options{};
  options.uid = static_cast<uid_t>(arguments.uid);
  options.readSockets = readSockets;
  context.uid = options.uid;
  context.gid = static_cast<gid_t>(arguments.gid);
  setText(context.root, arguments.root);
  context.sockets.any = arguments.anySocket;
  socketsFile = arguments.sockets;
  isLab = arguments.lab;
  if (geteuid() != 0) {
    logLine("must run as root (see config/system/README.md)");
    return kExitNotReady;
  }
  if (socketsFile != nullptr && !readSockets(context)) return kExitNotReady;
  char why[256];
  if (!prepareRoot(context, why, sizeof why)) {
    logLine("%s", why);
    return kExitNotReady;
  }
  options.fd = arguments.fd3 ? 3 : makeListener(arguments.listen, context.gid);
  if (options.fd < 0) return notReady(arguments.listen);
  int listening = 0;
  socklen_t bytes = sizeof listening;
  if (getsockopt(options.fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &bytes) != 0) return notReady("the socket");
  options.isListening = listening != 0;

  // Before any thread, so that every thread has it so.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGHUP, SIGINT, SIGTERM}) sigaddset(&signals, number);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  options.signals = signalfd(-1, &signals, SFD_CLOEXEC);
  if (options.signals < 0) return notReady("signalfd");
  closeDock(context);
  if (!confine()) return notReady("giving up privileges");
  // Without destructors: the workers still wait for work, and that would be waited for.
  _exit(serve(context, options));
}

int run(int count, char** words) {
  Arguments arguments;
  if (!takeArguments(count, words, arguments)) {
    fputs(kUsage, stderr);
    return kExitUsage;
  }
  if (arguments.identify != nullptr) return identifyFile(arguments.identify);
  if (arguments.explain != nullptr) return explainPath(arguments.explain, arguments.sockets);
  if (!isService(arguments)) {
    fputs(kUsage, stderr);
    return kExitUsage;
  }
  leaveParent(arguments.fd3);
  return runService(arguments);
}

}  // namespace

}  // namespace evidock

int main(int count, char** words) { return evidock::run(count, words); }
