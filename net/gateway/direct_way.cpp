#include "net/gateway/direct_way.hpp"

#include "net/fd.hpp"

#include <cap-ng.h>
#include <fcntl.h>
#include <net/if.h>

#include <utility>

namespace pier::net {

namespace {

/// One that no link of the host's has; empty: all of them are.
std::string free_name() {
  for (int i = 0; i < 16; ++i)
    if (auto name = "pier" + std::to_string(i);
        ::if_nametoindex(name.c_str()) == 0)
      return name;
  return {};
}

} // namespace

result<void> direct_way::can_be() {
  ::capng_get_caps_process();
  for (auto each : {CAP_NET_ADMIN, CAP_SYS_ADMIN})
    if (::capng_have_capability(CAPNG_EFFECTIVE, each) == 0)
      return error{
        ec::permission_denied,
        "network.direct: it takes a link and routes of the host's, and this "
        "user may make none: run pierd as root, or leave it out and use "
        "socks.listen"};
  return {};
}

void direct_way::want(bool on) {
  if (std::exchange(wanted_, on) == on)
    return;
  if (is_up_)
    follow();
}

void direct_way::follow() {
  is_up_ = true;
  if (wanted_)
    lay();
  else if (at_.link != 0)
    take_away();
}

void direct_way::renumber(const guest_network& is, std::vector<lease>& leases) {
  auto all = plan_.leases_in(is);
  if (at_.link == 0 || !all)
    return;
  for (const auto& each : *all)
    if (each.link == at_.link)
      at_ = each;
  leases.push_back(at_);
}

void direct_way::lay() {
  auto trouble = [this](const error& why) {
    if (on_trouble)
      on_trouble(why);
  };
  if (auto ok = can_be(); !ok)
    return trouble(ok.error());
  if (at_.link == 0) {
    auto at = plan_.take();
    if (!at)
      return trouble(at.error());
    at_ = *at;
    name_ = free_name();
  }
  fd host{::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)};
  gate_.expose(
    at_, name_, host.get(), life_.guard([trouble](const result<void>& how) {
      if (!how)
        trouble(how.error());
    }));
}

void direct_way::take_away() {
  gate_.withdraw(life_.guard([this](const result<void>& how) {
    // A keeper that dies over it leaves it to the next.
    if (!how || wanted_)
      return;
    plan_.give_back(std::exchange(at_, {}).link);
    name_.clear();
  }));
}

} // namespace pier::net
