#include "actors/socks_course.hpp"

#include "net/route.hpp"

#include <caf/all.hpp>

#include <cctype>
#include <string>
#include <utility>
#include <vector>

namespace pier::actors {

namespace {

using pointer = socks_pointer;

/// In the order in which the DNS server explains a name.
constexpr uint16_t type_a = 1, type_aaaa = 28;

/// A container has to be there, and to be known.
void lead_in(
  pointer self, const arrival& client, const std::vector<endpoint>& targets) {
  auto& state = self->state;
  auto known = client;
  known.what.guest = targets.front();
  auto nobody = [self, known] {
    self->state.decline(known, ec::host_unreachable, "no container is there");
  };
  if (!state.gateway)
    return nobody();
  self
    ->request(state.gateway, caf::infinite, atom::admit::value, known, targets)
    .then(
      [nobody](bool somebody) {
        if (!somebody)
          nobody();
      },
      [nobody](const caf::error&) { nobody(); });
}

void lead_out(
  pointer self, const arrival& client, const std::vector<endpoint>& targets) {
  auto& state = self->state;
  auto known = client;
  std::vector<endpoint> allowed;
  for (const auto& each : targets) {
    flow out{direction::outbound, client.what.proto, client.what.peer, each};
    if (!state.is_inside(each.ip) && net::route(state.guests, out))
      allowed.push_back(each);
  }
  auto sessions = state.sessions();
  if (allowed.empty() || !sessions)
    return state.decline(
      client, ec::forbidden, "it is this host's own loopback, or a multicast");
  known.what.guest = allowed.front();
  state.args.network->lead(client.number, {false, {}, false});
  caf::anon_send(
    sessions, atom::admit::value, std::move(known), std::move(allowed),
    std::string{});
}

void lead(
  pointer self, const arrival& client, const std::vector<endpoint>& targets) {
  auto& state = self->state;
  if (targets.empty())
    return state.decline(client, ec::host_unreachable, "there is no such name");
  if (state.is_inside(targets.front().ip))
    return lead_in(self, client, targets);
  if (state.args.with->socks.outside == socks_outside::refuse)
    return state.decline(
      client, ec::forbidden,
      "it is outside the guest network, where socks.outside lets nobody go");
  lead_out(self, client, targets);
}

std::vector<endpoint>
at_port(const std::vector<ip_address>& all, uint16_t port) {
  std::vector<endpoint> out;
  out.reserve(all.size());
  for (const auto& ip : all)
    out.push_back({ip, port});
  return out;
}

/// The name is none of ours: whoever knows it is asked.
void resolve(
  pointer self, const arrival& client,
  const std::vector<name_course>& courses) {
  auto& state = self->state;
  auto& mine = state.asking[client.number];
  for (size_t i = 0; i < courses.size(); ++i)
    if (courses[i].how.what == dns_course::kind::forward) {
      ++mine.open;
      mine.trials.push_back(state.args.network->look().resolve(
        client.name, i == 0 ? type_a : type_aaaa, courses[i].how,
        [me = socks_actor{self}, client](const found_name& what) {
          caf::anon_send(me, atom::learned::value, client, what);
        }));
    }
}

void hear_courses(
  pointer self, const arrival& client,
  const std::vector<name_course>& courses) {
  std::vector<ip_address> ours;
  auto is_ours = true;
  for (const auto& [how, by] : courses) {
    is_ours = is_ours && how.what == dns_course::kind::own;
    ours.insert(ours.end(), how.own.addresses.begin(), how.own.addresses.end());
    for (const auto& each : how.own.records)
      if (
        each.type == dns_record::kind::a || each.type == dns_record::kind::aaaa)
        ours.push_back(each.address);
  }
  if (is_ours || !ours.empty())
    return lead(self, client, at_port(ours, client.what.guest.port));
  if (self->state.args.with->socks.outside == socks_outside::allow)
    return resolve(self, client, courses);
  // A single word is nobody else's.
  auto is_word = client.name.find('.') == std::string::npos;
  self->state.decline(
    client, is_word ? ec::host_unreachable : ec::forbidden,
    "no container has that name, and socks.outside lets nobody go elsewhere");
}

/// Names are equal whatever their case, and with a dot at the end or without.
std::string as_kept(std::string name) {
  for (auto& c : name)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (name.ends_with('.'))
    name.pop_back();
  return name;
}

} // namespace

void hear_learned(
  socks_pointer self, const arrival& client, const found_name& what) {
  auto& state = self->state;
  auto found = state.asking.find(client.number);
  if (found == state.asking.end())
    return;
  auto& mine = found->second;
  for (const auto& each : at_port(what.addresses, client.what.guest.port))
    mine.found.push_back(each);
  if (--mine.open > 0)
    return;
  auto targets = std::move(mine.found);
  state.asking.erase(found);
  lead(self, client, targets);
}

void hear_client(socks_pointer self, const arrival& client) {
  auto& state = self->state;
  ++state.clients;
  if (client.name.empty())
    return lead(self, client, {client.what.guest});
  auto known = client;
  known.name = as_kept(client.name);
  auto unknown = [self, known] {
    self->state.decline(known, ec::exhausted, "names are not known for now");
  };
  if (!state.dns)
    return unknown();
  self->request(state.dns, caf::infinite, atom::explain::value, known.name)
    .then(
      [self, known](const std::vector<name_course>& courses) {
        hear_courses(self, known, courses);
      },
      [unknown](const caf::error&) { unknown(); });
}

} // namespace pier::actors
