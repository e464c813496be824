#include "job.h"

#include <pthread.h>
#include <signal.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <new>
#include <set>
#include <system_error>
#include <thread>
#include <variant>

#include "failure.h"

namespace evidock {

namespace {

struct Job {
  Job(napi_env env, Work work) : env(env), work(std::move(work)) {}
  napi_env env;
  Work work;
  std::shared_ptr<JobState> state = std::make_shared<JobState>();
  std::variant<std::monostate, Deliver, Failure> outcome;
  napi_deferred deferred = nullptr;
  napi_threadsafe_function settle = nullptr;
  std::thread thread;
  bool environmentEnds = false;
};

// All running jobs of the process. process.exit() runs no environment hooks but does run destructors, and OpenSSL's
// exit handler would free what running threads hash with: so the last thing before it is to end them.
class RunningJobs {
 public:
  ~RunningJobs() {
    std::unique_lock lock(mutex_);
    ending_ = true;
    for (Job* job : jobs_) job->state->cancelled.store(true);
    changed_.wait(lock, [this] { return jobs_.empty(); });
  }
  void add(Job* job) {
    const std::scoped_lock lock(mutex_);
    jobs_.insert(job);
  }
  // Calls `last` unless the process is ending; afterwards the job is not touched by its thread any more.
  void remove(Job* job, const std::function<void()>& last) {
    const std::scoped_lock lock(mutex_);
    if (!ending_) last();
    jobs_.erase(job);
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Job*> jobs_;
  bool ending_ = false;
};
RunningJobs runningJobs;

Failure asFailure(std::exception_ptr error) {
  try {
    std::rethrow_exception(error);
  } catch (const Failure& failure) {
    return failure;
  } catch (const std::bad_alloc&) {
    return Failure::ofCall("malloc", "", Side::target, ENOMEM);
  } catch (const std::system_error& problem) {
    return Failure::ofCall("pthread_create", "", Side::target, problem.code().value());
  } catch (const std::exception& problem) {
    return Failure("ENGINE_BROKEN", 0, "", "", Side::target, problem.what());
  }
}

void runJob(Job* job) {
  try {
    job->outcome = job->work(*job->state);
  } catch (...) {
    job->outcome = asFailure(std::current_exception());
  }
  runningJobs.remove(job, [job] {
    napi_call_threadsafe_function(job->settle, nullptr, napi_tsfn_blocking);
    napi_release_threadsafe_function(job->settle, napi_tsfn_release);
  });
}

Napi::Value toError(Napi::Env env, const Failure& failure) {
  Napi::Object error = Napi::Error::New(env, failure.what()).Value();
  error.Set("code", failure.code);
  error.Set("errno", failure.number);
  error.Set("syscall", failure.call);
  // A recorder's name need not be UTF-8; what is not becomes U+FFFD here.
  error.Set("path", failure.path);
  error.Set("side", failure.side == Side::source ? "source" : "target");
  return error;
}

// Runs before the environment's own clean-up of the thread-safe function, because it was registered later.
void onEnvironmentEnd(void* data) {
  Job* job = static_cast<Job*>(data);
  job->environmentEnds = true;
  job->state->cancelled.store(true);
  job->thread.join();
}

// On the environment's thread, once for each job.
void settleJob(napi_env env, napi_value, void* context, void*) {
  std::unique_ptr<Job> job(static_cast<Job*>(context));
  if (job->environmentEnds || env == nullptr) return;
  job->thread.join();
  napi_remove_env_cleanup_hook(env, onEnvironmentEnd, job.get());
  const Napi::Env here(env);
  const Napi::HandleScope scope(here);
  try {
    if (const Deliver* deliver = std::get_if<Deliver>(&job->outcome)) {
      napi_resolve_deferred(env, job->deferred, (*deliver)(here));
    } else {
      napi_reject_deferred(env, job->deferred, toError(here, std::get<Failure>(job->outcome)));
    }
  } catch (const Napi::Error&) {
    // JavaScript can no longer run here; nobody is left to hear the result.
  }
}

void startThread(Job* job) {
  // Signals are the main thread's; SIGXFSZ blocked makes an exceeded file size limit an error like any other.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    runningJobs.add(job);
    job->thread = std::thread(runJob, job);
  } catch (const std::system_error&) {
    job->outcome = asFailure(std::current_exception());
    runningJobs.remove(job, [] {});
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

Napi::Object startJob(Napi::Env env, Work work) {
  auto job = std::make_unique<Job>(env, std::move(work));
  napi_value promise;
  const auto require = [&env](napi_status status) {
    if (status != napi_ok) throw Napi::Error::New(env);
  };
  require(napi_create_promise(env, &job->deferred, &promise));
  require(napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, "evidock-engine"), 0, 1,
                                          nullptr, nullptr, job.get(), settleJob, &job->settle));
  Job* running = job.release();
  const std::shared_ptr<JobState> state = running->state;
  startThread(running);
  if (running->thread.joinable()) {
    napi_add_env_cleanup_hook(env, onEnvironmentEnd, running);
  } else {
    napi_reject_deferred(env, running->deferred, toError(env, std::get<Failure>(running->outcome)));
    napi_release_threadsafe_function(running->settle, napi_tsfn_abort);
    delete running;
  }

  Napi::Object handle = Napi::Object::New(env);
  handle.Set("done", Napi::Value(env, promise));
  handle.Set("progress", Napi::Function::New(env, [state](const Napi::CallbackInfo& info) -> Napi::Value {
               Napi::Array values = Napi::Array::New(info.Env(), 3);
               values.Set(0u, static_cast<double>(static_cast<int>(state->phase.load())));
               values.Set(1u, static_cast<double>(state->bytes.load()));
               values.Set(2u, static_cast<double>(state->totalBytes.load()));
               return values;
             }));
  handle.Set("cancel", Napi::Function::New(env, [state](const Napi::CallbackInfo&) { state->cancelled.store(true); }));
  return handle;
}

}  // namespace evidock
