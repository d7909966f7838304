#pragma once

/// The DNS server's sockets at the gateway: questions come in, wait under a
/// ticket, and leave answered (RFC 1035, 7766). What is no question is answered
/// FORMERR or not at all, and is never announced.

#include "net/dns/cache.hpp"
#include "net/dns/upstream.hpp"
#include "net/dns/wire.hpp"
#include "net/network.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace pier::net {

class dns_server {
public:
  using sink = std::function<void(const dns_question&)>;

  dns_server(boost::asio::io_context& io, upstream& resolvers);
  ~dns_server();

  /// Serves a UDP and a listening TCP socket, which are duplicated, in the
  /// place of those that it has of this family; who is connected there is
  /// reset.
  void serve(family kind, int udp, int tcp);

  /// Hears of every question, those that wait already first.
  void watch(sink asked);

  /// Null: the ticket is void.
  std::unique_ptr<exchange> claim(ticket number, exchange::sink events);

  /// Forgets the answers of others, and keeps later ones within these limits.
  void renew_cache(const dns_cache_limits& limits);
  /// Forgets them, and that is all.
  void clear_cache();
  dns_cache_counts cached() const noexcept;

private:
  struct parts;
  std::shared_ptr<parts> parts_;
};

} // namespace pier::net
