#pragma once

/// One question to one server over one transport (RFC 1035; TCP as RFC 7766).
/// Whatever arrives and is no answer to it is passed over.

#include "messages/address.hpp"
#include "net/circuit/dialer.hpp"
#include "net/dns/wire.hpp"
#include "net/readiness.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>

namespace pier::net {

/// Destroyed, it is forgotten.
class attempt {
public:
  using taker = std::function<void(result<dns_bytes>)>;

  /// The query bears the id that goes over the wire. `done` is not called from
  /// inside the constructor, and has no deadline: that is the race's.
  attempt(
    boost::asio::io_context& io, const endpoint& server, dns_bytes query,
    bool over_tcp, taker done);

  const endpoint& server() const noexcept {
    return server_;
  }

private:
  void begin();
  void fail_later(const error& why);
  result<void> send();
  void await();
  void read();
  void read_stream(dns_view bytes);
  bool is_ours(dns_view reply) const;

  boost::asio::io_context& io_;
  endpoint server_;
  dns_bytes query_;
  bool over_tcp_;
  taker done_;
  dialer dialer_;
  fd socket_;
  readiness::wait wait_; // ends before its socket does
  dns_bytes stream_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

} // namespace pier::net
