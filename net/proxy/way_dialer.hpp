#pragma once

/// From the ways that a request may take to a connection: they are tried in
/// order, each for a while.
///
/// A request in plain HTTP to a proxy that speaks it goes there in absolute
/// form; everything else goes through a tunnel (net/proxy/tunnel). Who we are
/// to a proxy is remembered for all that go by it, so that only the first of
/// them is asked.

#include "messages/proxy.hpp"
#include "net/circuit/dialer.hpp"
#include "net/lifeline.hpp"
#include "net/proxy/authentication.hpp"
#include "net/proxy/tunnel.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pier::net {

/// What has answered.
struct way_found {
  fd socket;
  /// Its place among the ways.
  size_t way = 0;
  /// It is a proxy that is to be asked in absolute form, and told this.
  bool to_proxy = false;
  proxy_words words;
};

struct way_surroundings {
  boost::asio::io_context& io;
  /// A fresh TCP socket: of the host, or of the gateway, for a guest's address.
  std::function<result<fd>(family, bool to_guest)> sockets;
  std::shared_ptr<login_memory> logins;
};

/// One request at a time; destroyed, it closes what it has begun.
class way_dialer {
public:
  using taker = std::function<void(result<way_found>)>;

  explicit way_dialer(way_surroundings around);

  /// Twenty seconds for each, at most; a proxy has as long as net/proxy/tunnel
  /// gives it. The error is the last one's, and names where it leads. `url` is
  /// what a proxy is asked for in absolute form.
  void begin(
    const proxy_request& what, const std::string& url, proxy_course by,
    taker done);

  /// The proxy that was found last is asked something else on the same
  /// connection: what it is to be told then.
  void renew(const proxy_request& what, const std::string& url, taker done);

  /// It has answered this by a 407. What it is to be told then; or, not `here`,
  /// on a new connection. Refused with ec::permission_denied when there is
  /// nothing left to say.
  void answer(
    const proxy_request& what, const std::string& url,
    const std::vector<std::string>& challenges, bool here, taker done);

  /// It has taken what it was told.
  void succeed();

  /// The ways of the last request whose proxy was not to be had.
  const std::vector<uint64_t>& ill() const noexcept {
    return ill_;
  }

private:
  void try_next(error last);
  void dial(const proxy_way& way);
  void go_through(const proxy_way& way);
  void reach(const upstream_proxy& proxy);
  void say_who(fd socket);
  bool take_up(const proxy_request& what, const std::string& url, taker done);
  void say(const result<std::string>& credentials);
  proxy_words weigh(const std::string& credentials) const;
  void find(fd socket, proxy_words words);
  void hear(size_t attempt, result<fd> how);
  void note(const tunnel_end& how);
  void finish(result<way_found> how);

  way_surroundings around_;
  dialer dialer_;
  tunnel tunnel_;
  boost::asio::steady_timer patience_;
  proxy_request what_;
  std::string url_;
  proxy_course course_;
  size_t next_ = 0;
  std::vector<uint64_t> ill_;
  std::optional<upstream_proxy> proxy_;
  std::unique_ptr<authentication> login_;
  /// What the proxy is to be told on its next connection.
  std::optional<proxy_words> words_;
  taker done_;
  lifeline life_;
};

} // namespace pier::net
