#include "net/dns/attempt.hpp"

#include "net/socket_address.hpp"

#include <boost/asio/post.hpp>

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace pier::net {

namespace {

constexpr size_t most_bytes = 65535;

} // namespace

attempt::attempt(
  boost::asio::io_context& io, const endpoint& server, dns_bytes query,
  bool over_tcp, taker done)
  : io_(io),
    server_(server),
    query_(std::move(query)),
    over_tcp_(over_tcp),
    done_(std::move(done)),
    dialer_(io) {
  begin();
}

void attempt::begin() {
  auto socket = host_socket(
    server_.ip.kind(), over_tcp_ ? SOCK_STREAM : SOCK_DGRAM);
  if (!socket)
    return fail_later(socket.error());
  if (over_tcp_) {
    dialer_.dial(std::move(*socket), server_, [this](result<fd> connected) {
      if (!connected)
        return fail_later(connected.error());
      socket_ = std::move(*connected);
      if (auto sent = send(); !sent)
        fail_later(sent.error());
    });
    return;
  }
  // To connect a datagram socket asks nobody: there is nothing to wait for.
  socket_ = std::move(*socket);
  auto to = to_kernel(server_);
  if (::connect(socket_.get(), to.data(), to.size) != 0)
    return fail_later(
      {from_errno(errno), to_string(server_) + ": " + std::strerror(errno)});
  if (auto sent = send(); !sent)
    fail_later(sent.error());
}

void attempt::fail_later(const error& why) {
  boost::asio::post(io_, [this, why, me = std::weak_ptr<int>{alive_}] {
    if (!me.expired())
      done_(why);
  });
}

result<void> attempt::send() {
  dns_bytes out;
  if (over_tcp_)
    out = {
      static_cast<uint8_t>(query_.size() >> 8),
      static_cast<uint8_t>(query_.size() & 0xff)};
  out.insert(out.end(), query_.begin(), query_.end());
  // A question fits into any fresh socket's buffer.
  if (
    ::send(socket_.get(), out.data(), out.size(), MSG_NOSIGNAL)
    != static_cast<ssize_t>(out.size()))
    return error{from_errno(errno), "DNS server does not listen"};
  await();
  return {};
}

void attempt::await() {
  wait_ = readiness::of(io_).await(
    socket_.get(), readiness::want::read, [this](bool) { read(); });
}

void attempt::read() {
  std::array<uint8_t, most_bytes> buffer;
  auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN)
    return await();
  if (got < 0 || (got == 0 && over_tcp_))
    return done_(
      error{got < 0 ? from_errno(errno) : ec::reset, "DNS server hung up"});
  dns_view bytes{buffer.data(), static_cast<size_t>(got)};
  if (over_tcp_)
    return read_stream(bytes);
  if (is_ours(bytes))
    done_(dns_bytes(bytes.begin(), bytes.end()));
  else
    await();
}

void attempt::read_stream(dns_view bytes) {
  stream_.insert(stream_.end(), bytes.begin(), bytes.end());
  size_t at = 0;
  while (stream_.size() - at >= 2) {
    size_t length = static_cast<size_t>(stream_[at]) << 8 | stream_[at + 1];
    if (stream_.size() - at < 2 + length)
      break;
    auto reply = dns_view{stream_}.subspan(at + 2, length);
    if (is_ours(reply))
      return done_(dns_bytes(reply.begin(), reply.end()));
    at += 2 + length;
  }
  stream_.erase(
    stream_.begin(), stream_.begin() + static_cast<std::ptrdiff_t>(at));
  await();
}

bool attempt::is_ours(dns_view reply) const {
  return id_of(reply) == id_of(query_) && answers(query_, reply);
}

} // namespace pier::net
