#pragma once

/// Where published ports are on trial: the real ones, on loopback, with clients
/// and rivals.

#include "net/circuit/near_sides.hpp"
#include "net/fd.hpp"
#include "net/lobby.hpp"
#include "net/network.hpp"
#include "net/port/allocations.hpp"
#include "test/support/show.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pier::contract {

struct kind {
  protocol proto;
  family over;
};

constexpr kind tcp4{protocol::tcp, family::v4};
constexpr kind tcp6{protocol::tcp, family::v6};
constexpr kind udp4{protocol::udp, family::v4};
constexpr kind udp6{protocol::udp, family::v6};

/// The first port of the container; a range goes on from there.
constexpr uint16_t first_port = 8000;

/// Somebody who talks to a published port.
class client {
public:
  /// TCP: begins to connect. UDP: sends its first datagram.
  client(protocol proto, const endpoint& to);

  /// What the kernel has said: an errno, 0: yes (UDP: nothing bad). Nothing:
  /// it has not answered yet.
  std::optional<int> answer();
  bool say(const std::string& text);
  endpoint own() const;

private:
  protocol proto_;
  net::fd socket_;
};

class ground {
public:
  explicit ground(kind what);

  /// A loopback address; of IPv4 one that no other test uses.
  ip_address home() const {
    return home_;
  }
  std::string name() const;
  /// `ports` of the container at random numbers of `home`.
  port_spec random(size_t ports = 1) const;
  /// `ports` of the container within the host's range.
  port_spec within(const port_range& host, size_t ports) const;
  /// `count` numbers in a row that nobody has at the moment.
  port_range free_numbers(size_t count) const;

  result<std::shared_ptr<net::port>>
  publish(const port_spec& spec, const std::string& owner = "web");
  /// The test ends where that is refused.
  std::shared_ptr<net::port> published(const port_spec& spec);

  /// Clients are written down.
  std::shared_ptr<void> borrow(net::port& from, std::vector<arrival>& into);

  /// Runs the loop until `done`; false when the deadline passes first.
  bool until(const std::function<bool()>& done);
  /// Runs whatever is due; what loopback has brought is heard.
  void settle();

  client come(const net::port& to, size_t nth = 0) const;
  bool refuses(const net::port& to, size_t nth = 0);
  /// Whether a client is let in, heard by anybody or not.
  bool admits(const net::port& to, size_t nth = 0);

  /// What a rival is told who binds: an errno, 0: the port is his.
  int rival(const endpoint& at, bool reuse = false) const;
  net::fd hold(const endpoint& at) const;

  kind what;
  std::chrono::milliseconds udp_idle{90000};
  net::io_runtime runtime{1};
  net::gateway gate;
  net::lobby lobby;
  net::allocations taken;
  net::names_in_use names;

private:
  ip_address home_;
};

} // namespace pier::contract
