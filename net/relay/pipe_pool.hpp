#pragma once

/// Pipes for splice(2), lent while data is in flight. An idle connection has
/// none, so that ten thousand of them cost no descriptors and no memory.

#include "net/fd.hpp"

#include <optional>
#include <vector>

namespace pier::net {

struct pipe_pair {
  fd reader;
  fd writer;
};

/// One thread's.
class pipe_pool {
public:
  /// What one splice may carry. Unprivileged users have 64 MiB of pipes in all;
  /// beyond that the kernel gives small ones, which work as well, only slower.
  static constexpr int pipe_size = 1 << 20;

  /// Nothing: out of descriptors for now.
  std::optional<pipe_pair> take();

  /// Must be empty.
  void give_back(pipe_pair pipe);

private:
  std::vector<pipe_pair> free_;
};

} // namespace pier::net
