#include "net/port/udp_circuit.hpp"

#include "net/circuit/dialer.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <optional>
#include <span>

namespace pier::net {

namespace {

namespace asio = boost::asio;

using clock = std::chrono::steady_clock;

constexpr unsigned replies_a_turn = 64;
/// Datagrams of one client that wait for its session.
constexpr size_t most_waiting = 16;

/// A conversation with the guest's side dialled: replies are read here.
class udp_circuit : public circuit {
public:
  udp_circuit(
    circuit_surroundings around, std::shared_ptr<udp_conversation> talk,
    sink events)
    : around_(around),
      talk_(std::move(talk)),
      events_(std::move(events)),
      dialer_(around.runtime.control()),
      timer_(around.runtime.control()) {
    talk_->hang_up = [this] { end(ec::ok); };
  }

  ~udp_circuit() override {
    leave();
  }

  void dial(const endpoint& to) override {
    auto kind = to.ip.kind();
    auto socket = talk_->from_host
      ? spare_host_socket(around_.gate, kind, SOCK_DGRAM)
      : around_.gate.socket(kind, SOCK_DGRAM);
    if (!socket)
      return tell_later(circuit_event::kind::refused, socket.error().code);
    take_clients_name(socket->get(), to);
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
    auto number = ::fcntl(guest_.get(), F_DUPFD_CLOEXEC, 0);
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
  void take_clients_name(int socket, const endpoint& guest) {
    name_.reset();
    const auto& client = talk_->who.first;
    if (!talk_->in_name || client.ip.kind() != guest.ip.kind())
      return;
    name_ = around_.names.take(client, guest);
    if (name_ && !take_name(socket, client))
      name_.reset();
  }

  void leave() {
    talk_->hang_up = nullptr;
    if (auto door = talk_->door.lock())
      door->forget(*talk_);
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
    auto door = talk_->door.lock();
    for (unsigned i = 0; i < replies_a_turn; ++i) {
      // Without a door replies are read and dropped.
      auto room = door ? door->scratch() : std::span<char>{};
      auto got = ::recv(
        replies_->native_handle(), room.data(), room.size(),
        MSG_DONTWAIT | MSG_TRUNC);
      if (got < 0 && errno == EAGAIN)
        break;
      if (got < 0)
        return end(from_errno(errno));
      auto size = static_cast<size_t>(got);
      talk_->sent += size;
      talk_->last_heard = clock::now();
      if (door)
        door->send(*talk_, room.first(size));
    }
    await();
  }

  void watch_silence() {
    timer_.expires_at(talk_->last_heard + around_.udp_idle);
    timer_.async_wait([this, me = std::weak_ptr<int>{alive_}](
                        const boost::system::error_code& why) {
      // A timer that has run out can no longer be cancelled: this may be gone,
      // or have ended.
      if (why || me.expired() || !replies_)
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
    talk_->guest.reset();
    name_.reset();
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
  std::shared_ptr<udp_conversation> talk_;
  sink events_;
  /// Given back when no socket has it any more.
  std::shared_ptr<void> name_;
  dialer dialer_;
  fd guest_;
  std::optional<asio::posix::stream_descriptor> replies_;
  asio::steady_timer timer_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

class udp_side : public near_side {
public:
  udp_side(circuit_surroundings around, std::shared_ptr<udp_conversation> talk)
    : around_(around), talk_(std::move(talk)) {}
  ~udp_side() override {
    refuse(ec::failed);
  }
  void lead(const passage& how) override {
    talk_->from_host = !how.to_guest;
  }
  std::unique_ptr<circuit> become_circuit(circuit::sink events) override {
    return std::make_unique<udp_circuit>(
      around_, std::exchange(talk_, nullptr), std::move(events));
  }
  void refuse(ec) override {
    if (!talk_)
      return;
    if (auto door = talk_->door.lock())
      door->forget(*talk_);
    talk_.reset();
  }

private:
  circuit_surroundings around_;
  std::shared_ptr<udp_conversation> talk_;
};

} // namespace

void udp_conversation::hear(std::span<const char> bytes) {
  received += bytes.size();
  last_heard = clock::now();
  if (guest)
    ::send(
      guest.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  else if (waiting.size() < most_waiting)
    waiting.emplace_back(bytes.begin(), bytes.end());
}

std::unique_ptr<near_side> make_udp_side(
  circuit_surroundings around, std::shared_ptr<udp_conversation> talk) {
  return std::make_unique<udp_side>(around, std::move(talk));
}

} // namespace pier::net
