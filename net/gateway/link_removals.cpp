#include "net/gateway/link_removals.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>

namespace pier::net {

namespace {

/// A new keeper takes milliseconds.
constexpr std::chrono::seconds patience{5};

} // namespace

struct link_removals::removal {
  removal(boost::asio::io_context& io, const lease& which, taker whom)
    : at(which), done(std::move(whom)), deadline(io) {}

  lease at;
  taker done;
  boost::asio::steady_timer deadline;
};

link_removals::link_removals(
  boost::asio::io_context& io, std::function<void(const lease&, taker)> ask)
  : io_(io), ask_(std::move(ask)) {}

void link_removals::remove(const lease& at, taker done) {
  auto made = std::make_shared<removal>(io_, at, std::move(done));
  all_.push_back(made);
  made->deadline.expires_after(patience);
  made->deadline.async_wait(
    life_.guard([this, made](const boost::system::error_code& stopped) {
      if (!stopped)
        settle(made, error{ec::gateway_lost, "no keeper has pulled the link"});
    }));
  attempt(made);
}

void link_removals::retry() {
  for (const auto& each : std::list{all_})
    attempt(each);
}

void link_removals::attempt(const std::shared_ptr<removal>& which) {
  ask_(which->at, life_.guard([this, which](result<void> how) {
    if (how || how.error().code != ec::gateway_lost)
      settle(which, std::move(how));
  }));
}

void link_removals::settle(
  const std::shared_ptr<removal>& which, result<void> how) {
  if (std::erase(all_, which) == 0)
    return;
  which->deadline.cancel();
  which->done(std::move(how));
}

} // namespace pier::net
