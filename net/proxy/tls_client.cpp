#include "net/proxy/tls_client.hpp"

#include "net/proxy/pump_thread.hpp"
#include "net/proxy/tls_context.hpp"
#include "net/proxy/tls_session.hpp"

#include <boost/asio/post.hpp>

#include <sys/socket.h>

#include <array>
#include <memory>
#include <utility>

namespace pier::net {

tls_client::tls_client(boost::asio::io_context& io) : io_(io) {}

void tls_client::begin(fd socket, const std::string& host, dialer::taker done) {
  done_ = std::move(done);
  std::array<int, 2> ends{-1, -1};
  ::socketpair(
    AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data());
  ours_ = fd{ends[0]};
  // A handler may be copied, and a descriptor may not.
  auto both = std::make_shared<std::pair<fd, fd>>(
    std::move(socket), fd{ends[1]});
  // The thread carries it, and only the loop calls it.
  auto told = life_.guard(
    [this, turn = ++turn_](const error& how) { hear(turn, how); });
  auto tell = [&home = io_, told](const error& how) {
    boost::asio::post(home, [told, how]() mutable { told(how); });
  };
  auto will = ours_
    && pump_thread::of(io_).run(
      [both, host, tell](boost::asio::io_context& io) {
        std::make_shared<tls_session>(
          io, tls_context::of(io).get(), std::move(both->first),
          std::move(both->second), host, tell)
          ->start();
      });
  if (!will)
    tell({ec::exhausted, "there is no descriptor or thread left for TLS"});
}

void tls_client::hear(uint64_t turn, const error& how) {
  if (turn != turn_)
    return;
  auto ours = std::move(ours_);
  auto done = std::exchange(done_, nullptr);
  if (how.code != ec::ok)
    return done(how);
  done(std::move(ours));
}

} // namespace pier::net
