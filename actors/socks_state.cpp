#include "actors/socks.hpp"

#include <caf/all.hpp>

namespace pier::actors {

const char* socks_state::name = "socks";

namespace {

std::string target_of(const arrival& client) {
  const auto& to = client.what.guest;
  return client.name.empty() ? to_string(to)
                             : client.name + ":" + std::to_string(to.port);
}

} // namespace

health socks_state::describe() const {
  health out;
  const auto& listen = args.with->socks.listen;
  if (!refusal.empty())
    out.state = refusal;
  else if (listen && !open)
    out.state = "paused";
  out.facts.emplace_back("listen", listen ? to_string(*listen) : "off");
  if (!args.with->socks.users.empty())
    out.facts.emplace_back("users", args.with->socks.users);
  if (args.with->socks.outside == socks_outside::allow)
    out.facts.emplace_back("outside", "allow");
  out.facts.emplace_back("clients", std::to_string(clients));
  if (declined > 0)
    out.facts.emplace_back("refused", std::to_string(declined));
  return out;
}

sessions_actor socks_state::sessions() {
  return caf::actor_cast<sessions_actor>(children->child(sessions_id));
}

bool socks_state::is_inside(const ip_address& ip) const {
  return ip.in_subnet(guests.subnet, guests.bits)
    || ip.in_subnet(guests.subnet6, guests.bits6);
}

void socks_state::decline(
  const arrival& client, ec why, const std::string& text) {
  ++declined;
  args.network->decline(client.number, why);
  auto said = "refused " + to_string(client.what.peer.ip) + " -> "
    + target_of(client) + ": " + text;
  if (std::exchange(last_declined, said) != said)
    tell(said);
}

void socks_state::tell(const std::string& text) const {
  args.news({event::kind::socks, {}, text});
}

socks_terms socks_terms_of(const settings& from) {
  socks_terms out;
  out.users = from.socks.users;
  out.suffixes = from.network.suffixes;
  out.suffixes.emplace_back("container.internal");
  for (const auto& [name, addresses] : from.network.hosts)
    for (const auto& ip : addresses)
      if (
        from.network.subnet.contains(ip) || from.network.subnet6.contains(ip)) {
        out.names.push_back(name);
        break;
      }
  return out;
}

} // namespace pier::actors
