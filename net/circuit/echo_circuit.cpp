#include "net/circuit/echo_circuit.hpp"

#include "net/error_queue.hpp"
#include "net/gateway/icmp.hpp"
#include "net/lifeline.hpp"
#include "net/socket_address.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>

namespace pier::net {

namespace {

/// A ping that was not answered by then never will be.
constexpr std::chrono::seconds patience{10};

constexpr uint8_t request_v4 = 8, reply_v4 = 0;
constexpr uint8_t request_v6 = 128, reply_v6 = 129;

/// A socket that pings; `raw` when its packets carry our own identifier.
struct ping_socket {
  fd socket;
  bool raw = false;
};

ping_socket open_ping(family kind) {
  auto icmp = kind == family::v4 ? static_cast<int>(IPPROTO_ICMP)
                                 : static_cast<int>(IPPROTO_ICMPV6);
  constexpr auto flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  auto domain = domain_of(kind);
  ping_socket out{fd{::socket(domain, SOCK_DGRAM | flags, icmp)}, false};
  if (!out.socket)
    out = {fd{::socket(domain, SOCK_RAW | flags, icmp)}, true};
  open_error_queue(out.socket.get(), kind);
  return out;
}

uint16_t number_at(const uint8_t* bytes) {
  return static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
}

class echo_circuit : public circuit {
public:
  echo_circuit(
    boost::asio::io_context& io, gateway& gate, held_packet request,
    sink events)
    : io_(io),
      gate_(gate),
      request_(std::move(request)),
      events_(std::move(events)),
      deadline_(io) {}

  ~echo_circuit() override {
    refuse(ec::failed);
  }

  void dial(const endpoint& to) override {
    v4_ = to.ip.is_v4();
    auto ping = open_ping(to.ip.kind());
    if (!ping.socket)
      return tell_later(circuit_event::kind::refused, ec::not_supported);
    raw_ = ping.raw;
    auto packet = make_request();
    auto address = to_kernel({to.ip, 0});
    if (
      ::connect(ping.socket.get(), address.data(), address.size) != 0
      || ::send(ping.socket.get(), packet.data(), packet.size(), 0) < 0)
      return tell_later(circuit_event::kind::refused, from_errno(errno));
    socket_.emplace(io_, ping.socket.release());
    await_reply();
    deadline_.expires_after(patience);
    deadline_.async_wait(
      life_.guard([this](const boost::system::error_code& why) {
        if (!why)
          hear(ec::timed_out);
      }));
  }

  void join() override {
    gate_.answer_echo(std::exchange(request_.id, 0));
    tell_later(circuit_event::kind::joined, ec::ok);
    tell_later(circuit_event::kind::ended, ec::ok);
  }

  void refuse(ec why) override {
    if (request_.id != 0)
      gate_.reject(std::exchange(request_.id, 0), why);
  }

  traffic bytes() const override {
    auto size = request_.echo_payload.size();
    return {size, size};
  }

private:
  std::vector<uint8_t> make_request() const {
    std::vector<uint8_t> out(8);
    out[0] = v4_ ? request_v4 : request_v6;
    auto put = [&](size_t offset, uint16_t number) {
      out[offset] = static_cast<uint8_t>(number >> 8);
      out[offset + 1] = static_cast<uint8_t>(number & 0xff);
    };
    put(4, request_.echo_id);
    put(6, request_.echo_sequence);
    const auto& payload = request_.echo_payload;
    out.insert(out.end(), payload.begin(), payload.end());
    if (v4_ && raw_)
      put(2, icmp_checksum(out));
    return out;
  }

  void await_reply() {
    socket_->async_wait(
      boost::asio::posix::stream_descriptor::wait_read,
      life_.guard([this](const boost::system::error_code& why) {
        if (!why)
          read_replies();
      }));
  }

  void read_replies() {
    std::array<uint8_t, 128> bytes{};
    for (;;) {
      auto got = ::recv(
        socket_->native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (got < 0 && errno == EAGAIN)
        return await_reply();
      if (got < 0)
        return hear(take_error(socket_->native_handle(), errno));
      if (is_reply(bytes.data(), static_cast<size_t>(got)))
        return hear(ec::ok);
    }
  }

  bool is_reply(const uint8_t* bytes, size_t size) const {
    // A raw IPv4 socket gives the IP header, too.
    auto skip = raw_ && v4_ && size > 0 ? (bytes[0] & 0x0fU) * 4U : 0U;
    if (size < skip + 8)
      return false;
    bytes += skip;
    return bytes[0] == (v4_ ? reply_v4 : reply_v6)
      && number_at(bytes + 6) == request_.echo_sequence
      && (!raw_ || number_at(bytes + 4) == request_.echo_id);
  }

  void hear(ec why) {
    socket_.reset();
    deadline_.cancel();
    events_(
      {why == ec::ok ? circuit_event::kind::dialed
                     : circuit_event::kind::refused,
       why,
       {}});
  }

  void tell_later(circuit_event::kind what, ec why) {
    boost::asio::post(io_, life_.guard([this, what, why] {
      events_({what, why, {}});
    }));
  }

  boost::asio::io_context& io_;
  gateway& gate_;
  held_packet request_;
  sink events_;
  boost::asio::steady_timer deadline_;
  std::optional<boost::asio::posix::stream_descriptor> socket_;
  bool v4_ = true;
  bool raw_ = false;
  lifeline life_;
};

} // namespace

std::unique_ptr<circuit> make_echo_circuit(
  boost::asio::io_context& io, gateway& gate, held_packet request,
  circuit::sink events) {
  return std::make_unique<echo_circuit>(
    io, gate, std::move(request), std::move(events));
}

} // namespace pier::net
