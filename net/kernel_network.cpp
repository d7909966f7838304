#include "net/kernel_network.hpp"

#include "net/agent/confirmation.hpp"
#include "net/overlap.hpp"
#include "net/port/audit.hpp"
#include "net/port/published.hpp"
#include "net/stream_options.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace pier::net {

namespace {

error dropped_error(
  const std::string& name, const ip_address& guest, uint64_t count) {
  return {
    ec::exhausted,
    name + " (" + to_string(guest)
      + ") asks for so much at once that others would wait for it: of its new "
        "connections and flows "
      + std::to_string(count) + " were dropped"};
}

void close_all(const stdio& what) {
  for (auto each : {what.in, what.out, what.err})
    fd{each}.reset();
}

/// Beside the running program, unless the settings say where.
std::string find_keeper(const settings& with) {
  if (!with.paths.keeper.empty())
    return with.paths.keeper;
  std::error_code ignored;
  auto self = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return (self.parent_path() / "pier-keeper").string();
}

} // namespace

kernel_network::kernel_network(io_runtime& runtime, const settings& with)
  : runtime_(runtime),
    keeper_(find_keeper(with)),
    network_(with.network),
    plan_(plan_network(with.network)),
    gateway_(runtime.control(), plan_.network(), keeper_),
    resolver_(runtime.control(), with.paths.resolv_conf),
    upstream_(
      runtime.control(), [this] { return resolver_.now().servers; },
      with.timeouts.dns),
    dns_(runtime.control(), upstream_),
    timeouts_(with.timeouts),
    ports_(with.ports),
    system_proxies_(runtime.control()),
    around_{runtime, gateway_, timeouts_.udp_idle, names_},
    socks_(
      around_, lobby_, allocations_, ports_, [this] { return occupied(); }),
    direct_(gateway_, plan_),
    routes_(
      runtime.control(),
      [this](const host_route& came) {
        return came.device != direct_.device()
          && !overlapping({came}, network_).empty();
      },
      [this] { look_for_overlaps(); }) {
  resolver_.on_change = [this] { dns_.clear_cache(); };
  direct_.want(with.network.direct);
  gateway_.on_held = [this](const held_packet& packet) { hear_held(packet); };
  gateway_.on_call = [this](fd made, const flow& what) {
    hear_call(std::move(made), what);
  };
  gateway_.on_dropped = [this](const ip_address& guest, uint64_t count) {
    if (!warned_)
      return;
    for (const auto& each : premises_)
      for (const auto& own : each->address().addresses())
        if (own == guest)
          warned_(dropped_error(each->spec().name, guest, count));
  };
  gateway_.on_desks = [this](family kind) { serve_dns(kind); };
  gateway_.on_stuck = [this](const lease& at, const error& why) {
    if (auto who = premises_of(at.link))
      who->warn("its address could not be changed: " + why.text);
  };
}

kernel_network::~kernel_network() {
  for (const auto& [number, each] : deposits_)
    close_all(each);
}

// -- the gateway --------------------------------------------------------------

void kernel_network::open_gateway(std::function<void(result<void>)> done) {
  if (since_start_.empty())
    note_start();
  // Whoever is reset from an address hears so before it goes.
  if (gateway_.is_moving())
    return runtime_.settle(life_.guard([this, done] { move_gateway(done); }));
  move_gateway(done);
}

void kernel_network::move_gateway(
  const std::function<void(result<void>)>& done) {
  gateway_.open([this, done](result<void> how) {
    if (how && !std::exchange(serves_dns_, true))
      for (auto kind : {family::v4, family::v6})
        serve_dns(kind);
    if (how)
      direct_.follow();
    done(std::move(how));
  });
}

void kernel_network::serve_dns(family kind) {
  auto sockets = gateway_.dns();
  if (kind == family::v4)
    dns_.serve(kind, sockets.udp4, sockets.tcp4);
  else
    dns_.serve(kind, sockets.udp6, sockets.tcp6);
}

void kernel_network::watch_gateway(
  std::function<void(const arrival&)> held,
  std::function<void(const error&)> lost) {
  held_ = std::move(held);
  gateway_.on_lost = std::move(lost);
  for (const auto& each : lobby_.waiting_at_gate())
    held_(each);
}

void kernel_network::hear_held(const held_packet& packet) {
  announce(packet.what, make_gate_side(around_, packet));
}

void kernel_network::hear_call(fd made, const flow& what) {
  if (!is_for_proxy(plan_.network(), what))
    return reset_on_close(made.get());
  announce(what, make_call_to_proxy(std::move(made)));
}

void kernel_network::announce(
  const flow& what, std::unique_ptr<near_side> who) {
  if (gateway_.is_moving() && left_.contains(what.guest.ip))
    return who->refuse(ec::renumbered);
  auto number = lobby_.enter(what, std::move(who), nullptr);
  if (held_)
    held_({number, what});
}

void kernel_network::watch_dns(std::function<void(const dns_question&)> asked) {
  dns_.watch(std::move(asked));
}

// -- tickets ------------------------------------------------------------------

std::unique_ptr<circuit>
kernel_network::claim(ticket number, circuit::sink events) {
  auto who = lobby_.leave(number);
  return who ? who->become_circuit(std::move(events)) : nullptr;
}

std::unique_ptr<exchange>
kernel_network::claim_query(ticket number, exchange::sink events) {
  return dns_.claim(number, std::move(events));
}

void kernel_network::decline(ticket number, ec why) {
  if (auto who = lobby_.leave(number))
    who->refuse(why);
}

ticket kernel_network::deposit(stdio what) {
  deposits_[++last_deposit_] = what;
  return last_deposit_;
}

void kernel_network::discard(ticket number) {
  close_all(withdraw(number));
}

stdio kernel_network::withdraw(ticket number) {
  auto found = deposits_.find(number);
  if (found == deposits_.end())
    return {};
  auto out = found->second;
  deposits_.erase(found);
  return out;
}

// -- containers ---------------------------------------------------------------

premises_surroundings kernel_network::surroundings() {
  return {
    runtime_.control(),
    gateway_,
    taps_,
    plan_.network(),
    keeper_,
    [this] { return resolver_.now().search; },
    [this](const port_spec& spec, const std::string& owner) {
      return publish(around_, lobby_, allocations_, spec, ports_, owner);
    },
    [this](ticket number) { return withdraw(number); },
    [this](std::function<void()> done) { runtime_.settle(std::move(done)); },
    audit_ports};
}

result<std::shared_ptr<premises>> kernel_network::occupy(container_spec spec) {
  auto at = plan_.take();
  if (!at)
    return at.error();
  if (!std::exchange(has_begun_, true))
    note_start();
  auto name = spec.name;
  auto vacated = [this, name, link = at->link] {
    plan_.give_back(link);
    std::erase_if(
      premises_, [&](const auto& each) { return each->spec().name == name; });
  };
  auto made = std::make_shared<kernel_premises>(
    surroundings(), std::move(spec), *at, vacated);
  premises_.push_back(made);
  return std::shared_ptr<premises>{made};
}

std::vector<std::shared_ptr<premises>> kernel_network::occupied() const {
  return {premises_.begin(), premises_.end()};
}

// -- static forwards ----------------------------------------------------------

result<std::shared_ptr<port>> kernel_network::reserve(
  const listen_address& at, const std::optional<port_settings>& by) {
  if (auto found = forwards_.find(at); found != forwards_.end())
    return found->second;
  auto made = publish_forward(
    around_, lobby_, allocations_, at, by.value_or(ports_));
  if (made)
    forwards_[at] = *made;
  return made;
}

std::vector<listen_address> kernel_network::reserved() const {
  std::vector<listen_address> out;
  out.reserve(forwards_.size());
  for (const auto& [at, each] : forwards_)
    out.push_back(at);
  return out;
}

// -- addresses ----------------------------------------------------------------

std::shared_ptr<kernel_premises>
kernel_network::premises_of(uint32_t link) const {
  for (const auto& each : premises_)
    if (each->link() == link)
      return each;
  return nullptr;
}

// -- settings -----------------------------------------------------------------

void kernel_network::adopt(
  const port_settings& ports, const timeout_settings& timeouts) {
  ports_ = ports;
  timeouts_ = timeouts;
  upstream_.wait_at_most(timeouts_.dns);
}

// -- people -------------------------------------------------------------------

void kernel_network::confirm(
  const std::string& command, std::vector<std::string> variables,
  std::function<void(bool)> said) {
  net::confirm(
    runtime_.control(), command, std::move(variables),
    life_.guard(std::move(said)));
}

} // namespace pier::net
