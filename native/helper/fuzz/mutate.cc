// Thousands of mutated frames, names, paths of sysfs, lists of sockets and card images through the helper's pure parts,
// for a build with -fsanitize=address,undefined (tests/unit/dock-helper-fuzz.test.ts). Arguments: seed, rounds, images.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "../frame.h"
#include "../names.h"
#include "../signature.h"

using namespace evidock;

namespace {

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t limit) { return limit == 0 ? 0 : random() % limit; }

void mutate(std::string& text, Random& random) {
  static const std::string pieces[] = {"../", "/", "usb3", "3-1", ".", ":", "*", "\n", std::string(1, '\0'), "\xff\xff"};
  for (std::size_t count = 1 + below(random, 6); count > 0; count -= 1) {
    const std::size_t at = below(random, text.size() + 1);
    switch (below(random, 5)) {
      case 0: if (at < text.size()) text[at] = static_cast<char>(random()); break;
      case 1: if (at < text.size()) text[at] = static_cast<char>(text[at] ^ 1 << below(random, 8)); break;
      case 2: text.resize(at); break;
      case 3: text.insert(at, pieces[below(random, std::size(pieces))]); break;
      default: text.insert(at, text.substr(at, below(random, 40))); break;
    }
  }
}

// An exact copy on the heap, so that reading one byte too much is seen.
template <typename Use>
void exactly(const std::string& text, Use use) {
  const std::unique_ptr<char[]> copy(new char[text.size()]);
  text.copy(copy.get(), text.size());
  use(std::string_view(copy.get(), text.size()));
}

std::string field(const std::string& text) {
  return std::string{static_cast<char>(text.size() >> 8), static_cast<char>(text.size())} + text;
}

void require(bool holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "broken: %s\n", what);
  abort();
}

void tryTexts(Random& random) {
  std::string frame = field("12") + field("mount") + field("sda1") + field("vfat") + field("480") + field("ro");
  mutate(frame, random);
  exactly(frame, [](std::string_view payload) {
    Fields fields;
    if (!readFields(payload, fields)) return;
    std::size_t bytes = 0;
    for (std::size_t at = 0; at < fields.count; at += 1) bytes += 2 + fields.at[at].size();
    require(bytes == payload.size() && fields.count >= 2, "fields fill the payload");
    long number = 0;
    for (std::size_t at = 0; at < fields.count; at += 1)
      if (readNumber(fields.at[at], -1440, 1440, number)) require(number >= -1440 && number <= 1440, "a number's limits");
    Reply reply(fields.at[0]);
    reply.refuse("bad-argument", "%.*s", static_cast<int>(fields.at[1].size()), fields.at[1].data());
    reply.frame();
  });
  std::string digits = "137438953472";
  mutate(digits, random);
  exactly(digits, [](std::string_view text) {
    long number = 0;
    if (readNumber(text, 0, 999'999'999'999'999, number)) require(number >= 0 && number <= 999'999'999'999'999, "an offset");
  });
  for (std::string name : {"sda1", "sg0", "3-1.2:1.0", "card-0123456789abcdef", "/run/evidock-dock/mounts"}) {
    mutate(name, random);
    exactly(name, [](std::string_view text) {
      const bool isName = isBlockName(text) || isGenericName(text) || isInterfaceName(text) || isMountName(text);
      if (isName) require(text.size() < kInterfaceNameMax && text.find('/') == text.npos, "a name has no slash");
      if (isPlainPath(text)) require(text.find("..") == text.npos || text.find("/../") == text.npos, "a path goes down");
    });
  }
  std::string path = "/sys/devices/pci0000:00/0000:00:14.0/usb3/3-1/3-1.2/3-1.2:1.0/host0/target0:0:0/0:0:0:0/block/sda";
  std::string list = "pci0000:00/0000:00:14.0/usb3/1.2 # one\n\nplatform/dummy_hcd.0/usb2/1.*\n";
  mutate(path, random);
  mutate(list, random);
  exactly(path, [&](std::string_view text) {
    Place place;
    const bool isPlace = placeOf(text, place);
    if (isPlace) require(text.find("/../") == text.npos && !place.controller.empty() && !place.ports.empty(), "a place");
    exactly(list, [&](std::string_view lines) {
      static SocketList sockets;
      std::size_t line = 0;
      sockets.parse(lines, line);
      if (!isPlace) return;
      sockets.holds(place, 2);
      sockets.leadsTo(place, 3);
      if (sockets.count() == 0) require(!sockets.holds(place, 2) && !sockets.holds(place, 3), "nothing is in an empty list");
    });
  });
}

// The places that matter most: boot sector, ext4's super block, the root folder; and images that end early.
void tryImage(const std::string& image, int fd, Random& random) {
  if (pwrite(fd, image.data(), image.size(), 0) < 0 || ftruncate(fd, static_cast<off_t>(image.size())) != 0) abort();
  for (std::size_t count = 1 + below(random, 8); count > 0; count -= 1) {
    static constexpr std::size_t ends[] = {128, 512, 2048, 1 << 20};
    const std::size_t at = below(random, std::min(ends[below(random, 4)], image.size()));
    const char value = static_cast<char>(below(random, 3) == 0 ? 0xFF : random());
    if (pwrite(fd, &value, 1, static_cast<off_t>(at)) != 1) abort();
  }
  if (below(random, 4) == 0 && ftruncate(fd, static_cast<off_t>(below(random, 8192))) != 0) abort();
  const auto signature = std::make_unique<Signature>();
  require(readSignature(fd, *signature), "a file can be read");
  require(signature->labelBytes <= sizeof signature->label && strlen(signature->uuid) < sizeof signature->uuid, "limits");
}

}  // namespace

int main(int count, char** words) {
  if (count < 3) return 2;
  Random random(strtoull(words[1], nullptr, 10));
  const long rounds = atol(words[2]);
  std::vector<std::string> images;
  for (int at = 3; at < count; at += 1) {
    const int fd = open(words[at], O_RDONLY);
    std::string image(1 << 20, '\0');
    const ssize_t bytes = read(fd, image.data(), image.size());
    if (bytes <= 0) return 2;
    image.resize(static_cast<std::size_t>(bytes));
    images.push_back(image);
    close(fd);
  }
  const int fd = memfd_create("card", 0);
  for (long round = 0; round < rounds; round += 1) {
    tryTexts(random);
    if (!images.empty()) tryImage(images[static_cast<std::size_t>(round) % images.size()], fd, random);
  }
  printf("%ld rounds\n", rounds);
}
