#pragma once

/// Catches the connections that a yes of the gate lets through: each is known
/// by its two addresses, and whoever expects it gets it. One that nobody
/// expects is a call to a service of ours, or nobody's any more.

#include "messages/error.hpp"
#include "messages/flow.hpp"
#include "net/audit/ledger.hpp"
#include "net/fd.hpp"
#include "net/gateway/flow_hash.hpp"
#include "net/lifeline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <list>
#include <unordered_map>
#include <vector>

namespace pier::net {

class transparent_listener {
public:
  using taker = std::function<void(result<fd>)>;
  using call_sink = std::function<void(fd, const flow&)>;

  /// Of those who come to the gate, too. Everything that they set off runs
  /// before the next ones are told of: whoever is next does not wait for a
  /// whole flood.
  static constexpr int told_a_look = 8;

  /// Listening, transparent, non-blocking sockets, one a family. `called` gets
  /// the connections that nobody expects.
  transparent_listener(
    boost::asio::io_context& io, fd v4, fd v6, call_sink called);

  /// Sees to a descriptor for the connection that is expected next. False:
  /// there is none, and the guest had better try again.
  bool reserve();

  /// Once: the connection, or ec::timed_out when the guest has given up.
  /// Expected again, the earlier taker is forgotten.
  void expect(const flow& what, taker done);

  void account(ledger& to);

  /// Takes what has come already: a guest's kernel is this one, and has
  /// answered by the time that the verdict is given.
  void look(family kind);

private:
  using descriptor = boost::asio::posix::stream_descriptor;
  struct expected {
    flow what;
    taker done;
    std::chrono::steady_clock::time_point until;
  };

  /// Gives up one descriptor that was kept for this. False: none was.
  bool spend_reserve();

  void await_connections(descriptor& listener);
  void accept_some(descriptor& listener);
  bool accept_one(descriptor& listener);
  void hand_over(fd made, const flow& what);
  void arm_deadline();

  descriptor listener4_, listener6_;
  call_sink called_;
  boost::asio::steady_timer deadline_, pause4_, pause6_;
  std::list<expected> expected_; // by deadline: all wait equally long
  std::unordered_map<flow, std::list<expected>::iterator, flow_hash> by_flow_;
  /// Free numbers, so to speak: at least as many as are expected. A guest that
  /// we have let through is not turned away for want of one.
  std::vector<fd> reserve_;
  bool armed_ = false;
  lifeline life_;
};

} // namespace pier::net
