#pragma once

/// Signals are for the thread that the program has chosen: in a library that
/// is the embedder's, and never one of ours.

#include <csignal>

namespace pier::net {

/// While it lives, its thread hears no signal, and no thread that is started
/// there ever does: a thread inherits the mask of the one that starts it.
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
