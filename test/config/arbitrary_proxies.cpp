#include "test/config/arbitrary_proxies.hpp"

#include "test/config/arbitrary_values.hpp"

namespace pier::trials {

namespace {

std::string login() {
  return *rc::gen::element<std::string>("", "ann", "p@ss:w/rd", "é%\"\\ ");
}

std::optional<upstream_proxy> proxy() {
  if (between(0, 3) == 0)
    return std::nullopt;
  upstream_proxy out;
  out.scheme = *rc::gen::element(
    proxy_scheme::http, proxy_scheme::https, proxy_scheme::socks5,
    proxy_scheme::socks5h);
  auto kind = between(0, 2);
  out.host = kind == 0 ? domain() + ".test"
    : kind == 1        ? to_string(guests4().net)
                       : to_string(guests6().net);
  out.port = between<uint16_t>(1, 65534);
  out.user = secret{login()};
  out.password = secret{login()};
  return out;
}

exclusion exclude() {
  exclusion out;
  auto kind = between(0, 3);
  if (kind == 0)
    return out;
  if (kind == 1)
    out.net = coin() ? guests4() : guests6();
  else
    out.name = domain() + ".test";
  out.below = kind == 2;
  if (coin())
    out.port = between<uint16_t>(1, 65534);
  return out;
}

std::vector<exclusion> exclusions() {
  return some<exclusion>(0, 4, exclude);
}

transparent_ports ports() {
  if (coin())
    return {true, {}};
  auto some_ports = some<uint16_t>(
    0, 4, [] { return between<uint16_t>(1, 65534); });
  std::sort(some_ports.begin(), some_ports.end());
  return {false, some_ports};
}

std::string path() {
  return *rc::gen::element<std::string>("", "~/secret", "/run/a \"b\"/é");
}

using modes = std::vector<proxy_mode>;

const modes host_modes{
  proxy_mode::system, proxy_mode::manual, proxy_mode::none};
const modes container_modes{
  proxy_mode::system, proxy_mode::manual, proxy_mode::none,
  proxy_mode::same_as_host};

std::string script() {
  return *rc::gen::element<std::string>(
    "", "/etc/proxy.pac", "http://wpad.test/a%20b");
}

std::string script_text() {
  return *rc::gen::element<std::string>(
    "", "function FindProxyForURL(url, host)\n{ return \"DIRECT\" } // é\\");
}

/// The keys that both sections have.
void add_terms(
  choice_table& into, const std::string& section,
  const std::function<proxy_terms&(settings&)>& of, const modes& all) {
  into[section + ".mode"] = [=](settings& x) {
    of(x).mode = *rc::gen::elementOf(all);
  };
  into[section + ".http"] = [=](settings& x) { of(x).http = proxy(); };
  into[section + ".https"] = [=](settings& x) { of(x).https = proxy(); };
  into[section + ".credentials"] = [=](settings& x) {
    of(x).credentials = path();
  };
  into[section + ".exclude"] = [=](settings& x) {
    of(x).exclude = exclusions();
  };
  into[section + ".pac"] = [=](settings& x) { of(x).pac = script(); };
  into[section + ".embedded_pac"] = [=](settings& x) {
    of(x).embedded_pac = script_text();
  };
}

own_proxy_terms& own(settings& x, const char* who) {
  return x.policy.containers[who].proxy;
}

} // namespace

choice_table proxy_choices() {
  choice_table out;
  add_terms(
    out, "proxy", [](settings & x) -> auto& { return x.policy.proxy; },
    host_modes);
  add_terms(
    out, "containers_proxy",
    [](settings & x) -> auto& { return x.policy.containers_proxy.terms; },
    container_modes);
  out["containers_proxy.transparent_ports"] = [](settings& x) {
    x.policy.containers_proxy.transparent = ports();
  };
  const std::string one = "container.*.proxy.";
  out[one + "mode"] = [](settings& x) {
    own(x, "db").mode = *rc::gen::elementOf(container_modes);
  };
  out[one + "http"] = [](settings& x) { own(x, "my.web").http = proxy(); };
  out[one + "https"] = [](settings& x) { own(x, "db").https = proxy(); };
  out[one + "credentials"] = [](settings& x) {
    own(x, "my.web").credentials = path();
  };
  out[one + "exclude"] = [](settings& x) {
    own(x, "db").exclude = exclusions();
  };
  out[one + "pac"] = [](settings& x) { own(x, "db").pac = script(); };
  out[one + "embedded_pac"] = [](settings& x) {
    own(x, "my.web").embedded_pac = script_text();
  };
  out[one + "transparent_ports"] = [](settings& x) {
    own(x, "my.web").transparent = ports();
  };
  out["socks.listen"] = [](settings& x) {
    x.socks.listen = endpoint{
      ip_address::loopback(coin() ? family::v4 : family::v6),
      between<uint16_t>(1, 65534)};
  };
  out["socks.users"] = [](settings& x) {
    x.socks.users = *rc::gen::element<std::string>(
      "", "~/socks users", "/etc/a \"b\"/é");
  };
  out["socks.outside"] = [](settings& x) {
    x.socks.outside = *rc::gen::element(
      socks_outside::refuse, socks_outside::allow);
  };
  return out;
}

} // namespace pier::trials
