#include "net/proxy/proxy_rule.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using net::choose_proxy;
using net::proxy_of;
using kind = proxy_choice::kind;

namespace {

upstream_proxy url(const char* text) {
  return *parse_upstream_proxy(text);
}

const auto plain = url("http://plain.example:3128");
const auto secure = url("http://ann:pass@secure.example:3128");

guest_rules rules_of(const policy& by) {
  return {"web", std::make_shared<const policy>(by)};
}

policy manual() {
  policy out;
  auto& terms = out.containers_proxy.terms;
  terms.mode = proxy_mode::manual;
  terms.http = plain;
  terms.https = secure;
  terms.exclude = {*parse_exclusion("direct.example")};
  return out;
}

kind way(const policy& by, const char* host, uint16_t port, bool is_http) {
  return choose_proxy(proxy_of(rules_of(by), {}), host, port, is_http).way.way;
}

} // namespace

TEST_CASE("without a proxy everything goes directly, and nothing is led") {
  auto by = proxy_of(rules_of({}), {});
  CHECK_FALSE(by.is_set());
  CHECK_FALSE(by.leads(80));
  CHECK(choose_proxy(by, "a.example", 80, true).way.way == kind::direct);
  CHECK(proxy_of({"web", nullptr}, {}) == by);
}

TEST_CASE("http goes by the one for http, everything else by the other") {
  auto by = proxy_of(rules_of(manual()), {});
  CHECK(choose_proxy(by, "a.example", 80, true).way.proxy == plain);
  CHECK(choose_proxy(by, "a.example", 443, false).way.proxy == secure);
  CHECK(choose_proxy(by, "a.example", 25, false).way.proxy == secure);
  auto one = manual();
  one.containers_proxy.terms.http.reset();
  CHECK(way(one, "a.example", 80, true) == kind::direct);
  CHECK(way(one, "a.example", 443, false) == kind::through);
}

TEST_CASE("loopback and what is excluded go directly") {
  CHECK(way(manual(), "localhost", 80, true) == kind::direct);
  CHECK(way(manual(), "127.0.0.1", 80, true) == kind::direct);
  CHECK(way(manual(), "sub.direct.example", 443, false) == kind::direct);
  CHECK(way(manual(), "other.example", 443, false) == kind::through);
}

TEST_CASE(
  "everything led to no proxy is blocked, and says what would mend it") {
  policy all;
  all.containers_proxy.terms.mode = proxy_mode::manual;
  CHECK(way(all, "a.example", 80, true) == kind::direct);
  all.containers_proxy.transparent = {true, {}};
  auto by = proxy_of(rules_of(all), {});
  CHECK(by.leads(22));
  auto said = choose_proxy(by, "a.example", 22, false);
  CHECK(said.way.way == kind::blocked);
  CHECK(said.way.why.find("containers_proxy.http or") != std::string::npos);
  all.containers_proxy.terms.exclude = {*parse_exclusion("a.example")};
  CHECK(way(all, "a.example", 80, true) == kind::direct);
}

TEST_CASE("a mode says whose words hold") {
  net::system_terms environment;
  environment.terms.https = plain;
  policy by;
  auto now = [&] { return proxy_of(rules_of(by), environment); };
  CHECK(now().terms.https == plain);
  CHECK(now().by == "environment");
  by.proxy.mode = proxy_mode::none;
  CHECK_FALSE(now().is_set());
  by.proxy.mode = proxy_mode::manual;
  by.proxy.https = secure;
  CHECK(now().terms.https == secure);
  CHECK(now().by == "proxy");
  by.containers_proxy.terms.mode = proxy_mode::none;
  CHECK_FALSE(now().is_set());
  by.containers_proxy.terms.mode = proxy_mode::system;
  CHECK(now().terms.https == plain);
}

TEST_CASE("a container's own word goes before, key by key") {
  auto by = manual();
  by.containers["web"].proxy.https = std::optional<upstream_proxy>{};
  by.containers["web"].proxy.transparent = transparent_ports{true, {}};
  auto own = proxy_of(rules_of(by), {});
  CHECK(own.terms.http == plain);
  CHECK_FALSE(own.terms.https);
  CHECK(own.leads(22));
  CHECK(own.by == "container.web.proxy");
  CHECK(proxy_of({"db", rules_of(by).by}, {}).terms.https == secure);
  by.containers["web"].proxy.mode = proxy_mode::none;
  CHECK_FALSE(proxy_of(rules_of(by), {}).is_set());
}

TEST_CASE("only some ports are led") {
  auto by = proxy_of(rules_of(manual()), {});
  CHECK(by.leads(80));
  CHECK(by.leads(443));
  CHECK_FALSE(by.leads(22));
}

TEST_CASE("what a rule says shows no credentials") {
  auto said = choose_proxy(
    proxy_of(rules_of(manual()), {}), "a.example", 443, false);
  CHECK(said.rule.find("secure.example:3128") != std::string::npos);
  CHECK(said.rule.find("pass") == std::string::npos);
}
