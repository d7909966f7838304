#pragma once

/// A program that a test starts, talks to and waits for, always with a
/// deadline of ten seconds; whatever is left of it is killed in the end.

#include "net/fd.hpp"

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace pier::test {

class program {
public:
  /// The environment is ours with `changes` applied. With `terminal` its
  /// streams are one terminal, else three pipes; see `type` and `out`.
  program(
    const std::vector<std::string>& words,
    const std::map<std::string, std::string>& changes, bool terminal = false);
  ~program();

  program(const program&) = delete;
  program& operator=(const program&) = delete;

  pid_t pid() const {
    return pid_;
  }

  /// Reads until stdout holds `text`; false: it ended, or the time is over.
  bool says(const std::string& text);

  void type(const std::string& text);

  /// Nothing more will be typed.
  void close_input();

  void signal(int number);

  /// Reads to its end; the status as a shell counts, -1: it does not end.
  int finish();

  /// What was read so far.
  const std::string& out() const {
    return out_;
  }
  const std::string& err() const {
    return err_;
  }

  /// The terminal's.
  int master() const {
    return in_.get();
  }

private:
  bool read_some();

  pid_t pid_ = -1;
  net::fd in_;
  net::fd out_end_;
  net::fd err_end_;
  std::string out_;
  std::string err_;
};

/// Waits for the end of a process that is no child of ours.
bool ends(pid_t pid);

} // namespace pier::test
