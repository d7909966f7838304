#pragma once

/// The real network: the gateway, the lobby, DNS, and the premises of every
/// container, put together behind the door of network.hpp.

#include "messages/settings.hpp"
#include "net/capture/tap_store.hpp"
#include "net/circuit/near_sides.hpp"
#include "net/dns/host_resolver.hpp"
#include "net/dns/server.hpp"
#include "net/dns/upstream.hpp"
#include "net/gateway/direct_way.hpp"
#include "net/gateway/gateway.hpp"
#include "net/http/http_thread.hpp"
#include "net/io_runtime.hpp"
#include "net/lifeline.hpp"
#include "net/link/host_routes.hpp"
#include "net/link/route_watch.hpp"
#include "net/lobby.hpp"
#include "net/network.hpp"
#include "net/pac/pac.hpp"
#include "net/port/allocations.hpp"
#include "net/premises/kernel_premises.hpp"
#include "net/probe/kernel_probes.hpp"
#include "net/proxy/authentication.hpp"
#include "net/proxy/system_proxies.hpp"
#include "net/socks/kernel_desk.hpp"
#include "net/world_route.hpp"

#include <list>
#include <map>
#include <set>
#include <unordered_map>

namespace pier::net {

class kernel_network : public network {
public:
  kernel_network(io_runtime& runtime, const settings& with);
  ~kernel_network() override;

  void open_gateway(std::function<void(result<void>)> done) override;
  void watch_gateway(
    std::function<void(const arrival&)> held,
    std::function<void(const error&)> lost) override;
  void watch_dns(std::function<void(const dns_question&)> asked) override;
  void renew_dns_cache(const dns_cache_limits& limits) override {
    dns_.renew_cache(limits);
  }
  dns_cache_counts count_dns_cache() const override {
    return dns_.cached();
  }
  bool has_ipv6() override {
    return world6_.is_there();
  }
  std::unique_ptr<circuit> claim(ticket number, circuit::sink events) override;
  std::unique_ptr<exchange>
  claim_query(ticket number, exchange::sink events) override;
  std::unique_ptr<proxy_talk> claim_proxied(
    ticket number, proxy_client who, proxy_talk::sink events) override;
  void decline(ticket number, ec why) override;
  ticket deposit(stdio what) override;
  void discard(ticket number) override;
  tap_ends take_tap(ticket number) override {
    return taps_.take(number);
  }
  void lead(ticket number, const passage& how) override {
    lobby_.lead(number, how);
  }
  result<std::shared_ptr<port>> reserve(
    const listen_address& at, const std::optional<port_settings>& by) override;
  std::vector<listen_address> reserved() const override;
  void release(const listen_address& at) override {
    forwards_.erase(at);
  }
  socks_desk& socks() override {
    return socks_;
  }
  result<std::shared_ptr<premises>> occupy(container_spec spec) override;
  std::vector<std::shared_ptr<premises>> occupied() const override;
  result<renumbering> can_renumber(const network_settings& to) override;
  void renumber(const renumbering& by) override;
  result<void> can_lead_directly() override {
    return direct_way::can_be();
  }
  void lead_directly(bool on) override {
    direct_.want(on);
  }
  void watch_warnings(std::function<void(const error&)> told) override;
  void confirm(
    const std::string& command, std::vector<std::string> variables,
    std::function<void(bool)> said) override;
  const system_terms_ptr& system_proxy() const override {
    return system_proxies_.now();
  }
  void ask_script(
    const proxy_terms& of, const script_question& what,
    std::function<void(const std::vector<proxy_choice>&)> said) override;
  probes& look() override {
    return probes_;
  }
  std::vector<std::chrono::microseconds> relay_times() const override {
    return runtime_.relay_times();
  }
  std::vector<audit_row>
  audit(const std::vector<flow_info>& flows, const audit_marks& by) override;
  void
  adopt(const port_settings& ports, const timeout_settings& timeouts) override;

private:
  void note_start();
  std::shared_ptr<kernel_premises> premises_of(uint32_t link) const;
  void look_for_overlaps();
  void move_gateway(const std::function<void(result<void>)>& done);
  void hear_held(const held_packet& packet);
  void hear_call(fd made, const flow& what);
  void announce(const flow& what, std::unique_ptr<near_side> who);
  void serve_dns(family kind);
  premises_surroundings surroundings();
  stdio withdraw(ticket number);

  io_runtime& runtime_;
  std::string keeper_;
  network_settings network_;
  address_plan plan_;
  gateway gateway_;
  tap_store taps_;
  lobby lobby_;
  allocations allocations_;
  host_resolver resolver_;
  upstream upstream_;
  kernel_probes probes_{runtime_.control(), upstream_};
  dns_server dns_;
  world_route world6_;
  /// Of what begins from now on.
  timeout_settings timeouts_;
  port_settings ports_;
  names_in_use names_;
  system_proxies system_proxies_;
  http_thread http_;
  /// Who we are to each proxy of the network around us.
  std::shared_ptr<login_memory> logins_ = std::make_shared<login_memory>();
  /// Those that were asked last, the last one first.
  std::list<std::pair<pac_origin, std::unique_ptr<pac>>> scripts_;
  circuit_surroundings around_;
  std::function<void(const arrival&)> held_;
  std::unordered_map<ticket, stdio> deposits_;
  ticket last_deposit_ = 0;
  std::vector<std::shared_ptr<kernel_premises>> premises_;
  std::map<listen_address, std::shared_ptr<port>> forwards_;
  kernel_socks_desk socks_;
  direct_way direct_;
  /// Who is held with one of these sends from where nobody lives any more.
  std::set<ip_address> left_;
  /// Descriptors that were there before the gateway was asked for, or the first
  /// container.
  std::map<int, std::string> since_start_;
  bool has_begun_ = false;
  std::function<void(const error&)> warned_;
  /// Routes that have been told of.
  std::vector<host_route> told_;
  route_watch routes_;
  bool serves_dns_ = false;
  lifeline life_;
};

} // namespace pier::net
