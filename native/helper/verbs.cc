#include "verbs.h"

#include <cstdio>
#include <ctime>

#include "interfaces.h"
#include "log.h"
#include "mounts.h"
#include "raw-read.h"
#include "scsi.h"

namespace evidock {

namespace {

using Verb = bool (*)(Context&, const Fields&, Owner, Reply&);

bool hello(Context& context, const Fields& request, Owner, Reply& reply) {
  long version = 0;
  if (!readNumber(request.at[2], 0, 1'000'000, version) || version != kProtocolVersion)
    return reply.refuse("version", "this helper speaks version %d", kProtocolVersion);
  char text[16];
  snprintf(text, sizeof text, "%d", kProtocolVersion);
  reply.ok();
  reply.add(text);
  reply.add(context.root.data());
  return true;
}

template <bool (*verb)(Context&, const Fields&, Reply&)>
bool withoutOwner(Context& context, const Fields& request, Owner, Reply& reply) {
  return verb(context, request, reply);
}

bool listMounts(Context& context, const Fields&, Owner, Reply& reply) { return leftMounts(context, reply); }

constexpr struct {
  std::string_view name;
  std::size_t arguments;
  Verb verb;
} kVerbs[] = {
    {"hello", 1, hello},
    {"set-read-only", 1, withoutOwner<setReadOnly>},
    {"set-writable", 1, setWritable},
    {"identify", 1, withoutOwner<identify>},
    {"mount", 4, mountCard},
    {"unmount", 1, withoutOwner<unmountCard>},
    {"authorise", 1, withoutOwner<authorise>},
    {"scsi", 5, withoutOwner<runScsi>},
    {"read-device", 3, withoutOwner<readDevice>},
    {"left-mounts", 0, listMounts},
};

// What a request says, in a log: nothing but plain characters.
std::array<char, 64> plain(std::string_view text) {
  std::array<char, 64> safe{};
  for (std::size_t at = 0; at < text.size() && at + 1 < safe.size(); at += 1)
    safe[at] = text[at] > ' ' && text[at] <= '~' ? text[at] : '?';
  return safe;
}

long milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1'000'000;
}

bool dispatch(Context& context, Owner owner, const Fields& request, Reply& reply) {
  for (const auto& entry : kVerbs) {
    if (request.at[1] != entry.name) continue;
    if (request.count != entry.arguments + 2)
      return reply.refuse("bad-argument", "this verb takes %zu arguments", entry.arguments);
    return entry.verb(context, request, owner, reply);
  }
  return reply.refuse("unknown-verb", "no such verb");
}

bool isId(std::string_view text) {
  long number = 0;
  return readNumber(text, 0, 999'999'999, number);
}

}  // namespace

std::string_view requestId(std::string_view payload) {
  Fields fields;
  return readFields(payload, fields) && isId(fields.at[0]) ? fields.at[0] : "0";
}

bool answer(Context& context, Owner owner, std::string_view payload, Reply& reply) {
  Fields request;
  if (!readFields(payload, request) || !isId(request.at[0])) {
    reply.refuse("bad-request", "the frame holds no request");
    logLine("connection %u sent no request", owner);
    return false;
  }
  const long start = milliseconds();
  // A file of 4 GiB is seventy thousand of these.
  if (dispatch(context, owner, request, reply) && request.at[1] == "read-device") return true;
  logLine("%s %s: %s, %ld ms%s%s", plain(request.at[1]).data(),
      request.count > 2 ? plain(request.at[2]).data() : "", reply.outcome(), milliseconds() - start,
      reply.text()[0] != 0 ? ", " : "", reply.text());
  return true;
}

}  // namespace evidock
