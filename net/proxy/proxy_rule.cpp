#include "net/proxy/proxy_rule.hpp"

#include "net/proxy/bypass.hpp"

namespace pier::net {

namespace {

template <class T>
void prefer(T& into, const std::optional<T>& own) {
  if (own)
    into = *own;
}

const own_proxy_terms* own_terms(const guest_rules& rules) {
  auto found = rules.by->containers.find(rules.who);
  auto none = found == rules.by->containers.end()
    || found->second.proxy == own_proxy_terms{};
  return none ? nullptr : &found->second.proxy;
}

void take_own(proxy_terms& into, const own_proxy_terms& own) {
  prefer(into.mode, own.mode);
  prefer(into.http, own.http);
  prefer(into.https, own.https);
  prefer(into.credentials, own.credentials);
  prefer(into.exclude, own.exclude);
  prefer(into.pac, own.pac);
  prefer(into.embedded_pac, own.embedded_pac);
}

/// What the mode leaves of the terms, and who said it.
void settle(
  guest_proxy& out, const proxy_terms& host, const system_terms& system) {
  if (out.terms.mode == proxy_mode::same_as_host) {
    out.terms = host;
    out.by = "proxy";
  }
  switch (out.terms.mode) {
    case proxy_mode::manual:
      return;
    case proxy_mode::system: {
      auto credentials = out.terms.credentials;
      out.terms = system.terms;
      if (out.terms.credentials.empty())
        out.terms.credentials = std::move(credentials);
      out.by = system.by;
      return;
    }
    default:
      out.terms = {};
      out.terms.mode = proxy_mode::none;
  }
}

proxy_verdict direct(std::string rule) {
  return {{}, false, std::move(rule)};
}

} // namespace

guest_proxy proxy_of(const guest_rules& rules, const system_terms& system) {
  guest_proxy out;
  out.by = "containers_proxy";
  static const policy nothing;
  const auto& all = rules.by ? *rules.by : nothing;
  out.terms = all.containers_proxy.terms;
  out.transparent = all.containers_proxy.transparent;
  if (rules.by)
    if (const auto* own = own_terms(rules)) {
      out.by = "container." + rules.who + ".proxy";
      take_own(out.terms, *own);
      prefer(out.transparent, own->transparent);
    }
  settle(out, all.proxy, system);
  return out;
}

proxy_verdict choose_proxy(
  const guest_proxy& by, const std::string& host, uint16_t port, bool is_http) {
  if (is_loopback(host))
    return direct("loopback never goes by a proxy");
  if (const auto* found = find_exclusion(by.terms.exclude, host, port))
    return direct(by.by + " excludes \"" + to_string(*found) + "\"");
  if (by.has_script())
    return {
      {},
      true,
      by.terms.embedded_pac.empty()
        ? by.by + ".pac is " + by.terms.pac
        : "the script of " + by.by + ".embedded_pac"};
  if (by.blocks())
    return {
      {proxy_choice::kind::blocked,
       {},
       by.by + " leads everything to a proxy and names none: set " + by.by
         + ".http or .https, or " + by.by + ".transparent_ports"},
      false,
      by.by};
  const auto& chosen = is_http ? by.terms.http : by.terms.https;
  if (!chosen)
    return direct(
      by.is_set()
        ? by.by + " names no proxy for " + (is_http ? "http" : "https")
        : "no proxy is set");
  return {
    {proxy_choice::kind::through, *chosen, {}},
    false,
    by.by + (is_http ? ".http" : ".https") + " is " + to_string(*chosen)};
}

} // namespace pier::net
