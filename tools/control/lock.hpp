#pragma once

/// A lock file: held by one process, given back by its death.

#include "messages/error.hpp"
#include "net/fd.hpp"

#include <sys/types.h>

#include <chrono>
#include <string>

namespace pier::control {

/// Held until destroyed. The file stays: to remove it would let two hold it.
class lock {
public:
  /// Waits at most so long for the holder to go; zero asks once. One that is
  /// dead already is waited for in any case: a program that it was about to
  /// start may have the file for a moment longer. Refused with
  /// ec::name_in_use. The file then tells who holds it (`lock_holder`).
  /// A wait uses SIGALRM: at most one at a time in a process, at its start.
  static result<lock> take(const std::string& path, std::chrono::seconds wait);

private:
  explicit lock(net::fd file) : file_(std::move(file)) {}

  net::fd file_;
};

/// The process that took the lock last; 0: unknown.
pid_t lock_holder(const std::string& path);

} // namespace pier::control
