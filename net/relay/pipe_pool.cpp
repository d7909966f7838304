#include "net/relay/pipe_pool.hpp"

#include <fcntl.h>

#include <array>

namespace pier::net {

namespace {

constexpr size_t most_free = 32;

} // namespace

std::optional<pipe_pair> pipe_pool::take() {
  if (!free_.empty()) {
    auto out = std::move(free_.back());
    free_.pop_back();
    return out;
  }
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    return std::nullopt;
  ::fcntl(ends[1], F_SETPIPE_SZ, pipe_size);
  return pipe_pair{fd{ends[0]}, fd{ends[1]}};
}

void pipe_pool::give_back(pipe_pair pipe) {
  if (free_.size() < most_free)
    free_.push_back(std::move(pipe));
}

} // namespace pier::net
