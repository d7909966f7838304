#pragma once

/// The network as actors see it, without a kernel: it records what it is asked
/// and lets a test say what happens next.

#include "net/gateway/address_plan.hpp"
#include "test/support/fake_circuit.hpp"
#include "test/support/fake_premises.hpp"
#include "test/support/fake_probes.hpp"
#include "test/support/fake_socks.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace pier::test {

class fake_network : public net::network {
public:
  void open_gateway(std::function<void(result<void>)> done) override {
    ++opens;
    if (opening_takes_time)
      opened_ = std::move(done);
    else
      done(gateway_answer);
  }
  void watch_gateway(
    std::function<void(const arrival&)> held,
    std::function<void(const error&)> lost) override {
    held_ = std::move(held);
    lost_ = std::move(lost);
    for (const auto& [number, what] : waiting_)
      if (what.way == direction::outbound)
        held_({number, what});
  }
  void watch_dns(std::function<void(const dns_question&)> asked) override {
    asked_ = std::move(asked);
  }
  void renew_dns_cache(const dns_cache_limits& limits) override {
    cache_limits.push_back(limits);
  }
  net::dns_cache_counts count_dns_cache() const override {
    return {};
  }
  bool has_ipv6() override {
    return ipv6;
  }
  std::unique_ptr<net::circuit>
  claim(ticket number, net::circuit::sink events) override {
    if (waiting_.erase(number) == 0)
      return nullptr;
    auto record = std::make_shared<circuit_record>();
    record->sink = std::move(events);
    circuits[number] = record;
    return std::make_unique<fake_circuit>(record);
  }
  std::unique_ptr<net::exchange>
  claim_query(ticket number, net::exchange::sink events) override {
    auto record = std::make_shared<exchange_record>();
    record->sink = std::move(events);
    exchanges[number] = record;
    return std::make_unique<fake_exchange>(record);
  }
  std::unique_ptr<net::proxy_talk> claim_proxied(
    ticket number, net::proxy_client who,
    net::proxy_talk::sink events) override {
    if (waiting_.erase(number) == 0)
      return nullptr;
    auto record = std::make_shared<proxy_record>();
    record->who = who;
    record->sink = std::move(events);
    proxied[number] = record;
    return std::make_unique<fake_proxy_talk>(record);
  }
  const net::system_terms_ptr& system_proxy() const override {
    return environment;
  }
  void ask_script(
    const proxy_terms&, const net::script_question& what,
    std::function<void(const std::vector<proxy_choice>&)> said) override {
    questions.emplace_back(what, std::move(said));
  }
  void decline(ticket number, ec why) override {
    waiting_.erase(number);
    declined[number] = why;
  }
  void lead(ticket number, const net::passage& how) override {
    led[number] = how;
  }
  result<std::shared_ptr<net::port>> reserve(
    const listen_address& at, const std::optional<port_settings>& by) override {
    ++reservations;
    if (auto found = forwards.find(at); found != forwards.end())
      return std::shared_ptr<net::port>{found->second};
    if (auto no = taken.find(at); no != taken.end())
      return no->second;
    if (by)
      bound_by[at] = *by;
    port_range number{at.port, at.port};
    forwards[at] = std::make_shared<fake_port>(
      port_spec{at.proto, at.ip, number, number});
    return std::shared_ptr<net::port>{forwards[at]};
  }
  std::vector<listen_address> reserved() const override {
    std::vector<listen_address> out;
    for (const auto& [at, each] : forwards)
      out.push_back(at);
    return out;
  }
  void release(const listen_address& at) override {
    forwards.erase(at);
  }
  ticket deposit(net::stdio) override {
    return ++last_ticket_;
  }
  void discard(ticket number) override {
    discarded.insert(number);
  }
  net::tap_ends take_tap(ticket) override {
    return {};
  }
  std::vector<audit_row>
  audit(const std::vector<flow_info>& flows, const audit_marks&) override {
    ++audits;
    audited_flows = flows;
    return audit_rows;
  }
  result<std::shared_ptr<net::premises>> occupy(container_spec spec) override {
    auto at = plan_.take();
    if (!at)
      return at.error();
    auto made = std::make_shared<fake_premises>(
      std::move(spec), *at, [this](const fake_premises* which) {
        plan_.give_back(which->held.link);
        std::erase_if(
          premises_, [=](const auto& each) { return each.get() == which; });
      });
    made->refuse_ports = refuse_ports;
    premises_.push_back(made);
    return std::shared_ptr<net::premises>{made};
  }
  std::vector<std::shared_ptr<net::premises>> occupied() const override {
    return {premises_.begin(), premises_.end()};
  }

  result<renumbering> can_renumber(const network_settings& to) override {
    if (refuse_network)
      return *refuse_network;
    renumbering out{numbers, to, {}};
    auto leases = plan_.leases_in(net::plan_network(to));
    if (!leases)
      return leases.error();
    for (const auto& at : *leases)
      for (const auto& each : premises_)
        if (each->held.link == at.link)
          out.enter(each->spec().name, each->address(), at);
    return out;
  }
  void renumber(const renumbering& by) override {
    std::vector<lease> leases;
    for (const auto& each : premises_) {
      each->renumber(by.leases.at(each->spec().name));
      leases.push_back(each->held);
    }
    numbers = by.is;
    plan_.renumber(net::plan_network(by.is), leases);
    renumbered.push_back(by.is);
  }
  result<void> can_lead_directly() override {
    return direct_answer;
  }
  void lead_directly(bool on) override {
    direct = on;
  }
  void watch_warnings(std::function<void(const error&)> told) override {
    warned_ = std::move(told);
  }

  void confirm(
    const std::string& command, std::vector<std::string> variables,
    std::function<void(bool)> said) override {
    confirmations.push_back({command, std::move(variables), std::move(said)});
  }
  net::probes& look() override {
    return probes;
  }
  net::socks_desk& socks() override {
    return desk;
  }
  std::vector<std::chrono::microseconds> relay_times() const override {
    return {std::chrono::microseconds{1500}, std::chrono::microseconds{500}};
  }
  void
  adopt(const port_settings& ports, const timeout_settings& timeouts) override {
    adopted.emplace_back(ports, timeouts);
  }

  // -- what a test says -------------------------------------------------------

  /// A flow arrives and waits; its ticket.
  ticket arrive(const flow& what) {
    auto number = ++last_ticket_;
    waiting_[number] = what;
    if (what.way == direction::outbound && held_)
      held_({number, what});
    return number;
  }
  ticket
  ask(const std::string& name, const ip_address& guest, uint16_t type = 1) {
    dns_question what;
    what.number = ++last_ticket_;
    what.guest = {guest, 4711};
    what.name = name;
    what.type = type;
    asked_(what);
    return what.number;
  }
  void gateway_opened(result<void> how) {
    if (auto done = std::exchange(opened_, nullptr))
      done(std::move(how));
  }
  /// As if the network had been that from the beginning.
  void begin_with(const network_settings& what) {
    numbers = what;
    plan_ = net::address_plan{net::plan_network(what)};
  }
  void warn(const error& what) {
    warned_(what);
  }
  void keeper_lost() {
    lost_({ec::gateway_lost, "the keeper has died"});
  }
  std::shared_ptr<fake_premises> premises(const std::string& name) {
    for (const auto& each : premises_)
      if (each->spec().name == name)
        return each;
    return nullptr;
  }

  fake_probes probes;
  fake_socks desk;
  result<void> direct_answer{};
  bool direct = false;
  result<void> gateway_answer{};
  bool opening_takes_time = false;
  int opens = 0;
  bool ipv6 = true;
  std::vector<dns_cache_limits> cache_limits;
  std::vector<std::pair<port_settings, timeout_settings>> adopted;
  struct confirmation {
    std::string command;
    std::vector<std::string> variables;
    std::function<void(bool)> said;
  };
  std::vector<confirmation> confirmations;
  std::optional<error> refuse_ports;
  std::optional<error> refuse_network;
  network_settings numbers;
  std::vector<network_settings> renumbered;
  std::map<ticket, std::shared_ptr<circuit_record>> circuits;
  std::map<ticket, std::shared_ptr<exchange_record>> exchanges;
  std::map<ticket, std::shared_ptr<proxy_record>> proxied;
  net::system_terms_ptr environment = std::make_shared<net::system_terms>();
  /// What scripts have been asked, and to whom the answers go.
  std::vector<std::pair<
    net::script_question,
    std::function<void(const std::vector<proxy_choice>&)>>>
    questions;
  std::map<ticket, ec> declined;
  std::map<ticket, net::passage> led;
  std::map<listen_address, std::shared_ptr<fake_port>> forwards;
  /// Where no forward can listen, and why.
  std::map<listen_address, error> taken;
  std::map<listen_address, port_settings> bound_by;
  std::vector<audit_row> audit_rows;
  int audits = 0;
  std::vector<flow_info> audited_flows;
  int reservations = 0;
  std::set<ticket> discarded;

private:
  std::function<void(result<void>)> opened_;
  std::function<void(const arrival&)> held_;
  std::function<void(const error&)> lost_;
  std::function<void(const dns_question&)> asked_;
  std::map<ticket, flow> waiting_;
  std::vector<std::shared_ptr<fake_premises>> premises_;
  ticket last_ticket_ = 0;
  net::address_plan plan_{net::plan_network({})};
  std::function<void(const error&)> warned_;
};

} // namespace pier::test
