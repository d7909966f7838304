#include "net/gateway/socket_store.hpp"

#include "net/gateway/keeper_channel.hpp"

#include <algorithm>

namespace pier::net {

namespace {

/// Sockets are ordered by the dozen, not one by one.
constexpr size_t least_order = 16;

} // namespace

void socket_store::refill() {
  season_ = std::make_shared<int>(0);
  for (auto& each : shelves_) {
    each.asked = false;
    refill(each);
  }
}

/// False: there is nobody to ask.
bool socket_store::refill(shelf& which) {
  auto missing = which.full - std::min(which.full, which.sockets.size());
  if (which.asked || missing < least_order)
    return true;
  which.asked = true;
  auto count = static_cast<uint32_t>(std::min(missing, most_descriptors));
  auto asked = make_(
    which.kind, which.type, count,
    [this, &which,
     season = std::weak_ptr<int>{season_}](result<std::vector<fd>> made) {
      if (season.expired())
        return;
      which.asked = false;
      if (!made || made->empty())
        return;
      for (auto& each : *made)
        which.sockets.push_back(std::move(each));
      refill(which);
    });
  which.asked = which.asked && asked;
  return asked;
}

socket_store::shelf* socket_store::find(family kind, int type) {
  auto* which = std::find_if(
    shelves_.begin(), shelves_.end(),
    [&](const shelf& each) { return each.kind == kind && each.type == type; });
  return which == shelves_.end() ? nullptr : which;
}

bool socket_store::has(family kind, int type) {
  auto* which = find(kind, type);
  if (which != nullptr && which->sockets.empty())
    refill(*which);
  return which != nullptr && !which->sockets.empty();
}

result<fd> socket_store::take(family kind, int type) {
  auto* which = find(kind, type);
  if (which == nullptr)
    return error{ec::bad_request, "the gateway has no sockets of that type"};
  fd out;
  if (!which->sockets.empty()) {
    out = std::move(which->sockets.front());
    which->sockets.pop_front();
  }
  auto somebody = refill(*which);
  if (out)
    return out;
  return error{
    somebody ? ec::exhausted : ec::gateway_lost,
    "the gateway has no socket to give: its keeper is behind"};
}

bool socket_store::shed() {
  auto* fullest = std::max_element(
    shelves_.begin(), shelves_.end(), [](const shelf& one, const shelf& two) {
      return one.sockets.size() < two.sockets.size();
    });
  if (fullest->sockets.size() < 2)
    return false;
  fullest->sockets.pop_back();
  return true;
}

void socket_store::account(ledger& to) const {
  for (const auto& which : shelves_)
    for (const auto& each : which.sockets)
      to.claim(each, "gateway: in store for flows");
}

} // namespace pier::net
