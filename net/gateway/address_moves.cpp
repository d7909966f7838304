#include "net/gateway/address_moves.hpp"

#include <fcntl.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace pier::net {

namespace {

bool is_elsewhere(const guest_network& was, const guest_network& is) {
  auto key = [](const guest_network& net) {
    return std::tie(net.gateway, net.gateway6, net.host, net.host6);
  };
  return key(was) != key(is);
}

} // namespace

void address_moves::enter(const lease& at, int netns) {
  guests_[at.link] = {at, fd{::fcntl(netns, F_DUPFD_CLOEXEC, 0)}, false};
}

void address_moves::leave(uint32_t link) {
  guests_.erase(link);
}

void address_moves::plan(
  const guest_network& was, const guest_network& is,
  const std::vector<lease>& leases) {
  ++season_;
  // What an earlier plan has left stands where it stood before that.
  if (!gateway_is_left_)
    was_ = was;
  is_ = is;
  gateway_is_left_ = true;
  under_way_ = under_way_ || is_elsewhere(was, is);
  for (const auto& at : leases) {
    auto found = guests_.find(at.link);
    if (found == guests_.end())
      continue;
    auto& one = found->second;
    under_way_ = under_way_ || one.at != at;
    one.at = at;
    one.is_left = true;
  }
}

void address_moves::found_anew() {
  ++season_;
  gateway_is_left_ = false;
}

void address_moves::work(std::function<void(result<void>)> done) {
  waiting_.push_back(std::move(done));
  if (waiting_.size() == 1)
    move_next();
}

void address_moves::move_next() {
  if (gateway_is_left_)
    return move_gateway();
  auto next = std::find_if(
    guests_.begin(), guests_.end(),
    [](const auto& each) { return each.second.is_left; });
  if (next != guests_.end())
    return move_guest(next->second);
  under_way_ = false;
  conclude({});
}

void address_moves::move_gateway() {
  keeper_request what;
  what.verb = keeper_verb::renumber;
  what.net = is_;
  what.was = was_;
  ask_(
    what, {},
    life_.guard(
      [this, season = season_, is = is_](result<std::vector<fd>> answer) {
        if (!answer)
          return conclude(answer.error());
        if (on_moved)
          on_moved(was_, is, std::move(*answer));
        was_ = is;
        if (season == season_)
          gateway_is_left_ = false;
        move_next();
      }));
}

void address_moves::move_guest(guest& which) {
  if (!which.netns) {
    which.is_left = false;
    if (on_trouble)
      on_trouble(which.at, {ec::exhausted, "no descriptor of its namespace"});
    return move_next();
  }
  keeper_request what;
  what.verb = keeper_verb::move;
  what.net = is_;
  what.at = which.at;
  ask_(
    what, {which.netns.get()},
    life_.guard([this, season = season_,
                 at = which.at](const result<std::vector<fd>>& answer) {
      if (!answer && answer.error().code == ec::gateway_lost)
        return conclude(answer.error());
      auto found = guests_.find(at.link);
      if (found != guests_.end() && season == season_)
        found->second.is_left = false;
      if (!answer && on_trouble)
        on_trouble(at, answer.error());
      move_next();
    }));
}

void address_moves::conclude(const result<void>& how) {
  for (auto& each : std::exchange(waiting_, {}))
    each(how);
}

} // namespace pier::net
