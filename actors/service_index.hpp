#pragma once

/// What a container listens on, to be asked by port: a thousand ports are told
/// of their own services, not each of all. Pure.

#include "messages/container.hpp"
#include "messages/port_spec.hpp"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace pier::actors {

class service_index {
public:
  /// A service at this port is one at every port: what is reported of a guest
  /// whose sockets cannot be seen.
  static constexpr uint16_t every_port = 0;

  service_index() = default;
  explicit service_index(const std::vector<service>& all) {
    for (const auto& each : all)
      by_port_[{each.proto, each.at.port}].push_back(each);
  }

  /// Those behind the ports of this spec, in order.
  std::vector<service> behind(const port_spec& spec) const {
    std::vector<service> out;
    add(spec.proto, every_port, every_port, out);
    add(spec.proto, spec.container.first, spec.container.last, out);
    return out;
  }

private:
  void add(
    protocol proto, uint16_t first, uint16_t last,
    std::vector<service>& out) const {
    auto end = by_port_.upper_bound({proto, last});
    for (auto i = by_port_.lower_bound({proto, first}); i != end; ++i)
      out.insert(out.end(), i->second.begin(), i->second.end());
  }

  std::map<std::pair<protocol, uint16_t>, std::vector<service>> by_port_;
};

} // namespace pier::actors
