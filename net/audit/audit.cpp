#include "net/audit/audit.hpp"

#include <map>

namespace pier::net {

namespace {

using kind = audit_row::kind;

/// What a stray one might be, for a person who looks for it.
std::string guess(const audit_subject& of, const descriptor& which) {
  if (which.target.starts_with("pipe:["))
    return "nobody's: perhaps a pipe that a relay has lost";
  if (which.target.starts_with("net:["))
    return "nobody's: a network namespace of a container that has gone";
  if (!which.is_socket())
    return "nobody's: it was opened after the start, and nobody says why";
  if (which.peer)
    return "nobody's: perhaps a flow's that has ended: see pier flows";
  if (which.listens || (which.own && which.own->port != 0))
    return "nobody's: no port, forward or server has it: see pier ps";
  return of.guests.empty() ? "nobody's: and there is no container"
                           : "nobody's: perhaps of a container that has gone";
}

void reckon_descriptors(const audit_subject& of, std::vector<audit_row>& to) {
  for (const auto& each : of.own) {
    auto owner = owner_of(of, each);
    auto stray = owner.empty();
    if (stray)
      owner = guess(of, each);
    to.push_back({kind::descriptor, "self", to_string(each), owner, stray});
    if (each.listens)
      to.push_back({kind::listener, "self", to_string(each), owner, stray});
  }
}

std::string holder_among(const audit_subject& of, uint64_t inode) {
  for (const auto& [pid, all] : of.of_children)
    for (const auto& each : all)
      if (each.is_socket() && each.inode() == inode)
        return "process " + std::to_string(pid) + " of ours";
  return "a process that has entered the gateway";
}

/// Whatever takes somebody in there is a socket of this process.
void reckon_gateway(const audit_subject& of, std::vector<audit_row>& to) {
  std::map<uint64_t, const descriptor*> ours;
  for (const auto& each : of.own)
    if (each.is_socket())
      ours[each.inode()] = &each;
  for (const auto& each : of.in_gateway) {
    auto found = ours.find(each.inode);
    auto stray = found == ours.end();
    to.push_back(
      {kind::listener, "the gateway's network",
       each.protocol + " " + to_string(each.at),
       stray ? "nobody's: it is held by " + holder_among(of, each.inode)
             : owner_of(of, *found->second),
       stray});
  }
  std::map<std::string, std::string> guests;
  for (const auto& each : of.guests)
    guests[each.link] = "containers/" + each.name;
  for (const auto& link : of.links) {
    if (!link.starts_with("veth"))
      continue; // The gateway's own: laid once, and gone with it.
    auto found = guests.find(link);
    auto stray = found == guests.end();
    to.push_back(
      {kind::link, "the gateway's network", link,
       stray ? "nobody's: the container that it led to has gone"
             : found->second,
       stray});
  }
}

} // namespace

std::vector<audit_row> reckon(const audit_subject& of) {
  std::vector<audit_row> out;
  reckon_descriptors(of, out);
  reckon_gateway(of, out);
  reckon_processes(of, out);
  return out;
}

} // namespace pier::net
