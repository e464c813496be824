// One line on stderr, for the journal. Never waits for whoever reads it: a line that cannot be taken now is left out.
#pragma once

namespace evidock {

void logLine(const char* format, ...) __attribute__((format(printf, 1, 2)));

}  // namespace evidock
