#include "config/container_row.hpp"
#include "config/proxy_grammar.hpp"
#include "config/rows.hpp"
#include "config/schema/sections.hpp"

namespace pier::config {

namespace {

constexpr size_t most_exclusions = 1024;

using modes = std::vector<std::pair<std::string, proxy_mode>>;

grammar<proxy_mode> host_modes() {
  return choice<proxy_mode>(modes{
    {"system", proxy_mode::system},
    {"manual", proxy_mode::manual},
    {"none", proxy_mode::none}});
}

grammar<proxy_mode> container_modes() {
  return choice<proxy_mode>(modes{
    {"same-as-host", proxy_mode::same_as_host},
    {"system", proxy_mode::system},
    {"manual", proxy_mode::manual},
    {"none", proxy_mode::none}});
}

grammar<std::vector<exclusion>> exclusions() {
  return list_of(proxy_exclusion(), 0, most_exclusions);
}

/// The keys that both sections have; `to` leads to the terms.
template <class To>
std::vector<key>
terms_rows(const std::string& path, To to, const grammar<proxy_mode>& mode) {
  auto at = [to](auto field) {
    return [=](auto& all) -> auto& {
      return to(all).*field;
    };
  };
  using terms = proxy_terms;
  return {
    row(
      path + ".mode", at(&terms::mode), mode,
      "Who says by which proxy connections leave. \"system\": HTTP_PROXY, "
      "HTTPS_PROXY, ALL_PROXY and NO_PROXY, in either case, as they were when "
      "Pier began, and where they name none GNOME's settings, as they are; "
      "\"manual\": the keys below; \"none\": by no proxy."),
    row(
      path + ".http", at(&terms::http), proxy_url(),
      "For http URLs. With \"manual\"."),
    row(
      path + ".https", at(&terms::https), proxy_url(),
      "For https URLs, and everything that is no http. With \"manual\"."),
    row(
      path + ".credentials", at(&terms::credentials), path_or_none(),
      "A file with one line, USER:PASSWORD, for proxies whose URL has none. It "
      "is read anew for each connection."),
    row(
      path + ".exclude", at(&terms::exclude), exclusions(),
      "What goes directly. A name means those below it, too; loopback and the "
      "guests' own network never go by a proxy. With \"manual\"."),
    row(
      path + ".pac", at(&terms::pac), script_place(),
      "A proxy auto-config script, which then says for each URL which proxies "
      "are tried; what it cannot say is blocked. With \"manual\"."),
    row(
      path + ".embedded_pac", at(&terms::embedded_pac), script_text(),
      "The text of such a script; it goes before the one of \"pac\"."),
  };
}

template <class T>
key own_row(
  const std::string& leaf, grammar<T> how,
  std::optional<T> own_proxy_terms::*field, std::string help,
  const std::string& value) {
  return container_row<T>(
    "proxy." + leaf, [how](const std::string&) { return how; },
    [=](const container_policy& from) { return from.proxy.*field; },
    [=](container_policy& into, std::optional<T> what) {
      into.proxy.*field = std::move(what);
    },
    std::move(help), "web.proxy." + leaf + " = " + value);
}

} // namespace

section proxy_section() {
  auto to = [](auto& all) -> auto& {
    return all.policy.proxy;
  };
  return {
    "proxy",
    "By which proxies of the network around this machine Pier's own "
    "connections leave.",
    terms_rows("proxy", to, host_modes())};
}

section containers_proxy_section() {
  auto to = [](auto& all) -> auto& {
    return all.policy.containers_proxy.terms;
  };
  auto ports = [](auto& all) -> auto& {
    return all.policy.containers_proxy.transparent;
  };
  section out{
    "containers_proxy",
    "The same for containers. They have a proxy of ours at "
    "http://http.iechor.internal:3128, which leads on by these.",
    terms_rows("containers_proxy", to, container_modes())};
  out.keys.push_back(row(
    "containers_proxy.transparent_ports", ports, ports_to_lead(),
    "Connections to these ports go by the proxy without asking for it, and "
    "datagrams by a SOCKS5 one that takes them. With \"*\" and \"manual\" "
    "without a proxy none of them leaves."));
  return out;
}

std::vector<key> container_proxy_rows() {
  using own = own_proxy_terms;
  return {
    own_row(
      "mode", container_modes(), &own::mode,
      "Who says by which proxy this one's connections leave.", "\"none\""),
    own_row(
      "http", proxy_url(), &own::http, "As containers_proxy.http.",
      "\"http://proxy.example:3128\""),
    own_row(
      "https", proxy_url(), &own::https, "As containers_proxy.https.",
      "\"socks5h://proxy.example\""),
    own_row(
      "credentials", path_or_none(), &own::credentials,
      "As containers_proxy.credentials.", "\"~/.config/proxy-of-web\""),
    own_row(
      "exclude", exclusions(), &own::exclude, "As containers_proxy.exclude.",
      R"(["corp.example", "10.0.0.0/8"])"),
    own_row(
      "pac", script_place(), &own::pac, "As containers_proxy.pac.",
      "\"http://wpad.example/proxy.pac\""),
    own_row(
      "embedded_pac", script_text(), &own::embedded_pac,
      "As containers_proxy.embedded_pac.",
      "\"function FindProxyForURL(url, host) { return 'DIRECT' }\""),
    own_row(
      "transparent_ports", ports_to_lead(), &own::transparent,
      "As containers_proxy.transparent_ports.", "\"*\""),
  };
}

} // namespace pier::config
