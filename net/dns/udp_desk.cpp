#include "net/dns/udp_desk.hpp"

#include "net/dns/anatomy.hpp"
#include "net/socket_address.hpp"

#include <sys/socket.h>

#include <array>

namespace pier::net {

namespace {

using descriptor = boost::asio::posix::stream_descriptor;

constexpr size_t most_bytes = 65535;
/// Each costs as much as a connection, and those wait for the turn.
constexpr int questions_a_turn = 8;

} // namespace

class udp_desk::guest : public asker {
public:
  guest(std::weak_ptr<udp_desk> desk, const endpoint& who)
    : desk_(std::move(desk)), who_(who) {}
  void reply(dns_bytes bytes, dns_view query) override {
    if (auto desk = desk_.lock())
      desk->reply(who_, std::move(bytes), query);
  }

private:
  std::weak_ptr<udp_desk> desk_;
  endpoint who_;
};

udp_desk::udp_desk(boost::asio::io_context& io, int socket, dns_hearer heard)
  : socket_(io, socket), heard_(std::move(heard)) {}

void udp_desk::await() {
  socket_.async_wait(
    descriptor::wait_read,
    [me = weak_from_this()](const boost::system::error_code& why) {
      auto self = me.lock();
      if (!self || why)
        return;
      self->read();
      self->await();
    });
}

void udp_desk::reply(const endpoint& to, dns_bytes bytes, dns_view query) {
  if (bytes.size() > udp_size(query))
    bytes = truncate(bytes);
  auto address = to_kernel(to);
  ::sendto(
    socket_.native_handle(), bytes.data(), bytes.size(),
    MSG_DONTWAIT | MSG_NOSIGNAL, address.data(), address.size);
}

void udp_desk::read() {
  std::array<uint8_t, most_bytes> buffer;
  for (int i = 0; i < questions_a_turn; ++i) {
    socket_address from;
    auto got = ::recvfrom(
      socket_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT,
      from.data(), &from.size);
    if (got < 0)
      return;
    auto who = from_kernel(from);
    heard_(
      {buffer.data(), static_cast<size_t>(got)}, who,
      std::make_shared<guest>(weak_from_this(), who));
  }
}

} // namespace pier::net
