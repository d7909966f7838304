#include "net/socks/association.hpp"

#include "net/datagram_options.hpp"
#include "net/loop_room.hpp"
#include "net/port/udp_circuit.hpp"
#include "net/socket_address.hpp"
#include "net/socks/hang_up.hpp"
#include "net/socks/talk.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace pier::net {

namespace {

namespace asio = boost::asio;
using asio::posix::stream_descriptor;

constexpr int datagrams_a_turn = 64;
constexpr size_t most_targets = 256;

endpoint name_of(int socket, int (*ask)(int, sockaddr*, socklen_t*) noexcept) {
  socket_address at;
  ask(socket, at.data(), &at.size);
  return from_kernel(at);
}

/// Owned by its place; every conversation knows it weakly.
class association : public socks_association,
                    public udp_door,
                    public std::enable_shared_from_this<association> {
public:
  association(association_parts parts, fd client, fd socket, endpoint expected)
    : parts_(std::move(parts)),
      client_(parts_.around.runtime.control(), client.release()),
      socket_(parts_.around.runtime.control(), socket.release()),
      expected_(expected),
      room_(loop_room::of(parts_.around.runtime.control()).at(0)) {}

  ~association() override {
    for (auto& each : std::exchange(targets_, {}))
      if (auto talk = each.talk.lock(); talk && talk->hang_up)
        std::exchange(talk->hang_up, nullptr)();
  }

  void begin() {
    await_end();
    await();
  }

  void forget(const udp_conversation& which) override {
    std::erase_if(targets_, [&](const target& each) {
      auto talk = each.talk.lock();
      return !talk || talk.get() == &which;
    });
  }

  std::span<char> scratch() override {
    return room_;
  }

  void
  send(const udp_conversation& whom, std::span<const char> bytes) override {
    socks_datagram head;
    head.to.at = name_of(whom.guest.get(), ::getpeername);
    auto text = to_wire(head);
    auto to = to_kernel(whom.who.first);
    std::array<iovec, 2> pieces{
      {{text.data(), text.size()},
       {const_cast<char*>(bytes.data()), bytes.size()}}};
    msghdr message{};
    message.msg_name = to.data();
    message.msg_namelen = to.size;
    message.msg_iov = pieces.data();
    message.msg_iovlen = pieces.size();
    ::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  }

private:
  struct target {
    socks_address to;
    std::weak_ptr<udp_conversation> talk;
  };

  /// Whatever it says on its connection is not asked for.
  void await_end() {
    client_.async_wait(
      stream_descriptor::wait_read,
      [me = weak_from_this()](const boost::system::error_code& why) {
        auto self = me.lock();
        if (!self || why)
          return;
        auto got = ::recv(
          self->client_.native_handle(), self->room_.data(), self->room_.size(),
          MSG_DONTWAIT);
        if (got <= 0)
          return self->parts_.gone();
        self->await_end();
      });
  }

  void await() {
    socket_.async_wait(
      stream_descriptor::wait_read,
      [me = weak_from_this()](const boost::system::error_code& why) {
        auto self = me.lock();
        if (!self || why)
          return;
        self->read();
        self->await();
      });
  }

  void read() {
    for (int i = 0; i < datagrams_a_turn; ++i) {
      socket_address from;
      auto got = ::recvfrom(
        socket_.native_handle(), room_.data(), room_.size(), MSG_DONTWAIT,
        from.data(), &from.size);
      if (got < 0)
        return;
      auto who = from_kernel(from);
      if (who.ip != expected_.ip)
        continue;
      if (expected_.port == 0)
        expected_.port = who.port;
      if (who.port == expected_.port)
        hear({room_.data(), static_cast<size_t>(got)});
    }
  }

  void hear(std::string_view datagram) {
    auto head = read_socks_datagram(datagram);
    if (!head || head->size == 0 || head->what.fragment != 0)
      return;
    pass_on(head->what.to, datagram.substr(head->size));
  }

  void pass_on(const socks_address& to, std::string_view bytes) {
    for (const auto& each : targets_)
      if (auto talk = each.to == to ? each.talk.lock() : nullptr)
        return talk->hear(bytes);
    if (targets_.size() < most_targets)
      begin_with(to, bytes);
  }

  void begin_with(const socks_address& to, std::string_view bytes) {
    auto talk = std::make_shared<udp_conversation>();
    talk->who.first = expected_;
    talk->door = weak_from_this();
    talk->hear(bytes);
    targets_.push_back({to, talk});
    flow what{direction::inbound, protocol::udp, to.at, expected_};
    auto number = parts_.waiting.enter(
      what, make_udp_side(parts_.around, std::move(talk)), parts_.owner);
    parts_.arrivals({number, what, to.name});
  }

  association_parts parts_;
  stream_descriptor client_;
  stream_descriptor socket_;
  /// Who the client is; of port 0 until it has sent something.
  endpoint expected_;
  loop_room::piece room_;
  std::vector<target> targets_;
};

} // namespace

std::shared_ptr<socks_association>
associate(association_parts parts, fd client, const endpoint& expected) {
  auto here = name_of(client.get(), ::getsockname);
  auto who = name_of(client.get(), ::getpeername);
  here.port = 0;
  auto made = host_socket(here.ip.kind(), SOCK_DGRAM);
  auto at = to_kernel(here);
  if (!made || ::bind(made->get(), at.data(), at.size) != 0) {
    auto why = made ? from_errno(errno) : made.error().code;
    hang_up(std::move(client), socks_answer(socks_dialect::socks, why));
    return nullptr;
  }
  // Whoever does not know its own address says none.
  if (expected.ip.is_any() || expected.ip == who.ip)
    who.port = expected.port;
  else
    who.port = 0;
  auto yes = socks_answer(
    socks_dialect::socks, ec::ok, name_of(made->get(), ::getsockname));
  if (!say(client.get(), yes))
    return nullptr;
  auto out = std::make_shared<association>(
    std::move(parts), std::move(client), std::move(*made), who);
  out->begin();
  return out;
}

} // namespace pier::net
