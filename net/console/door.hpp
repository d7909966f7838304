#pragma once

/// Where consoles come in: one listener of this machine, perhaps one of others,
/// and a bridge for each client. Whoever is let in is a guest with a number;
/// until then he is a stranger, and all that he costs is a connection.
///
/// Limits, for each of the two listeners: 32 guests and 32 strangers. A guest
/// too many is turned away; a stranger too many takes the place of the one who
/// has been a stranger longest.

#include "messages/address.hpp"
#include "net/console/bridge.hpp"
#include "net/stream_listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace pier::net {

class door {
public:
  using local = boost::asio::local::stream_protocol;
  using tcp = boost::asio::ip::tcp;

  static constexpr size_t most_guests = 32;
  static constexpr size_t most_strangers = 32;

  explicit door(boost::asio::io_context& io, bridge::limits each = {});

  /// Sends everybody away, and calls nobody back.
  ~door();

  door(const door&) = delete;
  door& operator=(const door&) = delete;

  /// A guest: his number, his name, and a socket that speaks BASP.
  std::function<void(uint64_t number, const std::string& name, net::fd socket)>
    on_guest;

  /// He has gone, and why.
  std::function<void(uint64_t number, const error& why)> on_gone;

  /// Takes in whoever connects to this socket, which listens and is not
  /// blocking.
  void serve(net::fd listener);

  /// What makes of a connection from another machine one that knows its client.
  using disguise = std::function<std::unique_ptr<console_stream>(tcp::socket)>;

  /// Takes in whoever connects there; answers where that is. One listener takes
  /// the place of the other, whose guests stay.
  result<endpoint> listen(const endpoint& at, disguise by);
  void stop_listening();

  /// Sends one away. He is not told of by `on_gone`.
  void dismiss(uint64_t number);

  size_t guests() const noexcept;

private:
  enum class side : uint8_t { local, remote };

  struct visit {
    std::shared_ptr<bridge> way;
    side from;
  };

  void receive(std::unique_ptr<console_stream> client, side from);
  bool make_room(side from);
  size_t count(side from, bool strangers) const;

  boost::asio::io_context& io_;
  bridge::limits limits_;
  std::shared_ptr<stream_listener<local>> local_;
  std::shared_ptr<stream_listener<tcp>> remote_;
  std::map<uint64_t, visit> visits_;
  uint64_t last_ = 0;
};

} // namespace pier::net
