#pragma once

/// The whole tree, with static forwards and clients of theirs.

#include "test/actors/household_fixture.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pier::test {

inline const endpoint far{*ip_address::parse("203.0.113.9"), 80};
inline const endpoint other{*ip_address::parse("203.0.113.10"), 80};
inline const endpoint client{ip_address::loopback(family::v4), 4711};
inline const error in_use{ec::address_in_use, "bind: address already in use"};

inline listen_address at(uint16_t port) {
  listen_address out;
  out.ip = ip_address::loopback(family::v4);
  out.port = port;
  return out;
}

inline forward_spec to(const endpoint& where) {
  forward_spec out;
  out.to.at = where;
  return out;
}

inline forward_spec to(const std::string& container) {
  forward_spec out;
  out.to.container = container;
  out.to.at.port = 80;
  return out;
}

class forwards_fixture : public household_fixture {
public:
  using answer = std::pair<std::optional<adoption>, caf::error>;

  answer adopt(const std::map<listen_address, forward_spec>& all) {
    with.forwards = all;
    return ask<adoption>(
      root, atom::adopt::value, std::make_shared<const settings>(with));
  }

  answer weigh(const std::map<listen_address, forward_spec>& all) {
    auto next = with;
    next.forwards = all;
    return ask<adoption>(
      root, atom::weigh::value, std::make_shared<const settings>(next));
  }

  ticket come(uint16_t port) {
    flow what{direction::inbound, protocol::tcp, {{}, port}, client};
    auto number = network.arrive(what);
    network.forwards.at(at(port))->borrower({number, what});
    run();
    return number;
  }

  std::shared_ptr<circuit_record> circuit(uint16_t port) {
    return network.circuits.at(come(port));
  }

  std::vector<forward_info> list() {
    return *ask<std::vector<forward_info>>(root, atom::enumerate::value).first;
  }

  bool is_open(uint16_t port) {
    auto found = network.forwards.find(at(port));
    return found != network.forwards.end()
      && found->second->is_open.count(port) == 1 && found->second->borrower;
  }

  settings with;
};

} // namespace pier::test
