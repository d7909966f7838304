#pragma once

/// A name server on loopback that says what the test has it say.

#include "messages/address.hpp"
#include "net/dns/wire.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include <array>
#include <functional>
#include <memory>
#include <vector>

namespace pier::trials {

class name_server {
public:
  struct heard {
    net::dns_bytes query;
    bool tcp = false;
  };
  /// Each element leaves as one datagram, or framed in one segment with the
  /// others.
  using script = std::function<std::vector<net::dns_bytes>(const heard&)>;

  name_server(boost::asio::io_context& io, script says);

  endpoint at() const;

  /// Every question that came.
  std::vector<heard> questions;

  /// Who asked last by UDP.
  boost::asio::ip::udp::endpoint asker;

private:
  void await_udp();
  void await_tcp();
  void serve(const std::shared_ptr<boost::asio::ip::tcp::socket>& guest);

  script says_;
  boost::asio::ip::udp::socket udp_;
  boost::asio::ip::tcp::acceptor tcp_;
  std::array<uint8_t, 4096> buffer_{};
};

} // namespace pier::trials
