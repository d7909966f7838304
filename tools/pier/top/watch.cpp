#include "tools/pier/top/watch.hpp"

#include "tools/pier/top/look.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

namespace pier::cli {

namespace {

using seconds = std::chrono::duration<double>;

/// A look may take this part of the time between two of them.
constexpr double share_of_looks = 0.05;

} // namespace

watch::watch(
  boost::asio::io_context& io, surroundings here, double every,
  std::function<void()> on_seen)
  : io_(io),
    here_(std::move(here)),
    every_(every),
    pause_(every),
    on_seen_(std::move(on_seen)),
    next_(io) {}

void watch::begin() {
  begun_ = clock::now();
  look(io_, here_, [this](result<sample> seen) { take(std::move(seen)); });
}

headline watch::head() const {
  return {pause_, std::time(nullptr), why_ ? why_->text : std::string{}};
}

void watch::take(result<sample> seen) {
  auto now = clock::now();
  pause_ = std::max(every_, seconds{now - begun_}.count() / share_of_looks);
  why_.reset();
  if (!seen)
    why_ = seen.error();
  if (!held) {
    known_.take(
      seen ? std::move(*seen) : sample{},
      last_ ? seconds{now - *last_}.count() : 0.0);
    last_ = now;
  }
  next_.expires_at(
    begun_ + std::chrono::duration_cast<clock::duration>(seconds{pause_}));
  next_.async_wait([this](const auto& stopped) {
    if (!stopped)
      begin();
  });
  on_seen_();
}

} // namespace pier::cli
