#pragma once

/// Asks name servers, the host's own or others (RFC 5452: a fresh port and a
/// fresh id each time; sockets are connected, so that nobody else's answer is
/// read).
///
/// The servers race: the first is asked at once, each next one a little later
/// or as soon as one has failed. The first answer wins; SERVFAIL and REFUSED
/// win only when nobody has better. A truncated answer is asked for again over
/// TCP. The server that won is the first of the next race.

#include "messages/address.hpp"
#include "net/dns/id_source.hpp"
#include "net/dns/wire.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace pier::net {

class upstream {
public:
  using taker = std::function<void(result<dns_bytes>)>;
  /// The servers as they are now; asked anew for each question.
  using roster = std::function<std::vector<endpoint>()>;

  /// What one race leaves to the next: who won, by the first of those who were
  /// asked, where that was another.
  struct memory {
    std::unordered_map<endpoint, endpoint> favourites;
    id_source ids;
  };

  /// One question on its way; destroyed, it is forgotten.
  class ask {
  public:
    virtual ~ask() = default;
  };

  upstream(
    boost::asio::io_context& io, roster servers,
    std::chrono::milliseconds deadline);

  /// The answer bears the question's id. After the deadline it is the best
  /// that there is, or ec::timed_out; ec::refused and others when every server
  /// has failed.
  std::unique_ptr<ask> send(
    std::vector<endpoint> servers, dns_bytes query, bool over_tcp, taker done);

  /// The deadline of questions that are sent from now on.
  void wait_at_most(std::chrono::milliseconds deadline) noexcept {
    deadline_ = deadline;
  }

  /// The host's own, now.
  std::vector<endpoint> servers() const {
    return servers_();
  }

private:
  void put_in_order(std::vector<endpoint>& servers) const;

  boost::asio::io_context& io_;
  roster servers_;
  std::chrono::milliseconds deadline_;
  std::shared_ptr<memory> past_ = std::make_shared<memory>();
};

} // namespace pier::net
