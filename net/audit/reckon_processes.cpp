/// Processes, and in which networks they are.

#include "net/audit/audit.hpp"

#include <algorithm>
#include <set>

namespace pier::net {

namespace {

using kind = audit_row::kind;

const process* find(const audit_subject& of, int pid) {
  auto found = std::find_if(
    of.processes.begin(), of.processes.end(),
    [&](const process& each) { return each.pid == pid; });
  return found == of.processes.end() ? nullptr : &*found;
}

/// The child of ours that it descends from; 0: it is no descendant.
int branch_of(const audit_subject& of, const process& from) {
  // A parent cannot be its own descendant, but a table is read bit by bit.
  size_t steps = of.processes.size();
  for (const auto* each = &from; each != nullptr && steps > 0; --steps) {
    if (each->parent == of.self)
      return each->pid;
    each = find(of, each->parent);
  }
  return 0;
}

std::string describe(const process& of) {
  return std::to_string(of.pid) + " " + of.name;
}

/// Of our children, by number: whose they are. A shim is its container's.
std::map<int, std::string> owners_of(const audit_subject& of) {
  std::map<int, std::string> out;
  if (of.keeper != 0)
    out[of.keeper] = "gateway";
  for (const auto& guest : of.guests)
    if (const auto* first = find(of, guest.pid); first && guest.pid != 0)
      if (auto branch = branch_of(of, *first); branch != 0)
        out[branch] = "containers/" + guest.name;
  return out;
}

/// Of somebody else's, whose he might be.
std::string guess(const process& of) {
  for (const auto& word : of.words)
    if (word.ends_with("pier-keeper"))
      return "nobody's: a keeper or shim whose gateway or container has gone";
  return "nobody's: perhaps a command of ssh_agent.confirm, or a process that "
         "the program has started";
}

void reckon_descriptors_of(
  const audit_subject& of, int pid, const std::string& where,
  const std::string& owner, std::vector<audit_row>& to) {
  auto found = of.of_children.find(pid);
  if (found == of.of_children.end())
    return;
  // Three streams and the channel to us: a keeper hands everything over.
  constexpr int most_of_keeper = 3;
  auto is_keeper = pid == of.keeper;
  for (const auto& each : found->second) {
    auto stray = is_keeper && each.number > most_of_keeper;
    to.push_back(
      {kind::descriptor, where, to_string(each),
       stray ? "nobody's: the keeper has handed it over, or should have"
             : owner,
       stray});
  }
}

/// Who lives in the gateway's network and is no keeper.
void reckon_residents(const audit_subject& of, std::vector<audit_row>& to) {
  for (const auto& each : of.processes)
    if (
      of.gateway_network != 0 && each.network == of.gateway_network
      && each.pid != of.keeper && each.parent != of.self)
      to.push_back(
        {kind::process, "the gateway's network", describe(each),
         "nobody's: somebody has entered the gateway", true});
}

/// A descendant may not be in a network that nobody knows; what a container
/// makes within itself is its own.
void reckon_networks(
  const audit_subject& of, const std::map<int, std::string>& owners,
  std::vector<audit_row>& to) {
  const auto* self = find(of, of.self);
  std::set<uint64_t> told{self ? self->network : 0, 0};
  for (const auto& each : of.processes) {
    auto branch = branch_of(of, each);
    if (branch == 0 || !told.insert(each.network).second)
      continue;
    auto found = owners.find(branch);
    auto is_gateway = each.network == of.gateway_network;
    auto inside = found != owners.end() && branch != of.keeper;
    auto owner = is_gateway ? std::string{"gateway"}
      : inside              ? found->second
                            : std::string{};
    to.push_back(
      {kind::name_space, "network",
       std::to_string(each.network) + " of " + describe(each),
       owner.empty() ? "nobody's: no container has it" : owner, owner.empty()});
  }
}

} // namespace

void reckon_processes(const audit_subject& of, std::vector<audit_row>& to) {
  auto owners = owners_of(of);
  for (const auto& each : of.processes) {
    auto branch = branch_of(of, each);
    if (branch == 0)
      continue;
    auto found = owners.find(branch);
    // A keeper has no children.
    auto known = found != owners.end()
      && (branch != of.keeper || each.pid == of.keeper);
    to.push_back(
      {kind::process, "descendants", describe(each),
       known ? found->second : guess(each), !known});
    if (known && each.pid == branch)
      reckon_descriptors_of(of, branch, describe(each), found->second, to);
  }
  reckon_residents(of, to);
  reckon_networks(of, owners, to);
}

} // namespace pier::net
