#include "names.h"

#include <cstring>

namespace evidock {

namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLower(char c) { return c >= 'a' && c <= 'z'; }

// Takes as many characters of a kind as there are, at least `least` and at most `most`.
bool take(std::string_view& text, bool (*kind)(char), std::size_t least, std::size_t most) {
  std::size_t count = 0;
  while (count < text.size() && kind(text[count])) count += 1;
  if (count < least || count > most) return false;
  text.remove_prefix(count);
  return true;
}

bool takeWord(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// `1.2`: one to seven ports, as USB has no more tiers.
bool takePorts(std::string_view& text) {
  for (int tier = 0; tier < 7; tier += 1) {
    if (!take(text, isDigit, 1, 3)) return false;
    if (!takeWord(text, ".")) return true;
  }
  return false;
}

std::string_view takeComponent(std::string_view& path) {
  const std::size_t end = path.find('/');
  const std::string_view component = path.substr(0, end);
  path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
  return component;
}

bool isRootHub(std::string_view name) {
  return takeWord(name, "usb") && take(name, isDigit, 1, 4) && name.empty();
}

bool isPlain(char c) { return isDigit(c) || isLower(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.'; }

// Whether the ports fit the pattern; with `beginning`, whether they are less than all of it and fit so far.
bool portsFit(std::string_view pattern, std::string_view ports, bool beginning) {
  while (!pattern.empty() && !ports.empty()) {
    const std::size_t patternEnd = pattern.find('.');
    const std::size_t portsEnd = ports.find('.');
    const std::string_view wanted = pattern.substr(0, patternEnd);
    if (wanted != "*" && wanted != ports.substr(0, portsEnd)) return false;
    pattern.remove_prefix(patternEnd == std::string_view::npos ? pattern.size() : patternEnd + 1);
    ports.remove_prefix(portsEnd == std::string_view::npos ? ports.size() : portsEnd + 1);
  }
  return ports.empty() && pattern.empty() != beginning;
}

}  // namespace

bool isBlockName(std::string_view name) {
  return name.size() < kDeviceNameMax && takeWord(name, "sd") && take(name, isLower, 1, 4) &&
         take(name, isDigit, 0, 4) && name.empty();
}

bool isGenericName(std::string_view name) {
  return takeWord(name, "sg") && take(name, isDigit, 1, 5) && name.empty();
}

bool isInterfaceName(std::string_view name) {
  return name.size() < kInterfaceNameMax && take(name, isDigit, 1, 4) && takeWord(name, "-") && takePorts(name) &&
         takeWord(name, ":") && take(name, isDigit, 1, 3) && takeWord(name, ".") && take(name, isDigit, 1, 3) &&
         name.empty();
}

bool isMountName(std::string_view name) {
  const auto isHex = [](char c) { return isDigit(c) || (c >= 'a' && c <= 'f'); };
  return name.size() == kMountNameBytes && takeWord(name, "card-") && take(name, isHex, 16, 16);
}

bool isPlainPath(std::string_view path) {
  if (path.size() > 128 || !takeWord(path, "/") || path.empty() || path.back() == '/') return false;
  while (!path.empty()) {
    std::string_view component = takeComponent(path);
    if (component == "." || component == "..") return false;
    if (!take(component, isPlain, 1, 128) || !component.empty()) return false;
  }
  return true;
}

bool placeOf(std::string_view sysPath, Place& place) {
  if (!takeWord(sysPath, "/sys/devices/")) return false;
  const char* const start = sysPath.data();
  std::string_view rest = sysPath;
  std::string_view component;
  do {
    component = takeComponent(rest);
    if (component.empty() || component == "." || component == "..") return false;
  } while (!isRootHub(component) && !rest.empty());
  if (!isRootHub(component) || component.data() == start) return false;
  place.controller = {start, static_cast<std::size_t>(component.data() - start - 1)};
  place.rootHub = component;
  const std::string_view bus = component.substr(3);
  place.ports = {};
  place.below = rest;
  // Each hub below the root hub adds one component, `3-1`, `3-1.2`, …; the last of them is the device's.
  while (!rest.empty()) {
    std::string_view name = takeComponent(rest);
    if (!takeWord(name, bus) || !takeWord(name, "-")) break;
    const std::string_view ports = name;
    if (!takePorts(name) || !name.empty()) break;
    if (!place.ports.empty() && !portsFit(ports, place.ports, true)) return false;
    place.ports = ports;
    place.below = rest;
  }
  // No `..` further down either: the whole text is what will be opened.
  for (rest = place.below; !rest.empty();) {
    component = takeComponent(rest);
    if (component.empty() || component == "." || component == "..") return false;
  }
  return !place.ports.empty();
}

bool parseSocket(std::string_view line, SocketPattern& pattern) {
  const std::size_t lastSlash = line.rfind('/');
  if (lastSlash == std::string_view::npos || line.size() > pattern.text.size()) return false;
  const std::string_view front = line.substr(0, lastSlash);
  std::string_view ports = line.substr(lastSlash + 1);
  if (front.size() < 6 || (!front.ends_with("/usb2") && !front.ends_with("/usb3"))) return false;
  const std::string_view controller = front.substr(0, front.size() - 5);
  if (controller.front() == '/') return false;
  const auto isController = [](char c) { return isPlain(c) || c == ':' || c == '/' || c == ','; };
  for (const char c : controller)
    if (!isController(c)) return false;
  for (int tier = 0;; tier += 1) {
    if (tier == 7) return false;
    if (!takeWord(ports, "*") && !take(ports, isDigit, 1, 3)) return false;
    if (ports.empty()) break;
    if (!takeWord(ports, ".")) return false;
  }
  memcpy(pattern.text.data(), line.data(), line.size());
  pattern.bytes = line.size();
  pattern.controllerBytes = controller.size();
  pattern.portsAt = lastSlash + 1;
  pattern.side = front.back() - '0';
  return true;
}

bool SocketList::parse(std::string_view text, std::size_t& lineNumber) {
  count_ = 0;
  lineNumber = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    lineNumber += 1;
    line = line.substr(0, line.find('#'));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
    if (line.empty()) continue;
    if (count_ == kSocketsMax || !parseSocket(line, patterns_[count_])) {
      count_ = 0;
      return false;
    }
    count_ += 1;
  }
  return true;
}

bool SocketList::holds(const Place& place, int side) const {
  if (any) return true;
  for (std::size_t at = 0; at < count_; at += 1) {
    const SocketPattern& pattern = patterns_[at];
    if (pattern.side == side && pattern.controller() == place.controller &&
        portsFit(pattern.ports(), place.ports, false))
      return true;
  }
  return false;
}

bool SocketList::leadsTo(const Place& place, int side) const {
  if (any) return true;
  for (std::size_t at = 0; at < count_; at += 1) {
    const SocketPattern& pattern = patterns_[at];
    if (pattern.side == side && pattern.controller() == place.controller &&
        portsFit(pattern.ports(), place.ports, true))
      return true;
  }
  return false;
}

bool SocketList::hasController(std::string_view controller) const {
  for (std::size_t at = 0; at < count_; at += 1)
    if (patterns_[at].controller() == controller) return true;
  return false;
}

}  // namespace evidock
