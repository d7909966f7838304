#include "actors/container_capture.hpp"

#include "actors/capture.hpp"
#include "net/capture/port_filter.hpp"

#include <caf/all.hpp>

#include <optional>
#include <vector>

namespace pier::actors {

namespace {

constexpr const char* id_prefix = "capture-";

/// Each takes two descriptors here, and a ring in its client's memory.
constexpr size_t most_captures = 8;

std::vector<caf::actor> captures_of(container_pointer self) {
  std::vector<caf::actor> out;
  self->state.children->for_each(
    [&](const std::string& id, const caf::actor& child) {
      if (id.starts_with(id_prefix))
        out.push_back(child);
    });
  return out;
}

/// Nothing where it is to be, or why not.
std::optional<error>
objection(container_pointer self, const capture_wish& what) {
  const auto& state = self->state;
  auto mode = state.args.premises->spec().network;
  if (mode != network_mode::bridge)
    return error{
      ec::bad_request,
      "container " + what.container + " runs with --network "
        + std::string{to_string(mode)}
        + (mode == network_mode::host ? " and has no link of its own: tcpdump sees the host's" : " and has no link: nothing goes in or out")};
  if (state.now != container_state::phase::running)
    return error{
      ec::interrupted,
      "container " + what.container + " does not run yet, or no more"};
  if (captures_of(self).size() >= most_captures)
    return error{
      ec::exhausted,
      std::to_string(most_captures) + " captures of container " + what.container
        + " are open already: end one with \"pier kill\", see pier tree"};
  return {};
}

/// The container's side of a port of the host; nothing: it is gone.
std::optional<bound_port>
find_port(container_pointer self, const host_port& which) {
  for (const auto& port : self->state.args.premises->ports())
    for (const auto& each : port->bound())
      if (
        each.proto == which.proto && each.host.port == which.port
        && (!which.ip || *which.ip == each.host.ip || each.host.ip.is_any()))
        return each;
  return {};
}

} // namespace

caf::result<capture_grant>
begin_capture(container_pointer self, const capture_wish& what) {
  auto& state = self->state;
  if (auto why = objection(self, what))
    return to_caf(*why);
  const auto& args = state.args;
  capture_args born{
    args.premises, what, {}, "all packets of container " + what.container, {}};
  if (what.port) {
    auto port = find_port(self, *what.port);
    if (!port)
      return to_caf(
        {ec::no_such_port,
         "container " + what.container + " does not publish "
           + to_string(*what.port) + " any more"});
    born.filter = net::port_filter(
      net::plan_network(args.with->network), args.premises->address(),
      port->proto, port->container);
    born.text = "the packets of " + to_string(*what.port)
      + ", as they go between the gateway and port "
      + std::to_string(port->container) + " of container " + what.container;
  }
  auto id = id_prefix + std::to_string(++state.captures);
  born.news = args.news.below(id);
  auto child = self->spawn(capture, std::move(born));
  state.children->adopt(id, caf::actor_cast<caf::actor>(child));
  return self->delegate(child, atom::open::value);
}

void tell_captures(container_pointer self) {
  for (const auto& each : captures_of(self))
    caf::anon_send(
      caf::actor_cast<capture_actor>(each), atom::adopt::value,
      self->state.args.premises->address());
}

} // namespace pier::actors
