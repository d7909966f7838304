#include "net/port/udp_clients.hpp"

#include "net/circuit/dialer.hpp"
#include "net/socket_address.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>
#include <vector>

namespace pier::net {

namespace {

namespace asio = boost::asio;

using clock = std::chrono::steady_clock;
using datagram = std::vector<char>;

constexpr size_t datagram_size = 65536;
constexpr unsigned batch = 16;
constexpr size_t most_clients = 16384;
/// Datagrams of one client that wait for its session.
constexpr size_t most_waiting = 16;

/// A client and the address of ours that it talks to.
using client_key = std::pair<endpoint, ip_address>;

class udp_door;

/// One client's conversation; owned by its near side, then by its circuit.
struct conversation {
  client_key who;
  std::weak_ptr<udp_door> door;
  std::vector<datagram> waiting;
  fd guest;
  clock::time_point last_heard;
  uint64_t sent = 0;
  uint64_t received = 0;
};

struct buffers {
  std::array<std::array<char, datagram_size>, batch> bytes;
};

class udp_door : public udp_clients {
public:
  udp_door(
    circuit_surroundings around, lobby& waiting, const void* owner, int socket,
    family kind, uint16_t container_port)
    : around_(around),
      lobby_(waiting),
      owner_(owner),
      socket_(around.runtime.control(), ::dup(socket)),
      v4_(kind == family::v4),
      container_port_(container_port) {
    int on = 1;
    if (v4_)
      ::setsockopt(socket, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
    else
      ::setsockopt(socket, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
  }

  void listen(std::function<void(const arrival&)> clients) override {
    clients_ = std::move(clients);
    if (!reading_)
      await();
  }

  void pause() override {
    clients_ = nullptr;
  }

  void forget(const client_key& who) {
    known_.erase(who);
  }

  /// A reply, from the address that the client knows.
  void send(const client_key& who, const char* bytes, size_t size) {
    auto to = to_kernel(who.first);
    iovec part{const_cast<char*>(bytes), size};
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
    const auto& own = who.second.bytes();
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
        auto self = std::static_pointer_cast<udp_door>(me.lock());
        if (!self || why)
          return;
        self->reading_ = false;
        if (!self->clients_)
          return;
        self->read();
        self->await();
      });
  }

  void read();
  void hear(const client_key& who, const char* bytes, size_t size);
  std::optional<ip_address> own_address(msghdr& message) const;

  circuit_surroundings around_;
  lobby& lobby_;
  const void* owner_;
  asio::posix::stream_descriptor socket_;
  bool v4_;
  uint16_t container_port_;
  bool reading_ = false;
  std::function<void(const arrival&)> clients_;
  std::map<client_key, std::weak_ptr<conversation>> known_;
  std::unique_ptr<buffers> buffers_ = std::make_unique<buffers>();
};

/// A conversation with the guest's side dialled: replies are read here.
class udp_circuit : public circuit {
public:
  udp_circuit(
    circuit_surroundings around, std::shared_ptr<conversation> talk,
    sink events)
    : around_(around),
      talk_(std::move(talk)),
      events_(std::move(events)),
      dialer_(around.runtime.control()),
      timer_(around.runtime.control()),
      buffer_(datagram_size) {}

  ~udp_circuit() override {
    leave();
  }

  void dial(const endpoint& to) override {
    auto socket = around_.gate.socket(to.ip.kind(), SOCK_DGRAM);
    if (!socket)
      return tell_later(circuit_event::kind::refused, socket.error().code);
    dialer_.dial(std::move(*socket), to, [this](result<fd> done) {
      if (done)
        guest_ = std::move(*done);
      events_(
        {done ? circuit_event::kind::dialed : circuit_event::kind::refused,
         done ? ec::ok : done.error().code,
         {}});
    });
  }

  void join() override {
    auto number = ::dup(guest_.get());
    talk_->guest = std::move(guest_);
    for (const auto& each : std::exchange(talk_->waiting, {}))
      ::send(
        talk_->guest.get(), each.data(), each.size(),
        MSG_DONTWAIT | MSG_NOSIGNAL);
    replies_.emplace(around_.runtime.control(), number);
    talk_->last_heard = clock::now();
    await();
    watch_silence();
    tell_later(circuit_event::kind::joined, ec::ok);
  }

  void refuse(ec) override {
    leave();
  }

  traffic bytes() const override {
    return {talk_->sent, talk_->received};
  }

private:
  void leave() {
    if (auto door = talk_->door.lock())
      door->forget(talk_->who);
  }

  void await() {
    replies_->async_wait(
      asio::posix::stream_descriptor::wait_read,
      [this](const boost::system::error_code& why) {
        if (!why)
          read();
      });
  }

  void read() {
    for (unsigned i = 0; i < 4 * batch; ++i) {
      auto got = ::recv(
        replies_->native_handle(), buffer_.data(), buffer_.size(),
        MSG_DONTWAIT);
      if (got < 0 && errno == EAGAIN)
        break;
      if (got < 0)
        return end(from_errno(errno));
      auto size = static_cast<size_t>(got);
      talk_->sent += size;
      talk_->last_heard = clock::now();
      if (auto door = talk_->door.lock())
        door->send(talk_->who, buffer_.data(), size);
    }
    await();
  }

  void watch_silence() {
    timer_.expires_at(talk_->last_heard + around_.udp_idle);
    timer_.async_wait([this](const boost::system::error_code& why) {
      if (why)
        return;
      if (talk_->last_heard + around_.udp_idle <= clock::now())
        end(ec::timed_out);
      else
        watch_silence();
    });
  }

  void end(ec why) {
    leave();
    replies_.reset();
    timer_.cancel();
    events_({circuit_event::kind::ended, why, bytes()});
  }

  void tell_later(circuit_event::kind what, ec why) {
    asio::post(
      around_.runtime.control(),
      [this, what, why, me = std::weak_ptr<int>{alive_}] {
        if (!me.expired())
          events_({what, why, {}});
      });
  }

  circuit_surroundings around_;
  std::shared_ptr<conversation> talk_;
  sink events_;
  dialer dialer_;
  fd guest_;
  std::optional<asio::posix::stream_descriptor> replies_;
  asio::steady_timer timer_;
  std::vector<char> buffer_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

class udp_side : public near_side {
public:
  udp_side(circuit_surroundings around, std::shared_ptr<conversation> talk)
    : around_(around), talk_(std::move(talk)) {}
  ~udp_side() override {
    refuse(ec::failed);
  }
  std::unique_ptr<circuit> become_circuit(circuit::sink events) override {
    return std::make_unique<udp_circuit>(
      around_, std::exchange(talk_, nullptr), std::move(events));
  }
  void refuse(ec) override {
    if (!talk_)
      return;
    if (auto door = talk_->door.lock())
      door->forget(talk_->who);
    talk_.reset();
  }

private:
  circuit_surroundings around_;
  std::shared_ptr<conversation> talk_;
};

std::optional<ip_address> udp_door::own_address(msghdr& message) const {
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

void udp_door::read() {
  std::array<mmsghdr, batch> messages{};
  std::array<iovec, batch> parts{};
  std::array<socket_address, batch> from;
  using control_space = std::array<char, CMSG_SPACE(sizeof(in6_pktinfo))>;
  alignas(cmsghdr) std::array<control_space, batch> control{};
  for (size_t i = 0; i < batch; ++i) {
    parts[i] = {buffers_->bytes[i].data(), datagram_size};
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
        {from_kernel(from[index]), *own}, buffers_->bytes[index].data(),
        messages[index].msg_len);
  }
}

void udp_door::hear(const client_key& who, const char* bytes, size_t size) {
  auto& known = known_[who];
  if (auto talk = known.lock()) {
    talk->received += size;
    talk->last_heard = clock::now();
    if (talk->guest)
      ::send(talk->guest.get(), bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    else if (talk->waiting.size() < most_waiting)
      talk->waiting.emplace_back(bytes, bytes + size);
    return;
  }
  if (known_.size() > most_clients) {
    known_.erase(who);
    return;
  }
  auto talk = std::make_shared<conversation>();
  talk->who = who;
  talk->door = std::static_pointer_cast<udp_door>(shared_from_this());
  talk->waiting.emplace_back(bytes, bytes + size);
  talk->received = size;
  known = talk;
  flow what;
  what.way = direction::inbound;
  what.proto = protocol::udp;
  what.guest.port = container_port_;
  what.peer = who.first;
  auto number = lobby_.enter(
    what, std::make_unique<udp_side>(around_, std::move(talk)), owner_);
  clients_({number, what});
}

} // namespace

std::shared_ptr<udp_clients> make_udp_clients(
  circuit_surroundings around, lobby& waiting, const void* owner, int socket,
  family kind, uint16_t container_port) {
  return std::make_shared<udp_door>(
    around, waiting, owner, socket, kind, container_port);
}

} // namespace pier::net
