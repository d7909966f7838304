#include "actors/tree_path.hpp"

#include "config/host_port_grammar.hpp"

#include <string_view>

namespace pier::actors {

namespace {

constexpr std::string_view containers_prefix = "containers/";
constexpr std::string_view forwards_prefix = "forwards/";
constexpr auto socks = "socks";

bool fits(const host_port& wanted, const endpoint& at) {
  return wanted.port == at.port
    && (!wanted.ip || *wanted.ip == at.ip
        || (at.ip.is_any() && at.ip.kind() == wanted.ip->kind()));
}

} // namespace

std::string id_of(const port_spec& spec) {
  return "port " + to_string(spec);
}

std::string path_of(net::network& all, const host_port& wanted) {
  for (const auto& where : all.occupied())
    for (const auto& port : where->ports())
      for (const auto& each : port->bound())
        if (each.proto == wanted.proto && fits(wanted, each.host))
          return std::string{containers_prefix} + where->spec().name + "/"
            + id_of(port->spec());
  for (const auto& at : all.reserved()) {
    auto same = at.proto == wanted.proto && !at.is_unix()
      && at.port == wanted.port
      && (!at.ip || !wanted.ip || *at.ip == *wanted.ip);
    if (same)
      return std::string{forwards_prefix} + to_string(at);
  }
  for (const auto& at : all.socks().reserved())
    if (wanted.proto == protocol::tcp && fits(wanted, at))
      return socks;
  return {};
}

std::string tree_path(net::network& all, const std::string& said) {
  constexpr std::string_view root = "root/";
  if (said.starts_with(root))
    return said.substr(root.size());
  for (const auto& where : all.occupied())
    if (where->spec().name == said)
      return std::string{containers_prefix} + said;
  if (auto port = config::parse_host_port(said))
    if (auto path = path_of(all, *port); !path.empty())
      return path;
  return said;
}

std::string container_on(const std::string& path) {
  if (!path.starts_with(containers_prefix))
    return {};
  auto name = path.substr(containers_prefix.size());
  return name.substr(0, name.find('/'));
}

} // namespace pier::actors
