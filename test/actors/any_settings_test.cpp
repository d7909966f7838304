/// Whatever the settings were: those that are adopted hold.

#include "test/actors/adopting_fixture.hpp"
#include "test/config/arbitrary_settings.hpp"

#include <rapidcheck.h>

using namespace pier;
using namespace pier::test;

namespace {

std::string draw(const circuit_record& what) {
  std::string out;
  for (const auto& each : what.dials)
    out += " " + to_string(each);
  if (what.refused)
    out += " refused: " + std::string{to_string(*what.refused)};
  return out + "\n";
}

std::string draw(const exchange_record& what) {
  std::string out;
  if (what.answer) {
    for (const auto& each : what.answer->addresses)
      out += " " + to_string(each);
    out += " records: " + std::to_string(what.answer->records.size());
  }
  if (what.forwarded && what.course.servers)
    for (const auto& each : *what.course.servers)
      out += " forwarded: " + to_string(each);
  if (what.refusal)
    out += " refused: " + std::to_string(static_cast<int>(*what.refusal));
  return out + (what.failed ? " failed\n" : "\n");
}

/// All that can be seen of a household from outside.
class observed : public adopting_fixture {
public:
  explicit observed(const settings& with) : adopting_fixture(with) {
    for (const auto* name : {"web", "db"}) {
      auto where = running(name);
      where->listening({{protocol::tcp, {ip_address::any(family::v6), 80}}});
      guests.push_back(where);
    }
    run();
  }

  std::string tell(const settings& with) {
    std::string out;
    for (const auto& each : guests) {
      for (const auto& ip : each->info().address.addresses())
        out += to_string(ip) + "\n";
      out += each->port(0).is_open.empty() ? "parked\n" : "open\n";
      auto client = come(each);
      out += client ? draw(*client) : " dropped\n";
      out += flows_of(each, with) + answers_to(each, with);
    }
    auto cache = network.cache_limits.back();
    return out + std::to_string(cache.entries) + "\n";
  }

private:
  std::string
  flows_of(const std::shared_ptr<fake_premises>& who, const settings& with) {
    std::string out;
    auto plan = net::plan_network(with.network);
    std::vector<ip_address> all{
      far,       far6,       *ip_address::parse("10.0.0.7"),
      plan.host, plan.host6, plan.subnet.plus(9)};
    for (const auto& each : with.policy.rules)
      if (each.to)
        all.push_back(each.to->net);
    for (const auto& each : all) {
      auto made = leave(who, each);
      out += to_string(each) + (made ? draw(*made) : " dropped\n");
    }
    return out;
  }

  std::string
  answers_to(const std::shared_ptr<fake_premises>& who, const settings& with) {
    std::string out;
    std::vector<std::string> names{"web", "db", "example.com"};
    for (const auto& suffix : with.network.suffixes)
      names.insert(names.end(), {"host." + suffix, "gateway." + suffix});
    for (const auto& [name, addresses] : with.network.hosts)
      names.push_back(name);
    auto own = who->info().address.addresses().front();
    for (const auto& name : names)
      for (uint16_t type : {uint16_t{1}, uint16_t{28}}) {
        auto number = network.ask(name, own, type);
        run();
        auto found = network.exchanges.find(number);
        out += name
          + (found == network.exchanges.end() ? " dropped\n"
                                              : draw(*found->second));
      }
    return out;
  }

  std::vector<std::shared_ptr<fake_premises>> guests;
};

/// Whoever may not publish has nobody to look at.
settings household_settings() {
  auto out = trials::arbitrary_settings();
  out.policy.limits.descriptors.reset();
  for (auto& [name, rules] : out.policy.containers)
    rules.limits.descriptors.reset();
  return out;
}

} // namespace

TEST_CASE("a tree that adopts settings is as one that has begun with them") {
  auto holds = rc::check([] {
    auto a = household_settings();
    auto b = household_settings();
    // They hold for what is published from then on.
    b.ports = a.ports;
    observed moved{a};
    observed begun{b};
    RC_ASSERT(moved.adopt(b).has_value());
    RC_ASSERT(moved.tell(b) == begun.tell(b));
  });
  CHECK(holds);
}
