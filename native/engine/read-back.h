// Reading a finished file from the disk instead of the page cache, and the proof that it was so. It never weakens
// the asked way silently: what cannot be done is READ_BACK_IMPOSSIBLE.
#pragma once

#include <string>

#include "file.h"
#include "job-state.h"
#include "pipeline.h"

namespace evidock {

enum class ReadBackMode { direct, droppedCache, memoryFs };

// Drops the file's pages and looks until none is left. False when pages stay.
bool dropAllPages(const File& file);

// SHA-256 (hex) of the file as the disk gives it. `written` is the synced file itself; the path is opened anew.
// Throws READ_BACK_DIFFERS when another file lies there or its length differs, READ_BACK_IMPOSSIBLE, or a kernel code.
std::string readBackSha256(const File& written, std::uint64_t bytes, ReadBackMode mode, const Check& check,
                           JobState& state);

}  // namespace evidock
