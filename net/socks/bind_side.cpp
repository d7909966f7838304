#include "net/socks/bind_side.hpp"

#include "net/lifeline.hpp"
#include "net/readiness.hpp"
#include "net/socket_address.hpp"
#include "net/socks/hang_up.hpp"
#include "net/socks/talk.hpp"
#include "net/stream_options.hpp"

#include <boost/asio/steady_timer.hpp>

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace pier::net {

namespace {

constexpr std::chrono::minutes patience{2};

class bind_circuit : public circuit {
public:
  bind_circuit(circuit_surroundings around, fd client, sink events)
    : around_(around),
      client_(std::move(client)),
      events_(std::move(events)),
      timer_(around.runtime.control()) {}

  ~bind_circuit() override {
    if (client_)
      refuse(ec::failed);
  }

  void dial(const endpoint& to) override {
    to_ = to;
    auto why = listen();
    if (why != ec::ok)
      return tell(circuit_event::kind::refused, why);
    await();
    watch_client();
    timer_.expires_after(patience);
    timer_.async_wait(life_.guard([this](const boost::system::error_code& no) {
      if (no)
        return;
      stop_listening();
      tell(circuit_event::kind::refused, ec::timed_out);
    }));
  }

  void join() override {
    if (!say(client_.get(), answer(ec::ok, peer_))) {
      guest_.reset();
      return tell(circuit_event::kind::ended, ec::reset);
    }
    relay_ = around_.runtime.next_relay().join_tcp(
      {std::move(guest_), std::move(client_)}, [this](ec why, traffic bytes) {
        events_({circuit_event::kind::ended, why, bytes});
      });
    tell(circuit_event::kind::joined, ec::ok);
  }

  void refuse(ec why) override {
    stop_listening();
    guest_.reset();
    hang_up(std::exchange(client_, {}), answer(why, {}));
  }

  traffic bytes() const override {
    return relay_ ? relay_->bytes() : traffic{};
  }

private:
  static std::string answer(ec why, const endpoint& at) {
    return socks_answer(socks_dialect::socks, why, at);
  }

  ec listen() {
    const auto& guests = around_.gate.guests();
    if (
      !to_.ip.in_subnet(guests.subnet, guests.bits)
      && !to_.ip.in_subnet(guests.subnet6, guests.bits6))
      return ec::forbidden;
    endpoint here{to_.ip.is_v4() ? guests.gateway : guests.gateway6, 0};
    auto made = around_.gate.socket(here.ip.kind(), SOCK_STREAM);
    if (!made)
      return made.error().code;
    auto at = to_kernel(here);
    set_stream_options(made->get());
    if (
      ::bind(made->get(), at.data(), at.size) != 0
      || ::listen(made->get(), 1) != 0)
      return from_errno(errno);
    ::getsockname(made->get(), at.data(), &at.size);
    if (!say(client_.get(), answer(ec::ok, from_kernel(at))))
      return ec::reset;
    listener_ = std::move(*made);
    return ec::ok;
  }

  void stop_listening() {
    timer_.cancel();
    wait_ = {};
    leaves_ = {};
    listener_.reset();
  }

  void await() {
    wait_ = readiness::of(around_.runtime.control())
              .await(listener_.get(), readiness::want::read, [this](bool) {
                take_guest();
              });
  }

  /// One who speaks before its time is watched no longer.
  void watch_client() {
    leaves_ = readiness::of(around_.runtime.control())
                .await(client_.get(), readiness::want::read, [this](bool) {
                  char byte = 0;
                  auto flags = MSG_PEEK | MSG_DONTWAIT;
                  if (::recv(client_.get(), &byte, 1, flags) > 0)
                    return;
                  stop_listening();
                  tell(circuit_event::kind::ended, ec::reset);
                });
  }

  void take_guest() {
    socket_address from;
    fd made{::accept4(
      listener_.get(), from.data(), &from.size, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    peer_ = from_kernel(from);
    // Another container, or one that has left again: the right one may come.
    if (!made || peer_.ip != to_.ip)
      return await();
    guest_ = std::move(made);
    stop_listening();
    readiness::of(around_.runtime.control()).part(client_.get());
    tell(circuit_event::kind::dialed, ec::ok);
  }

  void tell(circuit_event::kind what, ec why) {
    events_({what, why, {}});
  }

  circuit_surroundings around_;
  fd client_;
  sink events_;
  boost::asio::steady_timer timer_;
  endpoint to_;
  fd listener_;
  readiness::wait wait_, leaves_; // end before their sockets do
  endpoint peer_;
  fd guest_;
  std::unique_ptr<relay_loop::relay> relay_;
  lifeline life_;
};

class bind_side : public near_side {
public:
  bind_side(circuit_surroundings around, fd connection)
    : around_(around), connection_(std::move(connection)) {}
  ~bind_side() override {
    refuse(ec::failed);
  }

  std::unique_ptr<circuit> become_circuit(circuit::sink events) override {
    return std::make_unique<bind_circuit>(
      around_, std::exchange(connection_, {}), std::move(events));
  }

  void refuse(ec why) override {
    if (connection_)
      hang_up(
        std::exchange(connection_, {}),
        socks_answer(socks_dialect::socks, why));
  }

private:
  circuit_surroundings around_;
  fd connection_;
};

} // namespace

std::unique_ptr<near_side>
make_bind_side(circuit_surroundings around, fd connection) {
  return std::make_unique<bind_side>(around, std::move(connection));
}

} // namespace pier::net
