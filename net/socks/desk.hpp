#pragma once

/// Where SOCKS is spoken, at the door to the kernel: a part of net/network.hpp,
/// whose rules it has.

#include "messages/error.hpp"
#include "messages/settings/socks_settings.hpp"
#include "net/port/port.hpp"

#include <memory>
#include <vector>

namespace pier::net {

class socks_desk {
public:
  virtual ~socks_desk() = default;

  /// Takes the place, until `release`; the port, which starts parked, has the
  /// number of the host's. Whoever has said what it wants is an arrival: of its
  /// flow the guest's side is where it wants to go. Claimed, declined or led on
  /// it hears so in the words of SOCKS or HTTP.
  virtual result<std::shared_ptr<port>> reserve(const endpoint& at) = 0;
  virtual std::vector<endpoint> reserved() const = 0;
  virtual void release(const endpoint& at) = 0;

  /// For whoever comes from now on.
  virtual void adopt(const socks_terms& by) = 0;

  /// Whether these users could be let in: the file is read anew for each.
  virtual result<void> can_read_users(const std::string& path) const = 0;
};

} // namespace pier::net
