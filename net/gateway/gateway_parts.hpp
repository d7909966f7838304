#pragma once

/// What the gateway is made of, for those files that are it.

#include "net/gateway/address_moves.hpp"
#include "net/gateway/gate.hpp"
#include "net/gateway/gateway.hpp"
#include "net/gateway/keeper_process.hpp"
#include "net/gateway/link_removals.hpp"
#include "net/gateway/socket_store.hpp"

namespace pier::net {

struct gateway::parts {
  parts(
    gateway& own, boost::asio::io_context& loop, const guest_network& plan,
    std::string program);

  void open(std::function<void(result<void>)> done);
  void hear_keeper(result<keeper_process::answer> answer);
  result<void> hear_found(keeper_process::answer answer);
  void answer_all(const result<void>& how);
  bool make_sockets(
    family kind, int type, uint32_t count, const socket_store::taker& done);
  void unplug(const lease& at, const link_removals::taker& done);
  /// `done` is called later, and hears of whoever is not there.
  void ask_to(
    const keeper_request& what, const std::vector<int>& fds,
    const std::function<void(result<void>)>& done);
  /// Answered with descriptors, or a refusal; at once where nobody is there.
  void ask_for_some(
    const keeper_request& what, const std::vector<int>& fds,
    const std::function<void(result<std::vector<fd>>)>& done);
  /// Answered with one descriptor, or a refusal.
  void ask_for_one(
    const keeper_request& what, const std::function<void(result<fd>)>& done);
  /// New DNS sockets of those families whose gateway has moved.
  void take_desks(
    const guest_network& was, const guest_network& is, std::vector<fd> desks);

  gateway& owner;
  boost::asio::io_context& io;
  guest_network net;
  std::string keeper_program;
  std::shared_ptr<keeper_process> keeper;
  bool is_open = false;
  std::vector<std::function<void(result<void>)>> opening;
  fd netns, userns;
  fd udp4, tcp4, udp6, tcp6;
  std::unique_ptr<net::gate> gate;
  socket_store store;
  link_removals removals;
  address_moves moves;
  /// Dies with this: late replies find nobody.
  lifeline life;
};

} // namespace pier::net
