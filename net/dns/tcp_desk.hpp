#pragma once

/// One TCP connection of a guest: several questions, answered in any order,
/// each behind its length in two bytes (RFC 1035, 4.2.2; RFC 7766, 6.2). A
/// guest that asks and never reads is hung up on.

#include "net/dns/asker.hpp"
#include "net/fd.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace pier::net {

class tcp_desk : public asker, public std::enable_shared_from_this<tcp_desk> {
public:
  /// `gone` is called once, from the destructor.
  tcp_desk(
    boost::asio::io_context& io, fd socket, const endpoint& guest,
    dns_hearer heard, std::function<void()> gone);
  ~tcp_desk() override;

  /// The pending wait keeps it alive until the guest hangs up or is silent.
  void await();

  /// The guest hears RST.
  void hang_up();

  void reply(dns_bytes bytes, dns_view query) override;

private:
  /// False: it is over.
  bool read();
  void flush();

  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer silence_;
  endpoint guest_;
  dns_hearer heard_;
  std::function<void()> gone_;
  dns_bytes stream_, unsent_;
  bool flushing_ = false;
};

} // namespace pier::net
