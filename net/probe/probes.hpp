#pragma once

/// What a person's question asks of the kernel and of others: looks, and trials
/// that are over at once. A part of the door in net/network.hpp; its rules are
/// the same.

#include "messages/address.hpp"
#include "messages/error.hpp"
#include "messages/port_spec.hpp"
#include "messages/why.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pier::net {

/// The host's way to an address.
struct host_way {
  std::string device;
  /// That its packets leave with.
  ip_address source;
  /// Unspecified: it is a neighbour.
  ip_address via;
};

/// "by eth0, from 10.0.0.2, via 10.0.0.1".
std::string to_string(const host_way& of);

/// A trial on its way; destroyed, it is forgotten.
class trial {
public:
  virtual ~trial() = default;
};

class probes {
public:
  virtual ~probes() = default;

  /// As the kernel would route it now: refused with ec::network_unreachable and
  /// the like.
  virtual result<host_way> way_to(const ip_address& to) = 0;

  /// Connects over TCP as a flow out would, and closes at once: the peer sees a
  /// client that comes and goes. ec::ok: it has answered.
  virtual std::unique_ptr<trial>
  dial(const endpoint& to, std::function<void(const error&)> done) = 0;

  /// Asks those who answer by this course for A or AAAA, past the cache.
  virtual std::unique_ptr<trial> resolve(
    const std::string& name, uint16_t type, const dns_course& how,
    std::function<void(const found_name&)> done)
    = 0;

  /// What a name means to the host itself (net/host_names).
  virtual std::unique_ptr<trial>
  find(const std::string& name, std::function<void(const found_name&)> done)
    = 0;

  /// Whom the host itself asks.
  virtual std::vector<endpoint> resolvers() const = 0;

  /// " (held by python3, pid 4711)"; " (held by a process that is not to be
  /// seen)"; nothing where nobody has the port.
  virtual std::string holder_of(const host_port& what) = 0;
};

} // namespace pier::net
