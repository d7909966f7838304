#include "net/proxy/datagram_session.hpp"

#include "net/socket_address.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pier::net {

namespace {

/// Before others have their turn.
constexpr int datagrams_a_turn = 64;

} // namespace

result<std::pair<fd, fd>> make_datagram_pair() {
  std::pair<fd, fd> both;
  std::array<socket_address, 2> names;
  auto place = to_kernel({ip_address::loopback(family::v4), 0});
  size_t made = 0;
  for (auto* each : {&both.first, &both.second}) {
    *each = fd{::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    auto& name = names.at(made++);
    if (
      !*each || ::bind(each->get(), place.data(), place.size) != 0
      || ::getsockname(each->get(), name.data(), &name.size) != 0)
      return error{
        from_errno(errno),
        std::string{"no sockets for datagrams: "} + std::strerror(errno)};
  }
  ::connect(both.first.get(), names[1].data(), names[1].size);
  ::connect(both.second.get(), names[0].data(), names[0].size);
  // What a stranger has sent there meanwhile.
  char one = 0;
  for (auto* each : {&both.first, &both.second})
    while (::recv(each->get(), &one, 1, MSG_DONTWAIT) >= 0) {}
  return both;
}

datagram_session::datagram_session(
  boost::asio::io_context& io, datagram_sides sides, socks_address target)
  : control_(io, sides.control.release()),
    relay_(io, sides.relay.release()),
    ours_(io, sides.ours.release()),
    lease_(io, sides.lease.release()),
    target_(std::move(target)),
    head_(to_wire(socks_datagram{0, target_})),
    room_(loop_room::of(io).at(0)) {}

void datagram_session::start() {
  await_ours();
  await_relay();
  await_end(control_);
  await_end(lease_);
}

void datagram_session::await_ours() {
  ours_.async_wait(
    descriptor::wait_read,
    [me = shared_from_this()](const boost::system::error_code& why) {
      if (why)
        return;
      me->pass_on();
      me->await_ours();
    });
}

void datagram_session::await_relay() {
  relay_.async_wait(
    descriptor::wait_read,
    [me = shared_from_this()](const boost::system::error_code& why) {
      if (why)
        return;
      me->pass_back();
      me->await_relay();
    });
}

/// Nobody says anything there: whatever comes is an end.
void datagram_session::await_end(descriptor& at) {
  at.async_wait(
    descriptor::wait_read,
    [me = shared_from_this()](const boost::system::error_code& why) {
      if (!why)
        me->end();
    });
}

void datagram_session::pass_on() {
  for (int i = 0; i < datagrams_a_turn; ++i) {
    auto size = ::recv(
      ours_.native_handle(), room_.data(), room_.size(), MSG_DONTWAIT);
    if (size < 0)
      return;
    std::array<iovec, 2> parts{
      {{head_.data(), head_.size()},
       {room_.data(), static_cast<size_t>(size)}}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    ::sendmsg(relay_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  }
}

void datagram_session::pass_back() {
  for (int i = 0; i < datagrams_a_turn; ++i) {
    auto size = ::recv(
      relay_.native_handle(), room_.data(), room_.size(), MSG_DONTWAIT);
    // What ICMP says of one datagram does not end the association.
    if (size < 0 && errno == ECONNREFUSED)
      continue;
    if (size < 0)
      return;
    std::string_view bytes{room_.data(), static_cast<size_t>(size)};
    auto head = read_socks_datagram(bytes);
    if (
      !head || head->size == 0 || head->what.fragment != 0
      || !is_of_target(head->what.to))
      continue;
    bytes.remove_prefix(head->size);
    ::send(
      ours_.native_handle(), bytes.data(), bytes.size(),
      MSG_NOSIGNAL | MSG_DONTWAIT);
  }
}

/// Of a name only the proxy knows the address.
bool datagram_session::is_of_target(const socks_address& from) const {
  if (from.at.port != target_.at.port)
    return false;
  return !target_.name.empty() || from.at.ip == target_.at.ip;
}

void datagram_session::end() {
  boost::system::error_code ignored;
  for (auto* each : {&control_, &relay_, &ours_, &lease_})
    static_cast<void>(each->close(ignored));
}

} // namespace pier::net
