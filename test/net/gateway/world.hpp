#pragma once

/// A gateway on trial, with guests. The gateway runs as it does in earnest: a
/// keeper process, namespaces of its own. A guest is a network namespace, whose
/// sockets are made by a child that enters it and hands them over; so the test
/// itself is one thread that plays both sides.

#include "net/gateway/gateway.hpp"
#include "test/support/show.hpp"

#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>
#include <sys/socket.h>

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pier::net::trials {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds patience = 10s;

/// Where everything under test lies: pier-keeper.
std::string keeper_program();

/// The whole of the default settings' network.
guest_network plan();

class world {
public:
  /// Opens the gateway; the test ends where that is refused.
  world();

  boost::asio::io_context io;
  gateway gate{io, plan(), keeper_program()};
  std::deque<held_packet> held;
  /// How often the gateway was lost.
  int lost = 0;

  result<void> open();
  /// Runs the loop until `done`; false when the deadline passes first.
  bool until(
    const std::function<bool()>& done,
    std::chrono::milliseconds limit = patience);
  /// The next packet at the gate; the test ends without one.
  held_packet next_held();
  /// Whether none comes for as long as a kernel might need to bring one.
  bool nothing_held();
  result<fd> pass(const held_packet& what);
  /// In the user namespace of the gateway if it has one, and in `netns`.
  int run_in(int netns, const std::function<int()>& what);
};

class guest {
public:
  /// A network namespace; plugged in as `number`.
  guest(world& where, uint32_t number);

  world& where;
  lease at;
  fd netns;
  guest_view view;

  result<void> plug();
  result<void> unplug();
  int run(const std::function<int()>& what) {
    return where.run_in(netns.get(), what);
  }
  /// A non-blocking socket of the guest.
  fd socket(family kind, int type, int protocol = 0);
  /// Starts to connect.
  fd connect(const endpoint& to, int type = SOCK_STREAM, int protocol = 0);
  fd listen(const endpoint& at);
  ip_address address(family kind) const {
    return kind == family::v4 ? at.v4 : at.v6;
  }
};

/// The outcome of connecting: an errno, 0: yes; nothing: not yet.
std::optional<int> outcome(const fd& socket);
/// What can be read at once; nothing when nothing or an error.
std::optional<std::string> receive(const fd& socket);
bool send(const fd& socket, const std::string& text);
/// Its peer has broken it off.
bool is_reset(const fd& socket);
endpoint local(const fd& socket);
endpoint remote(const fd& socket);

/// Somewhere in the world that is not there (RFC 5737, 3849).
endpoint somewhere(family kind, uint16_t port);

} // namespace pier::net::trials
