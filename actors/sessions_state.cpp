#include "actors/sessions_flows.hpp"
#include "net/verdict.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* sessions_state::name = "sessions";

namespace {

constexpr std::string_view tcp_prefix = "tcp-";

} // namespace

health sessions_state::describe() const {
  health out;
  out.facts.emplace_back("now", std::to_string(children->size()));
  out.facts.emplace_back("flows", std::to_string(flows));
  out.facts.emplace_back("queries", std::to_string(queries));
  if (pending > 0)
    out.facts.emplace_back("pending", std::to_string(pending));
  if (paused)
    out.state = "paused";
  for (const auto& [limit, times] : declined)
    out.facts.emplace_back("declined by " + limit, std::to_string(times));
  for (const auto& [rule, times] : forbidden)
    out.facts.emplace_back("forbidden by " + rule, std::to_string(times));
  if (ended > 0)
    out.facts.emplace_back("ended by new settings", std::to_string(ended));
  if (refused > 0)
    out.facts.emplace_back("refused", std::to_string(refused));
  return out;
}

bool sessions_state::is_flow(std::string_view id) {
  return !id.starts_with(query_prefix) && !id.starts_with(why_prefix);
}

uint64_t sessions_state::count(const std::string& port) const {
  return port.empty() ? children->size() - asking : clients.count(port);
}

void sessions_state::lose(const std::string& id) {
  if (id.starts_with(tcp_prefix))
    --connections;
  if (!is_flow(id))
    --asking;
  clients.leave(id);
  waiting.settle([this](const auto& each) { return count(each); });
}

void sessions_state::adopt(policy_ptr by) {
  rules.by = std::move(by);
  limits = net::limits_of(rules);
  proxy.reset();
  // They are counted by the rules that are there.
  forbidden.clear();
}

void sessions_state::adopt(tally_ptr count) {
  counted = std::move(count);
  for (auto& way : counted->flows)
    for (auto& each : way)
      each.open = 0;
  for (auto& [id, each] : counted->ports)
    each.open = 0;
}

void sessions_state::bury(const flow_end& last) {
  count_end(*counted, last);
  news.log(log_level::debug, [&] { return line_of(last); });
  if (last.port.empty())
    return;
  clients.remember(
    {last.port, last.what.peer, last.state, last.why, last.bytes,
     last.milliseconds});
}

void sessions_state::note(const std::string& question, dns_outcome how) {
  ++counted->names.outcomes[static_cast<size_t>(how)];
  news.log(log_level::debug, [&] {
    return "the question for " + question + ": " + std::string{to_string(how)};
  });
}

const char* sessions_state::limit_of(const flow& what) const {
  constexpr uint64_t descriptors_each = 2;
  auto now = children->size();
  if (pending >= most.pending)
    return "pending";
  if (now >= most.flows || (limits.flows && now >= *limits.flows))
    return "flows";
  if (
    limits.descriptors
    && held_by_ports + descriptors_each * (now + 1) > *limits.descriptors)
    return "descriptors";
  if (
    what.proto == protocol::tcp && limits.connections
    && connections >= *limits.connections)
    return "connections";
  return nullptr;
}

lease sessions_state::lease_in(const renumbering_ptr& addresses) const {
  if (!addresses)
    return {};
  auto found = addresses->leases.find(rules.who);
  return found == addresses->leases.end() ? lease{} : found->second;
}

} // namespace pier::actors
