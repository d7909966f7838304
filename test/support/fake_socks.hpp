#pragma once

/// Where SOCKS is spoken, without a kernel.

#include "net/socks/desk.hpp"
#include "test/support/fake_premises.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pier::test {

class fake_socks : public net::socks_desk {
public:
  result<std::shared_ptr<net::port>> reserve(const endpoint& at) override {
    if (auto found = places.find(at); found != places.end())
      return std::shared_ptr<net::port>{found->second};
    if (auto no = taken.find(at); no != taken.end())
      return no->second;
    port_range number{at.port, at.port};
    places[at] = std::make_shared<fake_port>(
      port_spec{protocol::tcp, at.ip, number, number});
    return std::shared_ptr<net::port>{places[at]};
  }
  std::vector<endpoint> reserved() const override {
    std::vector<endpoint> out;
    for (const auto& [at, each] : places)
      out.push_back(at);
    return out;
  }
  void release(const endpoint& at) override {
    places.erase(at);
  }
  void adopt(const socks_terms& by) override {
    terms = by;
  }
  result<void> can_read_users(const std::string&) const override {
    return users;
  }

  std::map<endpoint, std::shared_ptr<fake_port>> places;
  /// Where nobody can listen, and why.
  std::map<endpoint, error> taken;
  socks_terms terms;
  result<void> users{};
};

} // namespace pier::test
