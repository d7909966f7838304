#pragma once

/// One UDP socket of ours and all who ask there. An answer that is longer than
/// its asker takes is truncated (RFC 6891, 4.3).

#include "net/dns/asker.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace pier::net {

class udp_desk : public std::enable_shared_from_this<udp_desk> {
public:
  udp_desk(boost::asio::io_context& io, int socket, dns_hearer heard);

  /// Hears until it is destroyed; the pending wait does not keep it alive.
  void await();

private:
  class guest;

  void read();
  void reply(const endpoint& to, dns_bytes bytes, dns_view query);

  boost::asio::posix::stream_descriptor socket_;
  dns_hearer heard_;
};

} // namespace pier::net
