// The reading pass over a source that copy and hash have in common: digests in lanes, source pages dropped behind,
// and the check that the source stayed what it was.
#pragma once

#include <functional>
#include <optional>

#include "copy.h"
#include "digests.h"
#include "pipeline.h"
#include "source.h"

namespace evidock {

struct ReadingPass {
  bool sm3;
  // Pages of the source are left in the cache (a caller that asked for a cached reading).
  bool keepsPages;
  VerityTree::OnLeaves onLeaves;
  // Gets every chunk on a thread of its own; empty when nothing is written.
  Sink write;
};

// Throws SOURCE_CHANGED, CANCELLED, or what reading and writing throw.
Digests readSource(const Source& source, const ReadingPass& pass, JobState& state);

}  // namespace evidock
