#include "actors/port_clients.hpp"

#include <utility>

namespace pier::actors {

namespace {

/// A person looks at the last ones of a port.
constexpr size_t most_remembered = 10;

/// Ports come and go by hand; the memory of a few hundred will do.
constexpr size_t most_ports = 256;

} // namespace

void port_clients::enter(const std::string& session, const std::string& port) {
  port_of_[session] = port;
  ++there_[port];
}

void port_clients::leave(const std::string& session) {
  auto found = port_of_.find(session);
  if (found == port_of_.end())
    return;
  auto count = there_.find(found->second);
  if (--count->second == 0)
    there_.erase(count);
  port_of_.erase(found);
}

void port_clients::remember(past_client who) {
  if (gone_.size() >= most_ports && gone_.count(who.port) == 0)
    gone_.erase(gone_.begin());
  auto& all = gone_[who.port];
  all.push_front(std::move(who));
  if (all.size() > most_remembered)
    all.pop_back();
}

uint64_t port_clients::count(const std::string& port) const {
  auto found = there_.find(port);
  return found == there_.end() ? 0 : found->second;
}

std::vector<past_client> port_clients::last(const std::string& port) const {
  auto found = gone_.find(port);
  if (found == gone_.end())
    return {};
  return {found->second.begin(), found->second.end()};
}

} // namespace pier::actors
