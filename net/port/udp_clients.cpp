#include "net/port/udp_clients.hpp"

#include "net/loop_room.hpp"
#include "net/port/udp_circuit.hpp"
#include "net/socket_address.hpp"

#include <boost/asio/steady_timer.hpp>

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

namespace pier::net {

namespace {

namespace asio = boost::asio;

constexpr size_t batch = loop_room::pieces;
constexpr size_t most_clients = 16384;

/// A guest moves within milliseconds.
constexpr std::chrono::milliseconds moving_pause{5};

using client_key = decltype(udp_conversation::who);

/// Owned by its port; every conversation knows it weakly.
class host_door : public udp_clients,
                  public udp_door,
                  public std::enable_shared_from_this<host_door> {
public:
  host_door(
    circuit_surroundings around, lobby& waiting, const void* owner, fd socket,
    family kind, uint16_t container_port)
    : around_(around),
      room_(loop_room::of(around.runtime.control())),
      lobby_(waiting),
      owner_(owner),
      socket_(around.runtime.control(), socket.release()),
      v4_(kind == family::v4),
      container_port_(container_port),
      pause_(around.runtime.control()) {
    int on = 1;
    if (v4_)
      ::setsockopt(
        socket_.native_handle(), IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
    else
      ::setsockopt(
        socket_.native_handle(), IPPROTO_IPV6, IPV6_RECVPKTINFO, &on,
        sizeof(on));
  }

  void listen(std::function<void(const arrival&)> clients) override {
    clients_ = std::move(clients);
    if (!reading_)
      await();
  }

  void pause() override {
    clients_ = nullptr;
  }

  void show(port_source whom) override {
    shown_ = whom;
  }

  void forget(const udp_conversation& which) override {
    // The client may have begun another one meanwhile.
    auto found = known_.find(which.who);
    if (found == known_.end())
      return;
    auto known = found->second.lock();
    if (!known || known.get() == &which)
      known_.erase(found);
  }

  std::span<char> scratch() override {
    return room_.at(0);
  }

  void
  send(const udp_conversation& whom, std::span<const char> bytes) override {
    auto to = to_kernel(whom.who.first);
    iovec part{const_cast<char*>(bytes.data()), bytes.size()};
    msghdr message{};
    message.msg_name = to.data();
    message.msg_namelen = to.size;
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))>
      control{};
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    auto header = CMSG_FIRSTHDR(&message);
    auto put = [&](int level, int type, const auto& info) {
      header->cmsg_level = level;
      header->cmsg_type = type;
      header->cmsg_len = CMSG_LEN(sizeof(info));
      std::memcpy(CMSG_DATA(header), &info, sizeof(info));
      message.msg_controllen = CMSG_SPACE(sizeof(info));
    };
    const auto& own = whom.who.second.bytes();
    if (v4_) {
      in_pktinfo info{};
      std::memcpy(&info.ipi_spec_dst, own.data(), 4);
      put(IPPROTO_IP, IP_PKTINFO, info);
    } else {
      in6_pktinfo info{};
      std::memcpy(&info.ipi6_addr, own.data(), 16);
      put(IPPROTO_IPV6, IPV6_PKTINFO, info);
    }
    ::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  }

private:
  void await() {
    reading_ = true;
    socket_.async_wait(
      asio::posix::stream_descriptor::wait_read,
      [me = weak_from_this()](const boost::system::error_code& why) {
        auto self = me.lock();
        if (!self || why)
          return;
        self->reading_ = false;
        if (!self->clients_)
          return;
        if (self->around_.gate.is_moving())
          return self->await_later();
        self->read();
        self->await();
      });
  }

  /// Datagrams wait in the kernel while the guest is on its way elsewhere.
  void await_later() {
    reading_ = true;
    pause_.expires_after(moving_pause);
    pause_.async_wait(
      [me = weak_from_this()](const boost::system::error_code& why) {
        if (auto self = me.lock(); self && !why)
          self->await();
      });
  }

  void read();
  void hear(const client_key& who, const char* bytes, size_t size);
  std::optional<ip_address> own_address(msghdr& message) const;

  circuit_surroundings around_;
  loop_room& room_;
  lobby& lobby_;
  const void* owner_;
  asio::posix::stream_descriptor socket_;
  bool v4_;
  uint16_t container_port_;
  port_source shown_ = port_source::nat;
  bool reading_ = false;
  asio::steady_timer pause_;
  std::function<void(const arrival&)> clients_;
  std::map<client_key, std::weak_ptr<udp_conversation>> known_;
};

std::optional<ip_address> host_door::own_address(msghdr& message) const {
  for (auto header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(header), sizeof(info));
      std::array<uint8_t, 4> bytes{};
      std::memcpy(bytes.data(), &info.ipi_addr, bytes.size());
      return ip_address::v4(bytes);
    }
    if (
      header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(header), sizeof(info));
      std::array<uint8_t, 16> bytes{};
      std::memcpy(bytes.data(), &info.ipi6_addr, bytes.size());
      return ip_address::v6(bytes);
    }
  }
  return std::nullopt;
}

void host_door::read() {
  std::array<mmsghdr, batch> messages{};
  std::array<iovec, batch> parts{};
  std::array<socket_address, batch> from;
  using control_space = std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))>;
  alignas(cmsghdr) std::array<control_space, batch> control{};
  for (size_t i = 0; i < batch; ++i) {
    auto room = room_.at(i);
    parts[i] = {room.data(), room.size()};
    auto& header = messages[i].msg_hdr;
    header.msg_iov = &parts[i];
    header.msg_iovlen = 1;
    header.msg_name = from[i].data();
    header.msg_namelen = from[i].size;
    header.msg_control = control[i].data();
    header.msg_controllen = control[i].size();
  }
  auto got = ::recvmmsg(
    socket_.native_handle(), messages.data(), batch, MSG_DONTWAIT, nullptr);
  for (int i = 0; i < got; ++i) {
    auto index = static_cast<size_t>(i);
    auto own = own_address(messages[index].msg_hdr);
    if (own)
      hear(
        {from_kernel(from[index]), *own}, room_.at(index).data(),
        messages[index].msg_len);
  }
}

void host_door::hear(const client_key& who, const char* bytes, size_t size) {
  auto& known = known_[who];
  if (auto talk = known.lock())
    return talk->hear({bytes, size});
  if (known_.size() > most_clients) {
    known_.erase(who);
    return;
  }
  auto talk = std::make_shared<udp_conversation>();
  talk->who = who;
  talk->in_name = shown_ == port_source::preserve
    && comes_from_afar(around_.gate.guests(), who.first);
  talk->door = weak_from_this();
  talk->hear({bytes, size});
  known = talk;
  flow what;
  what.way = direction::inbound;
  what.proto = protocol::udp;
  what.guest.port = container_port_;
  what.peer = who.first;
  auto number = lobby_.enter(
    what, make_udp_side(around_, std::move(talk)), owner_);
  clients_({number, what});
}

} // namespace

std::shared_ptr<udp_clients> make_udp_clients(
  circuit_surroundings around, lobby& waiting, const void* owner, fd socket,
  family kind, uint16_t container_port) {
  return std::make_shared<host_door>(
    around, waiting, owner, std::move(socket), kind, container_port);
}

} // namespace pier::net
