/// Whose a descriptor of this process is.

#include "net/audit/audit.hpp"
#include "net/relay/pipe_pool.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

namespace pier::net {

namespace {

constexpr uint16_t dns_port = 53;
constexpr std::string_view agent_socket = "/run/host-services/ssh-auth.sock";

std::string of_container(const std::string& name, const std::string& what) {
  return "containers/" + name + (what.empty() ? "" : "/" + what);
}

bool same_place(const endpoint& one, const endpoint& other) {
  return one.port == other.port && (one.ip == other.ip || other.ip.is_any());
}

std::string by_port(const audit_subject& of, const endpoint& own, protocol by) {
  for (const auto& guest : of.guests)
    for (const auto& [spec, bound] : guest.ports)
      for (const auto& each : bound)
        if (each.proto == by && same_place(own, each.host))
          return of_container(guest.name, "port " + to_string(spec));
  for (const auto& each : of.forwards)
    if (
      !each.is_unix() && each.proto == by && each.port == own.port
      && (!each.ip || each.ip->is_any() || *each.ip == own.ip))
      return "forwards/" + to_string(each);
  for (const auto& each : of.marks.places)
    if (same_place(own, each))
      return "the program: listens at " + to_string(each);
  return {};
}

/// Sockets towards a guest are in the gateway.
std::string by_guest(const audit_subject& of, const descriptor& which) {
  for (const auto& guest : of.guests)
    for (const auto& ip : guest.at.addresses())
      for (const auto* each : {&which.own, &which.peer})
        if (*each && (*each)->ip == ip)
          return of_container(guest.name, "sessions");
  return {};
}

/// A ping has no port.
bool meets(const flow_info& one, const endpoint& place) {
  auto is_ping = one.what.proto == protocol::icmp;
  for (const auto* each : {&one.to, &one.what.peer, &one.what.guest})
    if (each->ip == place.ip && (is_ping || each->port == place.port))
      return true;
  return false;
}

std::string by_flow(const audit_subject& of, const descriptor& which) {
  for (const auto& flow : of.flows)
    if (which.peer && meets(flow, *which.peer))
      return flow.path;
  // One that is being dialled has no peer yet.
  auto dials = [](const flow_info& each) { return each.state != "open"; };
  auto found = std::find_if(of.flows.begin(), of.flows.end(), dials);
  auto is_dialling = !which.peer && which.own && which.own->port != 0
    && !which.listens;
  return is_dialling && found != of.flows.end() ? found->path : std::string{};
}

std::string by_address(const audit_subject& of, const descriptor& which) {
  auto by = which.protocol == IPPROTO_TCP ? protocol::tcp
    : which.protocol == IPPROTO_UDP       ? protocol::udp
                                          : protocol::icmp;
  if (which.own) {
    if (auto owner = by_port(of, *which.own, by); !owner.empty())
      return owner;
    auto is_gateway = which.own->ip == of.net.gateway
      || which.own->ip == of.net.gateway6;
    if (is_gateway && which.own->port == dns_port)
      return "dns";
  }
  if (auto owner = by_guest(of, which); !owner.empty())
    return owner;
  if (auto owner = by_flow(of, which); !owner.empty())
    return owner;
  if (!which.peer)
    return {};
  const auto& servers = of.name_servers;
  auto asks = which.peer->port == dns_port
    || std::find(servers.begin(), servers.end(), *which.peer) != servers.end();
  return asks ? "dns: a question to a name server" : "";
}

std::string by_path(const audit_subject& of, const descriptor& which) {
  const auto& path = which.path.empty() ? which.peer_path : which.path;
  if (path.empty())
    return of.marks.has_consoles ? "consoles: of one that is attached" : "";
  if (!of.marks.folder.empty() && path.starts_with(of.marks.folder + "/"))
    return "the program: " + path;
  if (path == agent_socket)
    return "containers: a client of the SSH agent";
  for (const auto& each : of.forwards)
    if (each.path == path)
      return "forwards/" + to_string(each);
  for (const auto& each : of.flows)
    if (
      std::find(each.names.begin(), each.names.end(), path) != each.names.end())
      return each.path;
  return {};
}

/// Namespaces, by their inodes.
std::string by_namespace(const audit_subject& of, const descriptor& which) {
  if (which.inode() == of.gateway_network)
    return "gateway";
  for (const auto& each : of.processes) {
    if (each.network != which.inode())
      continue;
    for (const auto& guest : of.guests)
      if (guest.pid == each.pid)
        return of_container(guest.name, {});
  }
  return {};
}

std::string by_kind(const audit_subject& of, const descriptor& which) {
  const auto& target = which.target;
  const auto& folder = of.marks.folder;
  if (target.starts_with("anon_inode:"))
    return "the program: its event loops";
  if (target == "/dev/null")
    return "the program: nothing to be read";
  if (target.starts_with("/dev/pts/") || target == "/dev/ptmx")
    return "the program: a terminal";
  if (!folder.empty() && target.starts_with(folder + "/"))
    return "the program: " + target;
  // Another number for what was there at the start.
  for (const auto& [number, each] : of.since_start)
    if (each == target)
      return "the program: since its start";
  // Of that size are those of the relays; small ones, where the user has no
  // more, are there while there are flows.
  auto is_pipe = target.starts_with("pipe:[");
  if (is_pipe && (which.room >= pipe_pool::pipe_size || !of.flows.empty()))
    return "relays: a pipe for what is in flight";
  return {};
}

std::string by_face(const audit_subject& of, const descriptor& which) {
  if (which.target.starts_with("net:["))
    return by_namespace(of, which);
  if (!which.is_socket())
    return by_kind(of, which);
  if (which.family == AF_INET || which.family == AF_INET6)
    return by_address(of, which);
  return which.family == AF_UNIX ? by_path(of, which) : std::string{};
}

} // namespace

std::string owner_of(const audit_subject& of, const descriptor& which) {
  auto owner = of.claims.owner_of(which.number);
  if (owner.empty())
    owner = by_face(of, which);
  auto old = of.since_start.find(which.number);
  auto stands = old != of.since_start.end() && old->second == which.target;
  return owner.empty() && stands ? "the program: since its start" : owner;
}

} // namespace pier::net
