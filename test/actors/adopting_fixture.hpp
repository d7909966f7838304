#pragma once

/// A household that adopts settings, with flows in, out, and questions.

#include "test/actors/household_fixture.hpp"

namespace pier::test {

inline const auto far = *ip_address::parse("203.0.113.9");
inline const auto far6 = *ip_address::parse("2001:db8::9");

inline settings
in_network(const std::string& subnet, const std::string& subnet6 = {}) {
  settings out;
  if (!subnet.empty())
    out.network.subnet = *ip_subnet::parse(subnet);
  if (!subnet6.empty())
    out.network.subnet6 = *ip_subnet::parse(subnet6);
  return out;
}

class adopting_fixture : public household_fixture {
public:
  explicit adopting_fixture(const settings& with = {})
    : household_fixture(with) {}

  std::optional<adoption> adopt(const settings& next) {
    return ask<adoption>(
             root, atom::adopt::value, std::make_shared<const settings>(next))
      .first;
  }
  uint64_t weigh(const settings& next) {
    return ask<adoption>(
             root, atom::weigh::value, std::make_shared<const settings>(next))
      .first->ended;
  }

  std::shared_ptr<circuit_record> leave(
    const std::shared_ptr<fake_premises>& from, const ip_address& to = far) {
    auto at = from->info().address;
    auto number = network.arrive(
      {direction::outbound,
       protocol::tcp,
       {to.is_v4() ? at.v4 : at.v6, 4711},
       {to, 80}});
    run();
    auto found = network.circuits.find(number);
    return found == network.circuits.end() ? nullptr : found->second;
  }

  std::shared_ptr<circuit_record>
  come(const std::shared_ptr<fake_premises>& to) {
    auto& port = to->port(0);
    flow what{direction::inbound, protocol::tcp, {{}, 80}, {far, 4711}};
    auto number = network.arrive(what);
    port.borrower({number, what});
    run();
    auto found = network.circuits.find(number);
    return found == network.circuits.end() ? nullptr : found->second;
  }

  /// What a name is answered to a guest; nothing: it is not ours.
  std::vector<ip_address>
  answer(const std::string& name, const std::shared_ptr<fake_premises>& to) {
    auto own = to->info().address.addresses().front();
    std::vector<ip_address> out;
    for (uint16_t type : {uint16_t{1}, uint16_t{28}}) {
      auto number = network.ask(name, own, type);
      run();
      auto& asked = *network.exchanges.at(number);
      if (asked.answer)
        out.insert(
          out.end(), asked.answer->addresses.begin(),
          asked.answer->addresses.end());
    }
    return out;
  }

  const settings other = in_network("10.7.0.0/24", "fd11:22::/64");
};

} // namespace pier::test
