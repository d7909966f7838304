#pragma once

/// What is left to a process that runs what anybody may have written.

namespace pier::pac {

/// Memory, time on its channel, and nothing else: no file, no socket, no
/// process. False: this kernel cannot, and nothing may be run.
bool confine();

/// From now on the process has so many seconds, whoever else looks after it;
/// 0: as long as it likes.
void allow_seconds(unsigned count);

} // namespace pier::pac
