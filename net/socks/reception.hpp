#pragma once

/// The clients of one place that have not said yet what they want.
///
/// Theory of operation. A client's bytes are looked at before they are taken
/// (MSG_PEEK): what follows its request stays in its socket for the relay, so
/// that nothing is kept here and nothing copied twice. Of what it has said only
/// the message that it is in is kept, which is bounded. It has ten seconds for
/// all of it, or a little less, and there are a thousand at once: one more, and
/// the oldest goes. So a flood of silent ones costs those who are slow, and
/// nobody else.

#include "net/circuit/near_sides.hpp"
#include "net/lifeline.hpp"
#include "net/lobby.hpp"
#include "net/readiness.hpp"
#include "net/socks/talk.hpp"

#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <list>
#include <string>

namespace pier::net {

class socks_reception {
public:
  /// A client that has said it, and its connection.
  using sink = std::function<void(fd, const endpoint& client, socks_wish)>;

  socks_reception(
    boost::asio::io_context& io, const socks_host& host, sink wishes);

  socks_reception(const socks_reception&) = delete;
  socks_reception& operator=(const socks_reception&) = delete;

  void receive(fd client, const endpoint& from);

  /// Sends all of them away.
  void clear();

private:
  struct client {
    fd socket;
    endpoint from;
    uint64_t came = 0;
    socks_talk talk;
    std::string heard{};
    readiness::wait wait{}; // ends before its socket does
  };
  using place = std::list<client>::iterator;

  void await(place who);
  void hear(place who);
  void count_down();

  boost::asio::io_context& io_;
  const socks_host& host_;
  sink wishes_;
  std::list<client> clients_; // the oldest first
  boost::asio::steady_timer timer_;
  /// Halves of a client's patience that have gone by.
  uint64_t halves_ = 0;
  bool counts_ = false;
  lifeline life_;
};

} // namespace pier::net
