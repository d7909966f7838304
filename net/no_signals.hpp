#pragma once

/// Signals are for the thread that the program has chosen: in a library that
/// is the embedder's, and never one of ours.

#include <csignal>

namespace pier::net {

/// For as long as a thread takes to start: its starter hears no signal, and it
/// never will, for it inherits the mask. Not inside the thread: what has been
/// raised there, a SIGPIPE, would be delivered when this ends.
class no_signals {
public:
  no_signals() noexcept {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }

  ~no_signals() {
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  no_signals(const no_signals&) = delete;
  no_signals& operator=(const no_signals&) = delete;

private:
  sigset_t before_{};
};

} // namespace pier::net
