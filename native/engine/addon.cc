// The addon's exports: reads the arguments that the TypeScript side (src/intake/engine/native-engine.ts) has checked,
// starts jobs and names the results. No global state but the set of running jobs (job.cc).
#include <sys/socket.h>

#include <cerrno>

#include "copy.h"
#include "job.h"
#include "probe.h"

namespace evidock {

namespace {

std::string bytesOf(const Napi::Value& value) {
  const auto bytes = value.As<Napi::Uint8Array>();
  return std::string(reinterpret_cast<const char*>(bytes.Data()), bytes.ByteLength());
}

std::string textOf(const Napi::Object& request, const char* key) {
  const Napi::Value value = request.Get(key);
  return value.IsUndefined() ? "" : value.ToString().Utf8Value();
}

std::optional<Expected> expectedOf(const Napi::Object& request) {
  const Napi::Value value = request.Get("expected");
  if (value.IsUndefined()) return std::nullopt;
  const Napi::Object expected = value.As<Napi::Object>();
  bool lossless = true;
  return Expected{.bytes = static_cast<std::uint64_t>(expected.Get("bytes").As<Napi::Number>().DoubleValue()),
                  .mtimeNs = expected.Get("mtimeNs").As<Napi::BigInt>().Int64Value(&lossless)};
}

ReadBackMode modeOf(const std::string& name) {
  if (name == "direct") return ReadBackMode::direct;
  if (name == "dropped-cache") return ReadBackMode::droppedCache;
  return ReadBackMode::memoryFs;
}

Napi::Object digestsTo(Napi::Env env, const Digests& digests) {
  Napi::Object result = Napi::Object::New(env);
  result.Set("bytes", static_cast<double>(digests.bytes));
  result.Set("mtimeNs", Napi::BigInt::New(env, digests.mtimeNs));
  result.Set("sha256", digests.sha256);
  result.Set("sm3", digests.sm3);
  result.Set("fsverity", digests.fsverity);
  return result;
}

Napi::Object blocksTo(Napi::Env env, const BlockComparison& comparison) {
  Napi::Array ranges = Napi::Array::New(env, comparison.ranges.size());
  for (std::uint32_t i = 0; i < comparison.ranges.size(); ++i) {
    Napi::Array range = Napi::Array::New(env, 2);
    range.Set(0u, static_cast<double>(comparison.ranges[i].first));
    range.Set(1u, static_cast<double>(comparison.ranges[i].second));
    ranges.Set(i, range);
  }
  Napi::Object result = Napi::Object::New(env);
  result.Set("state", comparison.state);
  result.Set("ranges", ranges);
  return result;
}

Napi::Value copy(const Napi::CallbackInfo& info) {
  const Napi::Object from = info[0].As<Napi::Object>();
  const Napi::Object source = from.Get("source").As<Napi::Object>();
  CopyRequest request{.root = bytesOf(source.Get("root")),
                      .path = bytesOf(source.Get("path")),
                      .expected = expectedOf(from),
                      .target = textOf(from, "target"),
                      .blocksTarget = textOf(from, "blocksTarget"),
                      .readBack = modeOf(textOf(from, "readBack")),
                      .sm3 = from.Get("sm3").ToBoolean()};
  return startJob(info.Env(), [request = std::move(request)](JobState& state) -> Deliver {
    const Digests digests = copyFile(request, state);
    return [digests](Napi::Env env) -> Napi::Value { return digestsTo(env, digests); };
  });
}

Napi::Value hash(const Napi::CallbackInfo& info) {
  const Napi::Object from = info[0].As<Napi::Object>();
  const Napi::Object source = from.Get("source").As<Napi::Object>();
  HashRequest request{.root = bytesOf(source.Get("root")),
                      .path = bytesOf(source.Get("path")),
                      .expected = expectedOf(from),
                      .direct = textOf(from, "reading") == "direct",
                      .sm3 = from.Get("sm3").ToBoolean(),
                      .blocksFile = textOf(from, "blocksFile")};
  return startJob(info.Env(), [request = std::move(request)](JobState& state) -> Deliver {
    const HashOutcome outcome = hashFile(request, state);
    return [outcome](Napi::Env env) -> Napi::Value {
      Napi::Object result = digestsTo(env, outcome.digests);
      if (outcome.blocks) result.Set("blocks", blocksTo(env, *outcome.blocks));
      return result;
    };
  });
}

Napi::Value probe(const Napi::CallbackInfo& info) {
  const std::string folder = info[0].ToString().Utf8Value();
  return startJob(info.Env(), [folder](JobState&) -> Deliver {
    const Ability ability = probeReadBack(folder);
    return [ability](Napi::Env env) -> Napi::Value {
      Napi::Object result = Napi::Object::New(env);
      result.Set("mode", ability.mode);
      result.Set("fileSystem", ability.fileSystem);
      return result;
    };
  });
}

// unix(7), SO_PEERCRED: who connected, as the kernel saw it at connect time.
Napi::Value peerCredentials(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  struct ucred credentials {};
  socklen_t length = sizeof credentials;
  const int fd = info[0].As<Napi::Number>().Int32Value();
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) {
    const int number = errno;
    Napi::Error error = Napi::Error::New(env, std::string(strerrorname_np(number)) + ": getsockopt SO_PEERCRED");
    error.Set("code", strerrorname_np(number));
    error.Set("errno", static_cast<double>(number));
    error.Set("syscall", "getsockopt");
    throw error;
  }
  Napi::Object result = Napi::Object::New(env);
  result.Set("pid", static_cast<double>(credentials.pid));
  result.Set("uid", static_cast<double>(credentials.uid));
  result.Set("gid", static_cast<double>(credentials.gid));
  return result;
}

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("copy", Napi::Function::New(env, copy));
  exports.Set("hash", Napi::Function::New(env, hash));
  exports.Set("probeReadBack", Napi::Function::New(env, probe));
  exports.Set("peerCredentials", Napi::Function::New(env, peerCredentials));
  return exports;
}

}  // namespace

NODE_API_MODULE(engine, initialise)

}  // namespace evidock
