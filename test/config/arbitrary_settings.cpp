#include "test/config/arbitrary_settings.hpp"

#include "config/egress_grammar.hpp"
#include "test/config/arbitrary_proxies.hpp"
#include "test/config/arbitrary_values.hpp"

#include <rapidcheck.h>

namespace pier::trials {

namespace {

std::optional<size_t> limit() {
  return between(0, 3) == 0 ? std::nullopt
                            : std::optional{between<size_t>(0, 1000000)};
}

std::function<void(settings&)>
limit_of(const char* who, std::optional<size_t> policy_limits::*field) {
  return [=](settings& x) {
    x.policy.containers[who].limits.*field = between<size_t>(0, 1000000);
  };
}

policy_rule rule() {
  policy_rule out;
  auto kind = between(0, 2);
  if (kind == 0)
    out.to = coin() ? guests4() : guests6();
  if (kind == 1)
    out.host = (coin() ? "*." : "") + domain() + ".test";
  if (coin())
    out.proto = *rc::gen::element(protocol::tcp, protocol::udp);
  if (coin()) {
    auto first = between<uint16_t>(1, 65534);
    out.ports = {first, between<uint16_t>(first, 65534)};
  }
  return out;
}

/// Those that deny stand first, and each is called by its list and its text.
void put_rules(
  std::vector<policy_rule>& into, policy_rule::effect what,
  const std::string& list) {
  std::erase_if(into, [=](const auto& each) { return each.what == what; });
  auto how = config::egress_rule(list, what);
  auto next = some<policy_rule>(1, 4, rule);
  for (auto& each : next) {
    each.what = what;
    each.name = list + " " + how.write(each);
  }
  auto at = what == policy_rule::effect::deny ? into.begin() : into.end();
  into.insert(at, next.begin(), next.end());
}

std::string key() {
  auto letter = rc::gen::element('a', 'Z', '0', '+', '/');
  return "SHA256:" + *rc::gen::container<std::string>(43, letter);
}

std::string command() {
  return *rc::gen::element<std::string>("", "exit 0", "ask \"$X\" \\ é");
}

auto& terms_of(settings& x, const char* who) {
  return x.policy.containers[who].ssh_agent;
}

} // namespace

namespace {

choice_table most_choices() {
  return {
    {"network.mode",
     [](settings& x) {
       x.network.mode = *rc::gen::element(
         network_families::dual_stack, network_families::ipv4,
         network_families::ipv6);
     }},
    {"network.subnet", [](settings& x) { x.network.subnet = guests4(); }},
    {"network.subnet6", [](settings& x) { x.network.subnet6 = guests6(); }},
    {"network.mtu",
     [](settings& x) { x.network.mtu = between(1280U, 65535U); }},
    {"network.direct", [](settings& x) { x.network.direct = coin(); }},
    {"network.suffixes",
     [](settings& x) { x.network.suffixes = some<std::string>(1, 5, domain); }},
    {"network.hosts.*",
     [](settings& x) {
       auto address = [] { return coin() ? guests4().net : guests6().net; };
       for (auto count = between(1, 5); count > 0; --count)
         x.network.hosts[domain() + ".test"] = some<ip_address>(1, 4, address);
     }},
    {"ports.ready",
     [](settings& x) {
       x.ports.ready = *rc::gen::element(
         port_ready::strict, port_ready::listening);
     }},
    {"ports.bind",
     [](settings& x) {
       x.ports.bind = *rc::gen::element(
         port_bind::all, port_bind::local, port_bind::local_only);
     }},
    {"ports.allowed_binds",
     [](settings& x) {
       x.ports.allowed_binds = some<ip_subnet>(0, 5, [] {
         auto net = coin() ? guests4() : guests6();
         return coin() ? net : ip_subnet{net.net, net.net.is_v4() ? 32U : 128U};
       });
     }},
    {"ports.random_range",
     [](settings& x) {
       auto first = between<uint16_t>(1, 65534);
       x.ports.random_range.reset();
       if (coin())
         x.ports.random_range = {first, between<uint16_t>(first, 65534)};
     }},
    {"ports.backlog",
     [](settings& x) { x.ports.backlog = between(1U, 65535U); }},
    {"ports.source",
     [](settings& x) {
       x.ports.source = *rc::gen::element(
         port_source::nat, port_source::preserve);
     }},
    {"ports.proxy_protocol",
     [](settings& x) {
       x.ports.proxy = *rc::gen::element(
         proxy_protocol::none, proxy_protocol::v2);
     }},
    {"forward.*",
     [](settings& x) {
       for (auto count = between(1, 5); count > 0; --count)
         put_forward(x);
     }},
    {"timeouts.udp_idle",
     [](settings& x) { x.timeouts.udp_idle = time_between(1000, 86400000); }},
    {"timeouts.dns",
     [](settings& x) { x.timeouts.dns = time_between(100, 60000); }},
    {"timeouts.stop",
     [](settings& x) { x.timeouts.stop = time_between(0, 3600000); }},
    {"dns.upstream", [](settings& x) { x.dns.servers = servers(); }},
    {"dns.addresses",
     [](settings& x) {
       x.dns.addresses = *rc::gen::element(
         address_policy::automatic, address_policy::ipv4, address_policy::ipv6,
         address_policy::none);
     }},
    {"dns.cache_entries",
     [](settings& x) { x.dns.cache.entries = between<size_t>(0, 1000000); }},
    {"dns.cache_longest",
     [](settings& x) {
       x.dns.cache.longest = std::chrono::seconds{between(0, 604800)};
     }},
    {"dns.cache_negative",
     [](settings& x) {
       x.dns.cache.negative = std::chrono::seconds{between(0, 10800)};
     }},
    {"dns.cache_stale",
     [](settings& x) {
       x.dns.cache.stale = std::chrono::seconds{between(0, 604800)};
     }},
    {"dns.zones.*",
     [](settings& x) {
       for (auto count = between(1, 5); count > 0; --count)
         x.dns.zones[domain()] = servers();
     }},
    {"dns.records.*",
     [](settings& x) {
       std::map<std::string, std::vector<dns_record>> records;
       for (auto count = between(1, 5); count > 0; --count)
         records[(coin() ? "*." : "") + domain()] = some<dns_record>(
           1, 4, record);
       x.dns.records.clear();
       for (auto& [name, its] : records)
         for (auto& each : its) {
           each.name = name;
           x.dns.records.push_back(each);
         }
     }},
    {"policy.deny",
     [](settings& x) {
       put_rules(x.policy.rules, policy_rule::effect::deny, "policy.deny");
     }},
    {"policy.allow",
     [](settings& x) {
       put_rules(x.policy.rules, policy_rule::effect::allow, "policy.allow");
     }},
    {"policy.air_gap", [](settings& x) { x.policy.air_gap = coin(); }},
    {"policy.connections",
     [](settings& x) { x.policy.limits.connections = limit(); }},
    {"policy.queries", [](settings& x) { x.policy.limits.queries = limit(); }},
    {"container.*.deny",
     [](settings& x) {
       put_rules(
         x.policy.containers["my.web"].rules, policy_rule::effect::deny,
         "container.\"my.web\".deny");
     }},
    {"container.*.allow",
     [](settings& x) {
       put_rules(
         x.policy.containers["db"].rules, policy_rule::effect::allow,
         "container.db.allow");
     }},
    {"container.*.air_gap",
     [](settings& x) { x.policy.containers["db"].air_gap = coin(); }},
    {"container.*.connections",
     limit_of("my.web", &policy_limits::connections)},
    {"container.*.flows", limit_of("db", &policy_limits::flows)},
    {"container.*.queries", limit_of("my.web", &policy_limits::queries)},
    {"container.*.descriptors", limit_of("db", &policy_limits::descriptors)},
    {"console.listen",
     [](settings& x) {
       x.console.listen = endpoint{
         coin() ? guests4().net : guests6().net, between<uint16_t>(1, 65534)};
     }},
    {"console.observers",
     [](settings& x) {
       x.console.observers = some<uint32_t>(
         1, 4, [] { return between<uint32_t>(0, 4000000000); });
     }},
    {"log.level",
     [](settings& x) {
       x.log.level = *rc::gen::element(
         log_level::trace, log_level::debug, log_level::warn, log_level::error,
         log_level::off);
     }},
    {"log.format", [](settings& x) { x.log.format = log_format::json; }},
    {"metrics.listen",
     [](settings& x) {
       x.metrics.listen = endpoint{
         ip_address::loopback(coin() ? family::v4 : family::v6),
         between<uint16_t>(1, 65534)};
     }},
    {"container.*.ssh_agent",
     [](settings& x) { terms_of(x, "db").enabled = coin(); }},
    {"container.*.ssh_keys",
     [](settings& x) {
       terms_of(x, "db").keys = some<std::string>(0, 3, key);
     }},
    {"container.*.ssh_confirm",
     [](settings& x) { terms_of(x, "my.web").confirm = command(); }},
    {"container.*.ssh_changes",
     [](settings& x) { terms_of(x, "my.web").changes = coin(); }},
    {"ssh_agent.enabled",
     [](settings& x) { x.policy.ssh_agent.enabled = coin(); }},
    {"ssh_agent.socket",
     [](settings& x) {
       x.policy.ssh_agent.socket = *rc::gen::element<std::string>(
         "auto", "~/agent", "/run/a \"b\"/é");
     }},
    {"ssh_agent.keys",
     [](settings& x) {
       x.policy.ssh_agent.keys = some<std::string>(0, 3, key);
     }},
    {"ssh_agent.confirm",
     [](settings& x) { x.policy.ssh_agent.confirm = command(); }},
    {"ssh_agent.changes",
     [](settings& x) { x.policy.ssh_agent.changes = coin(); }},
    {"limits.descriptors",
     [](settings& x) { x.policy.limits.descriptors = limit(); }},
    {"limits.pending",
     [](settings& x) { x.limits.pending = between<size_t>(1, 16384); }},
    {"limits.flows",
     [](settings& x) { x.limits.flows = between<size_t>(65536, 1000000); }},
  };
}

} // namespace

const choice_table& choices() {
  static const auto all = [] {
    auto out = most_choices();
    out.merge(proxy_choices());
    return out;
  }();
  return all;
}

settings arbitrary_settings() {
  settings out;
  for (const auto& [row, choose] : choices())
    if (*rc::gen::arbitrary<bool>())
      choose(out);
  return out;
}

} // namespace pier::trials
