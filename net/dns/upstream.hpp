#pragma once

/// Asks the host's resolvers (RFC 5452: a fresh port and a fresh id each time;
/// sockets are connected, so that nobody else's answer is read).
///
/// The servers race: the first is asked at once, each next one a little later
/// or as soon as one has failed. The first answer wins; SERVFAIL and REFUSED
/// win only when nobody has better. A truncated answer is asked for again over
/// TCP. The server that won is the first of the next race.

#include "net/dns/host_resolver.hpp"
#include "net/dns/wire.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace pier::net {

class upstream {
public:
  using taker = std::function<void(result<dns_bytes>)>;

  /// One question on its way; destroyed, it is forgotten.
  class ask {
  public:
    virtual ~ask() = default;
  };

  upstream(
    boost::asio::io_context& io, const host_resolver& servers,
    std::chrono::milliseconds deadline);

  /// The answer bears the question's id. ec::timed_out after the deadline,
  /// ec::refused and others when every server has failed.
  std::unique_ptr<ask> send(dns_bytes query, bool over_tcp, taker done);

private:
  std::vector<endpoint> order() const;

  boost::asio::io_context& io_;
  const host_resolver& servers_;
  std::chrono::milliseconds deadline_;
  std::shared_ptr<endpoint> favourite_ = std::make_shared<endpoint>();
};

} // namespace pier::net
