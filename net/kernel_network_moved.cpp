#include "net/kernel_network.hpp"
#include "net/overlap.hpp"

#include <algorithm>

namespace pier::net {

result<renumbering> kernel_network::can_renumber(const network_settings& to) {
  auto stands = plan_network(to) == plan_network(network_);
  auto fitted = stands
    ? to
    : fit_among(host_routes(direct_.device()), to, &network_);
  if (!fitted)
    return fitted.error();
  renumbering out{network_, *fitted, {}};
  auto leases = plan_.leases_in(plan_network(*fitted));
  if (!leases)
    return leases.error();
  for (const auto& at : *leases)
    if (auto who = premises_of(at.link))
      out.enter(who->spec().name, who->address(), at);
  return out;
}

void kernel_network::renumber(const renumbering& by) {
  auto is = plan_network(by.is);
  std::vector<lease> leases;
  if (!gateway_.is_moving())
    left_.clear();
  left_.insert(by.left.begin(), by.left.end());
  for (const auto& each : premises_) {
    const auto& next = by.leases.at(each->spec().name);
    each->renumber(is, next);
    leases.push_back(next);
  }
  network_ = by.is;
  direct_.renumber(is, leases);
  plan_.renumber(is, leases);
  gateway_.renumber(is, leases);
  lobby_.refuse(
    [this](const flow& what) { return left_.count(what.guest.ip) != 0; },
    ec::renumbered);
  told_.clear();
}

void kernel_network::watch_warnings(std::function<void(const error&)> told) {
  warned_ = told;
  direct_.on_trouble = std::move(told);
  told_.clear();
  look_for_overlaps();
}

void kernel_network::look_for_overlaps() {
  if (!warned_)
    return;
  auto all = host_routes(direct_.device());
  auto found = overlapping(all, network_);
  for (const auto& each : found)
    if (std::find(told_.begin(), told_.end(), each) == told_.end())
      warned_(overlap_error(all, network_, each));
  told_ = std::move(found);
}

} // namespace pier::net
