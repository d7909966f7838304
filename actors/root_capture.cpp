#include "actors/root_capture.hpp"

#include "actors/runtime/refusal.hpp"
#include "actors/tree_path.hpp"
#include "config/host_port_grammar.hpp"

#include <caf/all.hpp>

namespace pier::actors {

namespace {

bool has_container(const net::network& all, const std::string& name) {
  for (const auto& where : all.occupied())
    if (where->spec().name == name)
      return true;
  return false;
}

/// Whose packets those are.
result<capture_wish>
find_wish(net::network& all, const std::string& what) {
  if (has_container(all, what))
    return capture_wish{what, {}, {}};
  auto port = config::parse_host_port(what);
  if (!port)
    return error{
      ec::no_such_container,
      "No such container: " + what + "; \"pier ps\" lists those that run"};
  auto path = path_of(all, *port);
  if (auto name = container_on(path); !name.empty())
    return capture_wish{name, *port, {}};
  if (path.empty())
    return error{
      ec::no_such_port,
      "no container publishes " + to_string(*port)
        + "; \"pier ps\" lists those that are published"};
  return error{
    ec::not_supported,
    to_string(*port)
      + " is a static forward, whose clients no link of a container shows: "
        "capture the container that it leads to"};
}

} // namespace

caf::result<capture_grant> begin_capture(
  root_pointer self, const std::string& what, const std::string& client) {
  auto wish = find_wish(*self->state.args.network, what);
  if (!wish)
    return to_caf(wish.error());
  wish->client = client;
  auto containers = self->state.children->child(root_state::containers_id);
  if (!containers)
    return to_caf(
      {ec::interrupted, "the containers are being restarted: try again"});
  return self->delegate(
    caf::actor_cast<containers_actor>(containers), atom::capture::value, *wish);
}

} // namespace pier::actors
