#include "net/circuit/flow_circuit.hpp"

#include "net/lifeline.hpp"
#include "net/proxy/association.hpp"
#include "net/proxy/login_file.hpp"
#include "net/stream_options.hpp"

#include <boost/asio/steady_timer.hpp>

#include <sys/socket.h>

namespace pier::net {

namespace {

/// How long an accepted client waits for a socket of the far side, and how
/// often it asks. A guest's SYN needs no such wait: it is dropped, and comes
/// again.
constexpr std::chrono::milliseconds exhausted_pause{100};
constexpr int most_pauses = 100;

class flow_circuit : public circuit {
public:
  flow_circuit(flow_circuit_parts parts, sink events)
    : parts_(std::move(parts)),
      dialer_(parts_.io),
      pause_(parts_.io),
      events_(std::move(events)) {}

  ~flow_circuit() override {
    if (parts_.from && !answered_)
      parts_.from->refuse(ec::failed);
  }

  void dial(const endpoint& to) override {
    far_.reset();
    pauses_left_ = parts_.way == direction::inbound ? most_pauses : 0;
    to_ = to;
    in_name_ = parts_.as.name && parts_.as.name->ip.kind() == to.ip.kind();
    dial_when_possible();
  }

  bool dial_through(const proxy_way& way) override {
    if (parts_.proto != protocol::udp || !way.via || !parts_.proxy_socket)
      return false;
    auto by = with_login(*way.via, way.credentials);
    if (!by) {
      tell(circuit_event::kind::refused, by.error().code);
      return true;
    }
    far_.reset();
    through_ = std::make_unique<association>(parts_.io, parts_.proxy_socket);
    through_->begin(
      *by, to_string(way.to.ip), way.to.port, [this](tunnel_end how) {
        auto why = how.connection ? ec::ok : how.why.code;
        far_ = std::move(how.connection);
        tell(
          far_ ? circuit_event::kind::dialed : circuit_event::kind::refused,
          why);
      });
    return true;
  }

  void join() override {
    answered_ = true;
    parts_.from->accept(
      life_.guard([this](result<fd> near) { hear_accepted(std::move(near)); }));
  }

  void refuse(ec why) override {
    answered_ = true;
    parts_.from->refuse(why);
  }

  traffic bytes() const override {
    return relay_ ? relay_->bytes() : traffic{};
  }

  flow_sides sides() const override {
    return relay_ ? relay_->sides() : flow_sides{};
  }

private:
  void dial_when_possible() {
    auto socket = parts_.far_socket(to_.ip.kind());
    if (!socket) {
      auto why = socket.error().code;
      if (is_passing(why) && pauses_left_-- > 0)
        return pause();
      return tell(circuit_event::kind::refused, why);
    }
    if (parts_.proto == protocol::tcp)
      set_stream_options(socket->get());
    in_name_ = in_name_ && take_name(socket->get(), *parts_.as.name);
    auto heard = [this](result<fd> done) {
      if (done)
        far_ = std::move(*done);
      else if (std::exchange(in_name_, false) && is_taken(done.error().code))
        return dial_when_possible();
      else if (done.error().code == ec::exhausted && pauses_left_-- > 0)
        return pause();
      tell(
        done ? circuit_event::kind::dialed : circuit_event::kind::refused,
        done ? ec::ok : done.error().code);
    };
    if (parts_.path.empty())
      dialer_.dial(std::move(*socket), to_, heard);
    else
      dialer_.dial(std::move(*socket), parts_.path, heard);
  }

  static bool is_passing(ec why) {
    return why == ec::exhausted || why == ec::gateway_lost;
  }

  /// Somebody else is connected to that guest in the caller's name.
  static bool is_taken(ec why) {
    return why == ec::address_in_use || why == ec::address_not_local;
  }

  void pause() {
    pause_.expires_after(exhausted_pause);
    pause_.async_wait(life_.guard([this](const boost::system::error_code& why) {
      if (!why)
        dial_when_possible();
    }));
  }

  void hear_accepted(result<fd> near) {
    if (!near) {
      // The caller gave up between the dial and our yes.
      reset_far();
      return tell(circuit_event::kind::ended, near.error().code);
    }
    // A fresh socket has room for it. One that is broken is the relay's news.
    if (!parts_.as.header.empty())
      ::send(
        far_.get(), parts_.as.header.data(), parts_.as.header.size(),
        MSG_NOSIGNAL);
    relay_sides sides;
    sides.way = parts_.way;
    auto outbound = parts_.way == direction::outbound;
    sides.guest = outbound ? std::move(*near) : std::move(far_);
    sides.host = outbound ? std::move(far_) : std::move(*near);
    auto ended = [this](ec why, traffic bytes) {
      if (parts_.proto == protocol::udp)
        parts_.from->report(why);
      events_({circuit_event::kind::ended, why, bytes});
    };
    relay_ = parts_.proto == protocol::tcp
      ? parts_.relays.join_tcp(std::move(sides), ended)
      : parts_.relays.join_udp(std::move(sides), parts_.udp_idle, ended);
    tell(circuit_event::kind::joined, ec::ok);
  }

  void reset_far() {
    if (far_)
      reset_on_close(far_.get());
    far_.reset();
  }

  void tell(circuit_event::kind what, ec why) {
    events_({what, why, {}});
  }

  flow_circuit_parts parts_;
  dialer dialer_;
  boost::asio::steady_timer pause_;
  int pauses_left_ = 0;
  sink events_;
  endpoint to_;
  fd far_;
  /// The proxy that leads datagrams on does so while this is there.
  std::unique_ptr<association> through_;
  std::unique_ptr<relay_loop::relay> relay_;
  bool answered_ = false;
  /// The far side is being dialled in the caller's name.
  bool in_name_ = false;
  lifeline life_;
};

} // namespace

std::unique_ptr<circuit>
make_flow_circuit(flow_circuit_parts parts, circuit::sink events) {
  return std::make_unique<flow_circuit>(std::move(parts), std::move(events));
}

} // namespace pier::net
