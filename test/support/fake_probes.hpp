#pragma once

/// Looks and trials without a kernel: a test says what they come to.

#include "net/probe/probes.hpp"

#include <map>

namespace pier::test {

class fake_probes : public net::probes {
public:
  result<net::host_way> way_to(const ip_address& to) override {
    if (auto no = no_way.find(to); no != no_way.end())
      return no->second;
    return net::host_way{"eth0", ip_address{}, ip_address{}};
  }
  std::unique_ptr<net::trial>
  dial(const endpoint& to, std::function<void(const error&)> done) override {
    dials.push_back(to);
    if (auto said = answers.find(to); said != answers.end())
      done(said->second);
    return std::make_unique<net::trial>();
  }
  std::unique_ptr<net::trial> resolve(
    const std::string& name, uint16_t type, const dns_course&,
    std::function<void(const found_name&)> done) override {
    questions.emplace_back(name, type);
    done(names[{name, type}]);
    return std::make_unique<net::trial>();
  }
  std::unique_ptr<net::trial> find(
    const std::string& name,
    std::function<void(const found_name&)> done) override {
    if (auto said = host_names.find(name); said != host_names.end())
      done(said->second);
    return std::make_unique<net::trial>();
  }
  std::vector<endpoint> resolvers() const override {
    return {{ip_address::loopback(family::v4), 53}};
  }
  std::string holder_of(const host_port&) override {
    return holder;
  }

  // -- what a test says -------------------------------------------------------

  std::map<ip_address, error> no_way;
  /// Who is not here is silent.
  std::map<endpoint, error> answers;
  std::map<std::pair<std::string, uint16_t>, found_name> names;
  /// Of the host itself; who is not here is silent.
  std::map<std::string, found_name> host_names;
  std::string holder;
  std::vector<endpoint> dials;
  std::vector<std::pair<std::string, uint16_t>> questions;
};

} // namespace pier::test
