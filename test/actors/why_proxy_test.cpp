#include "config/destination.hpp"
#include "test/actors/household_fixture.hpp"

#include <algorithm>

using namespace pier;
using namespace pier::test;

namespace {

const auto far = *ip_address::parse("203.0.113.9");
const endpoint proxy{*ip_address::parse("10.0.0.1"), 3128};

settings manual(const char* url) {
  settings out;
  auto& terms = out.policy.containers_proxy.terms;
  terms.mode = proxy_mode::manual;
  if (*url != '\0')
    terms.http = *parse_upstream_proxy(url);
  terms.https = terms.http;
  terms.exclude = {*parse_exclusion("direct.test")};
  return out;
}

class fixture : public household_fixture {
public:
  explicit fixture(const settings& with) : household_fixture(with) {
    running("web");
    for (const auto* name : {"web.test", "direct.test"})
      network.probes.names[{name, 1}] = {{ec::ok, {}}, 0, {far}};
    network.probes.answers[{far, 80}] = {ec::ok, {}};
    network.probes.answers[{far, 22}] = {ec::ok, {}};
  }

  explanation why(const std::string& to) {
    auto asked = self->request(
      root, caf::infinite, atom::explain::value, std::string{"web"},
      *config::parse_destination(to));
    run();
    // Whoever is silent is not waited for any longer.
    pass(std::chrono::seconds{5});
    explanation out;
    asked.receive(
      [&](explanation& said) { out = std::move(said); },
      [](caf::error& no) { FAIL(caf::to_string(no)); });
    return out;
  }

  std::string step(const explanation& of) {
    for (const auto& each : of.steps)
      if (each.what == "proxy")
        return each.detail;
    return {};
  }
};

struct by_address : fixture {
  by_address() : fixture(manual("http://ann:pass@10.0.0.1:3128")) {}
};

struct by_name : fixture {
  by_name() : fixture(manual("http://proxy.test:3128")) {}
};

settings led_nowhere() {
  auto out = manual("");
  out.policy.containers_proxy.transparent = {true, {}};
  return out;
}

struct blocked : fixture {
  blocked() : fixture(led_nowhere()) {}
};

} // namespace

TEST_CASE_METHOD(by_address, "what is led is tried as far as its proxy") {
  network.probes.answers[proxy] = {ec::refused, {}};
  auto said = why("web.test:80");
  CHECK(said.cause == "refused");
  CHECK(network.probes.dials == std::vector<endpoint>{proxy});
  CHECK(step(said).find("by http://***@10.0.0.1:3128") == 0);
  CHECK(step(said).find("pass") == std::string::npos);
}

TEST_CASE_METHOD(by_address, "what is excluded, or not led, is tried itself") {
  CHECK(why("direct.test:80").cause == "ok");
  auto said = why("web.test:22");
  CHECK(said.cause == "ok");
  CHECK(step(said).find("transparent_ports") != std::string::npos);
  CHECK(network.probes.dials == std::vector<endpoint>{{far, 80}, {far, 22}});
}

TEST_CASE_METHOD(by_name, "a proxy's name is what it is to this machine") {
  network.probes.host_names["proxy.test"].addresses = {
    *ip_address::parse("10.0.0.3"), proxy.ip};
  network.probes.answers[{*ip_address::parse("10.0.0.3"), proxy.port}] = {
    ec::refused, {}};
  network.probes.answers[proxy] = {ec::ok, {}};
  auto said = why("web.test:80");
  CHECK(said.cause == "ok");
  CHECK(said.text.find("10.0.0.1:3128 answers") != std::string::npos);
  CHECK(network.probes.dials.size() == 2);
}

TEST_CASE_METHOD(by_name, "a proxy that this machine does not find is named") {
  network.probes.host_names["proxy.test"].why = {
    ec::host_unreachable, "no address of proxy.test"};
  auto said = why("web.test:80");
  CHECK(said.cause == "proxy_unknown");
  CHECK(said.verdict == ec::reset);
  CHECK(said.text == "proxy proxy.test: no address of proxy.test");
  CHECK(network.probes.dials.empty());
}

TEST_CASE_METHOD(by_name, "a proxy's name is not waited for without end") {
  auto said = why("web.test:80");
  CHECK(said.cause == "proxy_unknown");
  CHECK(said.text.find("no answer in 5 seconds") != std::string::npos);
}

TEST_CASE_METHOD(blocked, "what is led to no proxy is blocked, with the mend") {
  auto said = why("web.test:22");
  CHECK(said.cause == "proxy_blocked");
  CHECK(said.text.find("transparent_ports") != std::string::npos);
}
