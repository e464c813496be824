#include "mounts.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <limits>

#include "device.h"
#include "log.h"
#include "mount-table.h"
#include "signature.h"

#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256
#endif

namespace evidock {

namespace {

constexpr long kOffsetMinutesMax = 24 * 60;
// Of a device that is being made writable: does not expire.
constexpr long kNotYet = std::numeric_limits<long>::max() / 2;
constexpr int kUnmountTries = 10;
constexpr long kUnmountPauseNs = 50'000'000;
constexpr long kExfatMagic = 0x2011BAB0;

using Path = std::array<char, 160>;

Path pathOf(const Context& context, const char* mountName) {
  Path path;
  snprintf(path.data(), path.size(), "%s/%s", context.root.data(), mountName);
  return path;
}

// The name of a mount of ours in a path; empty when it is not one.
std::string_view mountNameIn(const Context& context, std::string_view path) {
  const std::string_view root = context.root.data();
  if (!path.starts_with(root) || path.size() <= root.size() || path[root.size()] != '/') return {};
  const std::string_view name = path.substr(root.size() + 1);
  return isMountName(name) ? name : std::string_view();
}

// Options of each type. FAT and exFAT have no owners: everything is the daemon's. `iocharset=utf8` beside `utf8` makes
// vfat tell names apart that differ in case, so that each of two such clips opens its own file; short names are read in
// one code page whatever the kernel was built with, since paths are what a clip is known by. `errors=` overrides
// what an ext4 card asks for, which could be a panic. The time offset is what the daemon chose and recorded.
bool optionsFor(const Context& context, std::string_view type, long minutes, bool writable,
                std::array<char, 192>& options) {
  const char* const masks = writable ? "fmask=0177,dmask=0077" : "fmask=0377,dmask=0277";
  if (type == "vfat") {
    snprintf(options.data(), options.size(), "utf8,iocharset=utf8,codepage=437,uid=%u,gid=%u,%s,time_offset=%ld", context.uid,
             context.gid, masks, minutes);
  } else if (type == "exfat") {
    snprintf(options.data(), options.size(), "iocharset=utf8,keep_last_dots,uid=%u,gid=%u,%s,time_offset=%ld",
             context.uid, context.gid, masks, minutes);
  } else if (type == "ext4") {
    snprintf(options.data(), options.size(), "%serrors=remount-ro", writable ? "" : "noload,");
  } else {
    return false;
  }
  return true;
}

long magicOf(std::string_view type) {
  if (type == "vfat") return MSDOS_SUPER_MAGIC;
  return type == "exfat" ? kExfatMagic : EXT4_SUPER_MAGIC;
}

Card* findCard(Context& context, std::string_view device, bool mounted) {
  for (Card& card : context.cards)
    if (card.used && device == card.device.data() && (card.mount[0] != 0) == mounted) return &card;
  return nullptr;
}

// `sda1` lies on `sda`, and `sda` is it; `sdaa` is another disk.
bool isOnDisk(const Card& card, std::string_view disk) {
  std::string_view device = card.device.data();
  if (!card.used || !device.starts_with(disk)) return false;
  return device.find_first_not_of("0123456789", disk.size()) == std::string_view::npos;
}

Card* findCardByMount(Context& context, std::string_view mount) {
  for (Card& card : context.cards)
    if (card.used && mount == card.mount.data()) return &card;
  return nullptr;
}

Card* takeFreeCard(Context& context, Owner owner, std::string_view device) {
  for (Card& card : context.cards) {
    if (card.used) continue;
    card = Card{};
    card.used = true;
    card.owner = owner;
    setText(card.device, device);
    return &card;
  }
  return nullptr;
}

// Ends what the table knows of a card. What was writable is locked again, and its late write errors are told.
int endCard(Context& context, Card card, Reply& reply) {
  if (card.fd < 0) return 0;
  const int synced = card.mount[0] == 0 || fsync(card.fd) == 0 ? 0 : errno;
  close(card.fd);
  Device device;
  if (findBlock(context, card.device.data(), device, reply)) lockDisk(device, reply);
  return synced;
}

bool isMounted(dev_t number, std::array<char, 160>& where, Reply& reply) {
  bool found = false;
  const bool done = eachMount([&](const MountLine& line) {
    if (line.number != number) return true;
    setText(where, line.path);
    found = true;
    return false;
  });
  if (!done) reply.fail("mounts-unreadable", errno, "/proc/self/mountinfo");
  return found || !done;
}

// An empty `where` means that the trouble stands in the reply already.
bool refuseMounted(const Device& device, const std::array<char, 160>& where, Reply& reply) {
  if (where[0] != 0) reply.refuse("already-mounted", "%s is mounted on %s", device.name.data(), where.data());
  return false;
}

bool drawName(std::array<char, kMountNameBytes + 1>& name) {
  unsigned char bytes[8];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) return false;
  int used = snprintf(name.data(), name.size(), "card-");
  for (const unsigned char byte : bytes)
    used += snprintf(name.data() + used, name.size() - static_cast<std::size_t>(used), "%02x", byte);
  return true;
}

// A folder that nobody may list: when the card is gone, an empty folder must not look like an empty card.
bool makeFolder(const Path& path, Reply& reply) {
  return mkdir(path.data(), 0) == 0 || reply.fail("mount-failed", errno, "mkdir %s", path.data());
}

// Plain, for half a second; then lazily, which also works for a device that is gone. Null when nothing was mounted.
const char* detach(const Path& path, int& number) {
  number = 0;
  for (int attempt = 0; attempt < kUnmountTries; attempt += 1) {
    if (umount2(path.data(), UMOUNT_NOFOLLOW) == 0) return "plain";
    if (errno == EINVAL || errno == ENOENT) return nullptr;
    if (errno != EBUSY) break;
    const timespec pause{0, kUnmountPauseNs};
    nanosleep(&pause, nullptr);
  }
  if (umount2(path.data(), UMOUNT_NOFOLLOW | MNT_DETACH) == 0) return "lazy";
  number = errno;
  return nullptr;
}

// That what is mounted there is this device, of this type, with these flags.
bool isAsAsked(const Path& path, const Device& device, std::string_view type, bool writable) {
  struct stat status;
  struct statfs info;
  if (stat(path.data(), &status) != 0 || statfs(path.data(), &info) != 0) return false;
  const unsigned long wanted = ST_NOSUID | ST_NODEV | ST_NOEXEC | (writable ? 0 : ST_RDONLY);
  const auto flags = static_cast<unsigned long>(info.f_flags);
  return status.st_dev == device.number && info.f_type == magicOf(type) && (flags & wanted) == wanted;
}

struct Wish {
  std::string_view type;
  std::array<char, 192> options;
  bool writable;
};

bool mountAt(const Path& path, const Device& device, const Wish& wish, Reply& reply) {
  char source[64];
  char type[8] = "";
  snprintf(source, sizeof source, "/dev/%s", device.name.data());
  wish.type.copy(type, sizeof type - 1);
  const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME | MS_NOSYMFOLLOW |
                              (wish.writable ? MS_DIRSYNC : MS_RDONLY);
  if (!makeFolder(path, reply)) return false;
  if (mount(source, path.data(), type, flags, wish.options.data()) != 0) {
    const int number = errno;
    rmdir(path.data());
    const bool missing = number == ENODEV;
    return reply.fail(missing ? "file-system-missing" : "mount-failed", number, "mount %s as %s", source, type);
  }
  if (isAsAsked(path, device, wish.type, wish.writable)) return true;
  int number = 0;
  detach(path, number);
  rmdir(path.data());
  return reply.fail("device-changed", 0, "what was mounted was not %s as asked", source);
}

// Whether the lock of the device is as the mount needs it.
bool lockFits(int fd, const Device& device, bool writable, Reply& reply) {
  bool locked = false;
  if (!readLock(fd, locked, device.name.data(), reply)) return false;
  if (locked != writable) return true;
  return reply.refuse(writable ? "not-writable" : "not-read-only", "%s is %s in the kernel", device.name.data(),
                      writable ? "read-only" : "not read-only");
}

// The card that a mount will stand in: for a writable one that of set-writable, which is used up by it.
Card* cardFor(Context& context, const Device& device, bool writable, Owner owner, Reply& reply) {
  const std::string_view name = device.name.data();
  Card* const granted = findCard(context, name, false);
  if (!writable) {
    Card* const card = takeFreeCard(context, owner, name);
    if (card == nullptr) reply.refuse("limit", "%zu cards are mounted already", kMountsMax);
    return card;
  }
  struct stat status;
  if (granted == nullptr || granted->owner != owner || granted->fd < 0 || fstat(granted->fd, &status) != 0 ||
      status.st_rdev != device.number || monotonicSeconds() - granted->grantedAt > kGrantSecondsMax) {
    reply.refuse("not-granted", "%s was not made writable by this connection just before", device.name.data());
    return nullptr;
  }
  return granted;
}

}  // namespace

bool setReadOnly(Context& context, const Fields& request, Reply& reply) {
  Device device;
  if (!findBlock(context, request.at[2], device, reply)) return false;
  const Turn turn(context, device.disk.data());
  if (!turn.taken(reply)) return false;
  // Closed without the lock, as closing may wait for a card that hangs.
  Fd granted;
  {
    const std::lock_guard lock(context.cardsLock);
    for (const Card& card : context.cards)
      if (isOnDisk(card, device.disk.data()) && card.fd >= 0 && card.mount[0] != 0)
        return reply.refuse("mounted-writable", "%s is mounted writable: unmount it first", card.device.data());
    for (Card& card : context.cards) {
      if (!isOnDisk(card, device.disk.data()) || card.mount[0] != 0) continue;
      granted = Fd(card.fd);
      card = Card{};
    }
  }
  return lockDisk(device, reply) && reply.ok();
}

bool setWritable(Context& context, const Fields& request, Owner owner, Reply& reply) {
  Device device;
  if (!findBlock(context, request.at[2], device, reply)) return false;
  const Turn turn(context, device.disk.data());
  if (!turn.taken(reply)) return false;
  std::array<char, 160> where{};
  if (isMounted(device.number, where, reply))
    return refuseMounted(device, where, reply);
  Fd fd = openDevice(device, O_RDONLY, S_IFBLK, reply);
  if (!fd.isOpen()) return false;
  Card* card = nullptr;
  {
    const std::lock_guard lock(context.cardsLock);
    // One writable partition of a disk at a time: when it is locked again, the whole disk is.
    for (const Card& other : context.cards)
      if (isOnDisk(other, device.disk.data()) && other.fd >= 0)
        return reply.refuse("busy", "%s is writable already", other.device.data());
    card = takeFreeCard(context, owner, device.name.data());
    if (card == nullptr) return reply.refuse("limit", "%zu cards are in use already", kMountsMax);
    card->grantedAt = kNotYet;
  }
  // Without the lock, as a card that hangs may keep this waiting; the turn on the disk keeps others from the entry.
  const bool done = unlockDevice(device, fd.get(), reply);
  if (!done) {
    Reply ignored("0");
    lockDisk(device, ignored);
  }
  const std::lock_guard lock(context.cardsLock);
  if (!done) {
    *card = Card{};
    return false;
  }
  card->fd = fd.release();
  card->grantedAt = monotonicSeconds();
  return reply.ok();
}

bool identify(Context& context, const Fields& request, Reply& reply) {
  Device device;
  if (!findBlock(context, request.at[2], device, reply)) return false;
  const Turn turn(context, device.disk.data());
  if (!turn.taken(reply)) return false;
  const Fd fd = openDevice(device, O_RDONLY, S_IFBLK, reply);
  if (!fd.isOpen()) return false;
  Signature signature;
  if (!readSignature(fd.get(), signature)) return reply.fail("device-failed", errno, "read %s", device.name.data());
  reply.ok();
  if (signature.fileSystem == nullptr) return true;
  reply.add(signature.fileSystem);
  reply.add({signature.label, signature.labelBytes});
  reply.add(signature.uuid);
  return true;
}

bool mountCard(Context& context, const Fields& request, Owner owner, Reply& reply) {
  const std::string_view mode = request.at[5];
  Wish wish{request.at[3], {}, mode == "rw"};
  long minutes = 0;
  if (mode != "ro" && mode != "rw") return reply.refuse("bad-argument", "the mode is ro or rw");
  if (!readNumber(request.at[4], -kOffsetMinutesMax, kOffsetMinutesMax, minutes))
    return reply.refuse("bad-argument", "the time offset is a number of minutes up to a day");
  if (!optionsFor(context, wish.type, minutes, wish.writable, wish.options))
    return reply.refuse("bad-argument", "the file system is vfat, exfat or ext4");
  Device device;
  if (!findBlock(context, request.at[2], device, reply)) return false;
  const Turn turn(context, device.disk.data());
  if (!turn.taken(reply)) return false;
  // Kept open over the mount: the device's number cannot become another disk's meanwhile.
  const Fd fd = openDevice(device, O_RDONLY, S_IFBLK, reply);
  if (!fd.isOpen() || !lockFits(fd.get(), device, wish.writable, reply)) return false;
  std::array<char, 160> where{};
  if (isMounted(device.number, where, reply))
    return refuseMounted(device, where, reply);

  std::array<char, kMountNameBytes + 1> name;
  if (!drawName(name)) return reply.fail("mount-failed", errno, "getrandom");
  Card* card = nullptr;
  {
    const std::lock_guard lock(context.cardsLock);
    card = cardFor(context, device, wish.writable, owner, reply);
    if (card == nullptr) return false;
    // From here on it is a mount; the turn on the disk keeps everybody else from the card.
    card->mount = name;
  }
  const Path path = pathOf(context, name.data());
  if (!mountAt(path, device, wish, reply)) {
    Card ended;
    {
      const std::lock_guard lock(context.cardsLock);
      ended = *card;
      *card = Card{};
    }
    Reply ignored("0");
    endCard(context, ended, ignored);
    return false;
  }
  char options[256];
  snprintf(options, sizeof options, "%s,nosuid,nodev,noexec,noatime,nosymfollow%s,%s", wish.writable ? "rw" : "ro",
           wish.writable ? ",dirsync" : "", wish.options.data());
  reply.ok();
  reply.add(path.data());
  reply.add(options);
  return true;
}

namespace {

// Writable and not in the table: an earlier helper died over it, and with it what could tell of late write errors.
bool isOrphanedWritable(Context& context, std::string_view name, const Path& path) {
  {
    const std::lock_guard lock(context.cardsLock);
    if (findCardByMount(context, name) != nullptr) return false;
  }
  struct statfs info;
  return statfs(path.data(), &info) == 0 && (static_cast<unsigned long>(info.f_flags) & ST_RDONLY) == 0;
}

}  // namespace

bool unmountCard(Context& context, const Fields& request, Reply& reply) {
  const std::string_view name = mountNameIn(context, request.at[2]);
  if (name.empty()) return reply.refuse("bad-argument", "not a mount of this helper");
  const Turn turn(context, name);
  if (!turn.taken(reply)) return false;
  std::array<char, kMountNameBytes + 1> text;
  setText(text, name);
  const Path path = pathOf(context, text.data());
  int number = 0;
  const bool orphaned = isOrphanedWritable(context, name, path);
  const char* const how = detach(path, number);
  if (how == nullptr && number != 0) return reply.fail("unmount-failed", number, "%s", path.data());
  rmdir(path.data());
  Card card;
  {
    const std::lock_guard lock(context.cardsLock);
    Card* const found = findCardByMount(context, name);
    if (found != nullptr) {
      card = *found;
      *found = Card{};
    }
  }
  int synced = endCard(context, card, reply);
  // What is still open there may still be written, or fail to be.
  if (synced == 0 && card.fd >= 0 && how != nullptr && strcmp(how, "lazy") == 0) synced = EBUSY;
  if (synced != 0) return reply.fail("flush-failed", synced, "%s was unmounted, but not all of it was written",
                                     card.device.data());
  if (orphaned && how != nullptr)
    return reply.fail("flush-failed", 0, "%s was unmounted, but nobody saw all of it written", path.data());
  reply.ok();
  reply.add(how != nullptr ? how : "absent");
  return true;
}

bool leftMounts(Context& context, Reply& reply) {
  reply.ok();
  std::size_t count = 0;
  const bool done = eachMount([&](const MountLine& line) {
    if (mountNameIn(context, line.path).empty()) return true;
    reply.add(line.path);
    count += 1;
    return count < kMountsMax;
  });
  return done || reply.fail("mounts-unreadable", errno, "/proc/self/mountinfo");
}

void releaseOwner(Context& context, Owner owner) {
  for (Card& slot : context.cards) {
    Card card;
    {
      const std::lock_guard lock(context.cardsLock);
      if (!slot.used || slot.owner != owner) continue;
      card = slot;
      slot = Card{};
    }
    Reply ignored("0");
    const char* how = "read-only again";
    if (card.mount[0] != 0) {
      const Path path = pathOf(context, card.mount.data());
      int number = 0;
      how = detach(path, number);
      rmdir(path.data());
    }
    const int synced = endCard(context, card, ignored);
    logLine("connection %u left %s: %s%s", owner, card.device.data(),
            how != nullptr ? how : "not mounted", synced != 0 ? ", NOT all was written" : "");
  }
}

void expireGrants(Context& context) {
  for (Card& slot : context.cards) {
    Card card;
    {
      const std::lock_guard lock(context.cardsLock);
      if (!slot.used || slot.mount[0] != 0 || monotonicSeconds() - slot.grantedAt <= kGrantSecondsMax) continue;
      card = slot;
      slot = Card{};
    }
    Reply ignored("0");
    endCard(context, card, ignored);
    logLine("%s was writable and unused: read-only again", card.device.data());
  }
}

bool prepareRoot(Context& context, char* why, std::size_t whyBytes) {
  // Each folder from / down is root's, and nobody else can move or replace what lies in it.
  char path[160];
  snprintf(path, sizeof path, "%s", context.root.data());
  Fd folder(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  char* rest = nullptr;
  for (char* name = strtok_r(path, "/", &rest); name != nullptr; name = strtok_r(nullptr, "/", &rest)) {
    const bool isLast = *rest == 0;
    const bool isMade = mkdirat(folder.get(), name, 0700) == 0;
    // A parent that is missing is everybody's to pass through, as /run is.
    if ((!isMade && errno != EEXIST) || (isMade && !isLast && fchmodat(folder.get(), name, 0755, 0) != 0)) {
      snprintf(why, whyBytes, "mkdir %s: %s", context.root.data(), strerrordesc_np(errno));
      return false;
    }
    folder = Fd(openat(folder.get(), name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat status;
    if (!folder.isOpen() || fstat(folder.get(), &status) != 0) {
      snprintf(why, whyBytes, "%s in %s: %s", name, context.root.data(), strerrordesc_np(errno));
      return false;
    }
    if (status.st_uid != 0 || ((status.st_mode & 022) != 0 && (status.st_mode & S_ISVTX) == 0)) {
      snprintf(why, whyBytes, "%s in %s must be root's and writable for root alone", name, context.root.data());
      return false;
    }
  }
  if (chown(context.root.data(), 0, context.gid) == 0 && chmod(context.root.data(), 0750) == 0) return true;
  snprintf(why, whyBytes, "chown %s: %s", context.root.data(), strerrordesc_np(errno));
  return false;
}

}  // namespace evidock
