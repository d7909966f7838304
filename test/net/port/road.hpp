#pragma once

/// Where static forwards are on trial: real sockets, and neither a gateway nor
/// a privilege.

#include "net/circuit/near_sides.hpp"
#include "net/lobby.hpp"
#include "net/port/allocations.hpp"
#include "net/port/published.hpp"
#include "net/socket_address.hpp"
#include "test/support/show.hpp"
#include "test/support/temp_dir.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pier::trials {

net::fd make_socket(int domain, int type);

/// One end of a connection, at a client or a server.
class peer {
public:
  explicit peer(net::fd socket) : socket_(std::move(socket)) {}

  void say(const std::string& text) const;
  void say_no_more() const;
  void vanish();
  /// Takes in what has come.
  void listen();

  std::string heard;
  bool finished = false;
  int why = 0;

private:
  net::fd socket_;
};

/// A port, or the path of a Unix socket.
struct door {
  endpoint at;
  std::string path;

  int domain() const;
  net::socket_address address() const;
};

/// Takes one connection after the other.
class server {
public:
  explicit server(door where);

  const door& where() const {
    return where_;
  }
  /// Nothing: nobody waits.
  net::fd take() const;

private:
  door where_;
  net::fd socket_;
};

class road {
public:
  /// An address of loopback that no other test uses.
  static ip_address home();

  door tcp_door() const {
    return {{home(), 0}, {}};
  }
  door unix_door(const char* name) const {
    return {{}, folder / name};
  }

  /// A number that nobody has at this address.
  listen_address place(protocol proto = protocol::tcp) const;
  listen_address unix_place(const char* name) const;

  result<std::shared_ptr<net::port>> reserve(const listen_address& at);
  std::shared_ptr<net::port> opened(const listen_address& at);

  /// Leads whoever comes there.
  std::shared_ptr<void>
  lead(net::port& from, const endpoint& to, const net::passage& how);

  net::fd call(const listen_address& at);
  /// What the kernel says to whoever calls: an errno, 0: yes.
  int answer(const net::fd& asked);

  /// Runs the loop until `done`; false when the deadline passes first.
  bool until(const std::function<bool()>& done);

  /// Whether all that he hears is this.
  bool hears(peer& who, const std::string& text);

  test::temp_dir folder;
  net::io_runtime runtime{1};
  /// Never opened.
  net::gateway gate{
    runtime.control(), net::plan_network({}), "/nonexistent/pier-keeper"};
  std::chrono::milliseconds udp_idle{90000};
  net::names_in_use names;
  net::lobby lobby;
  net::allocations taken;
  std::vector<flow> arrivals;
  std::vector<std::unique_ptr<net::circuit>> circuits;

private:
  void hear(size_t which, const circuit_event& news);

  int refusal_ = 0;
};

/// A client of a forward, and where it was led.
struct conversation {
  conversation(road& on, const listen_address& at, const server& target);

  peer client;
  peer far;
};

} // namespace pier::trials
