// A job: work on a thread of its own, whose result settles a JavaScript promise. Safe for several environments
// (worker threads) at once, and for environments and processes that end while jobs run: those are cancelled and
// waited for, so that no thread outlives what it uses. A call that the kernel does not end (a card that hangs) holds
// up that ending as it holds up the job.
#pragma once

// A worker thread may be ended while one of our callbacks runs. No exception can reach JavaScript then, and without
// this node-addon-api would end the whole process over it. So napi.h is included here and nowhere else.
#define NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
#include <napi.h>

#include <functional>

#include "job-state.h"

namespace evidock {

// Makes the JavaScript value of a result; called on the environment's thread.
using Deliver = std::function<Napi::Value(Napi::Env)>;
// The work; throws Failure.
using Work = std::function<Deliver(JobState&)>;

// Returns `{ done: Promise, progress(): [phase, bytes, totalBytes], cancel(): void }`.
Napi::Object startJob(Napi::Env env, Work work);

}  // namespace evidock
