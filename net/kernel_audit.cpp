/// What the real network knows for an audit.

#include "net/audit/audit.hpp"
#include "net/kernel_network.hpp"
#include "net/link/guest_link.hpp"

#include <unistd.h>

namespace pier::net {

namespace {

audited_guest know(const premises& of) {
  audited_guest out;
  auto info = of.info();
  out.name = info.name;
  out.at = of.address();
  out.link = link_name(out.at);
  out.pid = info.pid;
  for (const auto& each : of.ports())
    out.ports.emplace_back(each->spec(), each->bound());
  return out;
}

} // namespace

std::vector<audit_row> kernel_network::audit(
  const std::vector<flow_info>& flows, const audit_marks& by) {
  audit_subject of;
  of.marks = by;
  of.self = ::getpid();
  of.keeper = gateway_.keeper_pid();
  of.gateway_network = inode_of(gateway_.network_namespace());
  of.since_start = since_start_;
  of.forwards = reserved();
  of.flows = flows;
  of.name_servers = upstream_.servers();
  of.net = plan_.network();
  gateway_.account(of.claims);
  taps_.account(of.claims);
  for (const auto& each : premises_) {
    each->account(of.claims);
    of.guests.push_back(know(*each));
  }
  for (const auto& [number, each] : deposits_)
    for (auto one : {each.in, each.out, each.err})
      of.claims.claim(one, "containers: the streams of one that is starting");
  // Last, so that whatever is seen is known by now.
  of.own = own_descriptors();
  of.processes = all_processes();
  for (const auto& each : of.processes)
    if (each.parent == of.self)
      of.of_children[each.pid] = descriptors_of(each.pid);
  if (of.keeper != 0) {
    of.in_gateway = open_sockets_of(of.keeper);
    of.links = links_of(of.keeper);
  }
  return reckon(of);
}

void kernel_network::note_start() {
  since_start_.clear();
  for (const auto& each : descriptors_of(0))
    since_start_[each.number] = each.target;
}

} // namespace pier::net
