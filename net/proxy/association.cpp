#include "net/proxy/association.hpp"

#include "net/datagram_options.hpp"
#include "net/error_queue.hpp"
#include "net/proxy/datagram_session.hpp"
#include "net/proxy/pump_thread.hpp"
#include "net/socket_address.hpp"

#include <boost/asio/post.hpp>

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pier::net {

namespace {

/// Where a proxy sends to that says "anywhere": to where it is itself.
endpoint relay_of(const fd& connection, const socks_address& at) {
  socket_address peer;
  ::getpeername(connection.get(), peer.data(), &peer.size);
  auto out = at.at;
  if (out.ip.is_any() || !at.name.empty())
    out.ip = from_kernel(peer).ip;
  return out;
}

} // namespace

association::association(boost::asio::io_context& io, socket_source sockets)
  : io_(io), sockets_(std::move(sockets)), deadline_(io) {}

void association::begin(
  const upstream_proxy& by, const std::string& host, uint16_t port,
  taker done) {
  by_ = by;
  done_ = std::move(done);
  lease_.reset();
  auto ip = ip_address::parse(host);
  target_ = {{ip.value_or(ip_address{}), port}, ip ? std::string{} : host};
  socks_.reset();
  deadline_.expires_after(patience_);
  deadline_.async_wait(life_.guard(
    [this, turn = ++turn_](const boost::system::error_code& stopped) {
      if (!stopped && done_ && turn == turn_)
        fail(
          ec::timed_out, "it does not answer", !socks_ || !socks_->has_asked());
    }));
  boost::asio::post(io_, life_.guard([this] {
    if (!done_)
      return;
    if (by_.speaks_http())
      return fail(ec::not_supported, "an HTTP proxy takes no UDP", false);
    approach_ = std::make_unique<approach>(io_, sockets_);
    approach_->begin(by_.host, by_.port, [this](result<fd> how) {
      if (!how)
        return fail(how.error().code, how.error().text, true);
      ask(std::move(*how));
    });
  }));
}

void association::ask(fd socket) {
  stream_ = std::make_unique<handshake_stream>(io_, std::move(socket));
  socks_.emplace(*stream_, by_);
  // Nobody knows yet which port the datagrams will come from.
  socks_->ask(
    {socks_command::associate, {}}, [this](const result<socks_address>& how) {
      if (how)
        return open(*how);
      auto code = how.error().code;
      fail(code, how.error().text, code == ec::reset);
    });
}

void association::open(const socks_address& at) {
  auto control = stream_->release();
  auto to = relay_of(control, at);
  auto relay = host_socket(to.ip.kind(), SOCK_DGRAM);
  auto name = to_kernel(to);
  std::array<int, 2> ends{-1, -1};
  if (!relay || ::connect(relay->get(), name.data(), name.size) != 0)
    return fail(
      relay ? from_errno(errno) : relay.error().code,
      "its UDP at " + to_string(to) + " cannot be sent to", false);
  auto both = make_datagram_pair();
  if (!both)
    return fail(both.error().code, both.error().text, false);
  ::socketpair(
    AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data());
  lease_ = fd{ends[0]};
  set_datagram_options(both->first.get());
  open_error_queue(both->first.get(), family::v4);
  tunnel_end out;
  out.connection = std::move(both->first);
  auto sides = std::make_shared<datagram_sides>(datagram_sides{
    std::move(control), std::move(*relay), std::move(both->second),
    fd{ends[1]}});
  auto will = lease_
    && pump_thread::of(io_).run(
      [sides, target = target_](boost::asio::io_context& io) {
        std::make_shared<datagram_session>(io, std::move(*sides), target)
          ->start();
      });
  if (!will)
    return fail(
      ec::exhausted, "there is no descriptor or thread left for it", false);
  end(std::move(out));
}

void association::fail(ec code, const std::string& why, bool by_proxy) {
  auto name = "the proxy " + to_string(by_);
  end(
    {{},
     {code,
      by_proxy ? name + " is not to be had: " + why
               : name + " does not lead UDP on: " + why},
     by_proxy});
}

void association::end(tunnel_end how) {
  deadline_.cancel();
  approach_.reset();
  if (stream_)
    stream_->release();
  std::exchange(done_, nullptr)(std::move(how));
}

} // namespace pier::net
