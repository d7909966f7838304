#pragma once

/// A terminal for a container, and our own one in the meantime.

#include "messages/error.hpp"
#include "net/fd.hpp"

#include <termios.h>

#include <optional>
#include <thread>

namespace pier::cli {

/// A pseudo-terminal: the container gets the slave, we keep the master.
struct pty {
  net::fd master;
  net::fd slave;

  static result<pty> make();
};

/// Gives `to` the size of the terminal `from`, if that is one.
void copy_size(int from, int to) noexcept;

/// Role: our own terminal passes every key on unseen (raw mode).
/// Lifetime: the terminal is itself again when this is destroyed.
class raw_mode {
public:
  explicit raw_mode(int terminal);
  ~raw_mode();

  raw_mode(const raw_mode&) = delete;
  raw_mode& operator=(const raw_mode&) = delete;

private:
  int terminal_;
  std::optional<termios> before_;
};

/// Role: carries bytes between a master and our own in and out.
/// Theory of operation: a thread of its own in one poll loop. Every descriptor
/// is non-blocking through a description of its own where it can be reopened
/// (/proc/self/fd), since O_NONBLOCK on a shared one would change the
/// caller's shell; where it cannot, the flag is put back. It ends when the
/// last slave has been closed; once it is being destroyed, also after a quarter
/// of a second without a byte, for the case that somebody keeps a slave.
class pump {
public:
  /// `in` -1: nothing is typed.
  pump(int master, int in, int out);
  ~pump();

  pump(const pump&) = delete;
  pump& operator=(const pump&) = delete;

private:
  void carry();

  int master_;
  net::fd in_;
  net::fd out_;
  net::fd end_;
  int in_flags_ = -1;
  int out_flags_ = -1;
  std::thread thread_;
};

} // namespace pier::cli
