#include "actors/published_port.hpp"

#include "actors/runtime/manners.hpp"
#include "actors/service_index.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace pier::actors {

const char* published_port_state::name = "published_port";

namespace {

constexpr auto every_port = service_index::every_port;

bool faces_the_network(const service& each, const lease& guest) {
  const auto& ip = each.at.ip;
  return ip.is_any() || ip == guest.v4 || ip == guest.v6;
}

} // namespace

health published_port_state::describe() const {
  health out;
  out.kind = name;
  size_t accepting = 0;
  auto bound = args.port->bound();
  for (const auto& each : bound)
    accepting += each.open ? 1 : 0;
  if (!bound.empty())
    out.facts.emplace_back("host", to_string(bound.front().host));
  out.facts.emplace_back(
    "open", std::to_string(accepting) + "/" + std::to_string(bound.size()));
  out.facts.emplace_back("clients", std::to_string(clients));
  if (source() == port_source::preserve)
    out.facts.emplace_back("source", std::string{to_string(source())});
  if (!refusal.empty())
    out.state = refusal;
  if (args.port->paused)
    out.state = "paused";
  return out;
}

port_source published_port_state::source() const {
  return args.port->spec().source.value_or(args.by.source);
}

/// A client that is to be seen has to be of the guest's family.
std::vector<endpoint> published_port_state::targets(const flow& client) const {
  std::vector<endpoint> out;
  for (const auto& ip : args.guest().addresses())
    out.push_back({ip, client.guest.port});
  auto seen_v6 = source() == port_source::preserve && !client.peer.ip.is_v4();
  if (seen_v6 || only_v6.count(client.guest.port) != 0)
    std::reverse(out.begin(), out.end());
  return out;
}

void published_port_state::follow() {
  const auto& spec = args.port->spec();
  auto guest = args.guest();
  const std::vector<service> always{
    {spec.proto, {ip_address::any(family::v4), every_port}}};
  const auto& followed = args.by.ready == port_ready::listening ? always
                                                                : services;
  std::set<uint16_t> wanted;
  std::set<uint16_t> v4;
  auto serve = [&](uint16_t number, const service& each) {
    wanted.insert(number);
    // An unspecified IPv6 address usually takes IPv4 clients, too.
    if (each.at.ip.is_v4() || each.at.ip.is_any())
      v4.insert(number);
  };
  for (const auto& each : followed) {
    if (each.proto != spec.proto || !faces_the_network(each, guest))
      continue;
    if (each.at.port == every_port)
      for (unsigned n = spec.container.first; n <= spec.container.last; ++n)
        serve(static_cast<uint16_t>(n), each);
    else if (
      each.at.port >= spec.container.first
      && each.at.port <= spec.container.last)
      serve(each.at.port, each);
  }
  if (args.port->paused)
    wanted.clear();
  only_v6.clear();
  refusal.clear();
  std::set<uint16_t> opened;
  for (auto number : wanted) {
    if (v4.count(number) == 0)
      only_v6.insert(number);
    if (auto done = args.port->open(number); !done)
      refusal = done.error().text;
    else if (open.count(number) == 0)
      opened.insert(number);
  }
  std::set<uint16_t> closed;
  for (auto number : open)
    if (wanted.count(number) == 0) {
      args.port->park(number);
      closed.insert(number);
    }
  open = std::move(wanted);
  tell(event::kind::port_opened, opened);
  tell(event::kind::port_closed, closed);
}

void published_port_state::tell(
  event::kind what, const std::set<uint16_t>& numbers) const {
  if (!numbers.empty())
    for (auto& run : port_runs(args.port->bound(), numbers))
      args.news(what, std::move(run));
}

std::vector<std::string> port_runs(
  const std::vector<bound_port>& bound, const std::set<uint16_t>& numbers) {
  struct run {
    bound_port first;
    unsigned count = 1;
  };
  std::vector<run> runs;
  for (const auto& each : bound) {
    if (numbers.count(each.container) == 0)
      continue;
    // The families take turns: a run goes on where its address was last.
    auto last = std::find_if(runs.rbegin(), runs.rend(), [&](const run& one) {
      return one.first.host.ip == each.host.ip;
    });
    if (
      last != runs.rend()
      && each.container == last->first.container + last->count
      && each.host.port == last->first.host.port + last->count) {
      ++last->count;
      continue;
    }
    runs.push_back({each});
  }
  std::vector<std::string> out;
  for (const auto& [first, count] : runs) {
    auto upto = [n = count - 1](unsigned from) {
      return n == 0 ? std::string{} : "-" + std::to_string(from + n);
    };
    out.push_back(
      to_string(first.host) + upto(first.host.port) + "->"
      + std::to_string(first.container) + upto(first.container) + "/"
      + std::string{to_string(first.proto)});
  }
  return out;
}

namespace {

caf::result<uint64_t> obey(
  published_port_actor::stateful_pointer<published_port_state> self,
  const act& what) {
  auto& state = self->state;
  state.args.port->paused = what.what != act::kind::resume;
  state.follow();
  if (what.what != act::kind::drain)
    return uint64_t{0};
  return self->delegate(
    state.args.sessions, atom::drain::value, state.args.id, what.patience);
}

} // namespace

published_port_actor::behavior_type published_port(
  published_port_actor::stateful_pointer<published_port_state> self,
  published_port_args args) {
  install_manners(self);
  auto& state = self->state;
  state.args = std::move(args);
  for (const auto& each : state.args.port->bound())
    if (each.open)
      state.open.insert(each.container);
  state.loan = state.args.port->borrow(
    [me = published_port_actor{self}](const arrival& client) {
      caf::anon_send(me, atom::held::value, client);
    });
  state.args.port->adopt(state.args.by);
  if (state.args.by.ready == port_ready::listening || state.args.port->paused)
    state.follow();
  return {
    on_status(self),
    on_fault(self),
    [self](atom::held, const arrival& client) {
      auto& st = self->state;
      ++st.clients;
      auto to = st.targets(client.what);
      auto known = client;
      known.what.guest = to.front();
      caf::anon_send(
        st.args.sessions, atom::admit::value, std::move(known), std::move(to),
        st.args.id);
    },
    [self](atom::serving, const std::vector<service>& services) {
      self->state.services = services;
      if (self->state.args.by.ready == port_ready::strict)
        self->state.follow();
    },
    [self](atom::obey, const act& what) { return obey(self, what); },
    [self](atom::adopt, const port_settings& by) {
      auto was = std::exchange(self->state.args.by, by);
      self->state.args.port->adopt(by);
      if (by.ready != was.ready)
        self->state.follow();
    },
  };
}

} // namespace pier::actors
