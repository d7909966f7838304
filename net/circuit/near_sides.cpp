#include "net/circuit/near_sides.hpp"

#include "net/circuit/accepted_side.hpp"
#include "net/circuit/echo_circuit.hpp"
#include "net/error_queue.hpp"
#include "net/stream_options.hpp"

#include <sys/socket.h>

namespace pier::net {

namespace {

class gate_caller : public caller {
public:
  gate_caller(gateway& gate, const held_packet& packet)
    : gate_(gate), id_(packet.id), what_(packet.what) {}
  void accept(std::function<void(result<fd>)> done) override {
    if (what_.proto == protocol::tcp)
      gate_.pass_tcp(id_, std::move(done));
    else
      gate_.pass_udp(id_, std::move(done));
  }
  void refuse(ec why) override {
    gate_.reject(id_, why);
  }
  void report(ec why) override {
    gate_.report(what_, why);
  }

private:
  gateway& gate_;
  uint64_t id_;
  flow what_;
};

class gate_side : public near_side {
public:
  gate_side(circuit_surroundings around, held_packet packet)
    : around_(around), packet_(std::move(packet)) {}
  ~gate_side() override {
    turn_away(ec::failed);
  }
  std::unique_ptr<circuit> become_circuit(circuit::sink events) override {
    auto& io = around_.runtime.control();
    auto packet = std::exchange(packet_, {});
    if (packet.what.proto == protocol::icmp)
      return make_echo_circuit(
        io, around_.gate, std::move(packet), std::move(events));
    flow_circuit_parts parts{
      io,
      around_.runtime.next_relay(packet.what.proto),
      packet.what.proto,
      direction::outbound,
      around_.udp_idle,
      nullptr,
      nullptr};
    auto type = packet.what.proto == protocol::tcp ? SOCK_STREAM : SOCK_DGRAM;
    parts.far_socket = [type, gate = &around_.gate](family kind) {
      auto made = spare_host_socket(*gate, kind, type);
      if (made && type == SOCK_DGRAM)
        open_error_queue(made->get(), kind);
      return made;
    };
    parts.proxy_socket = [gate = &around_.gate](family kind) {
      return spare_host_socket(*gate, kind, SOCK_STREAM);
    };
    parts.from = std::make_unique<gate_caller>(around_.gate, std::move(packet));
    return make_flow_circuit(std::move(parts), std::move(events));
  }
  std::unique_ptr<caller> become_caller() override {
    if (packet_.what.proto != protocol::tcp)
      return nullptr;
    return std::make_unique<gate_caller>(
      around_.gate, std::exchange(packet_, {}));
  }
  void refuse(ec why) override {
    turn_away(why);
  }

private:
  void turn_away(ec why) {
    if (packet_.id != 0)
      around_.gate.reject(std::exchange(packet_.id, 0), why);
  }

  circuit_surroundings around_;
  held_packet packet_;
};

class client_caller : public caller {
public:
  explicit client_caller(fd connection) : connection_(std::move(connection)) {}
  void accept(std::function<void(result<fd>)> done) override {
    done(std::move(connection_));
  }
  void refuse(ec) override {
    reset_on_close(connection_.get());
    connection_.reset();
  }

private:
  fd connection_;
};

class client_side : public accepted_side {
public:
  client_side(
    circuit_surroundings around, fd connection, fd far, introduction as)
    : accepted_side(make_client_caller(std::move(connection))),
      around_(around),
      far_(std::make_shared<fd>(std::move(far))),
      as_(std::move(as)) {}
  std::unique_ptr<circuit> become_circuit(circuit::sink events) override {
    flow_circuit_parts parts{
      around_.runtime.control(),
      around_.runtime.next_relay(),
      protocol::tcp,
      direction::inbound,
      around_.udp_idle,
      take(),
      [gate = &around_.gate, own = std::move(far_)](family kind) -> result<fd> {
        // The guest is not where it is to be found yet.
        if (gate->is_moving())
          return error{ec::exhausted, "the guest's address is being changed"};
        auto far = std::exchange(*own, fd{});
        if (far && kind == family::v4)
          return far;
        // Closed before another one is asked for: that may need its number.
        far.reset();
        return gate->socket(kind, SOCK_STREAM);
      },
      std::move(as_)};
    return make_flow_circuit(std::move(parts), std::move(events));
  }

private:
  circuit_surroundings around_;
  std::shared_ptr<fd> far_; // a std::function is copyable
  introduction as_;
};

class call_to_proxy : public accepted_side {
public:
  explicit call_to_proxy(fd connection)
    : accepted_side(make_client_caller(std::move(connection))) {}
  std::unique_ptr<circuit> become_circuit(circuit::sink) override {
    return nullptr;
  }
  std::unique_ptr<caller> become_caller() override {
    return take();
  }
};

} // namespace

result<fd> spare_host_socket(gateway& gate, family kind, int type) {
  auto made = host_socket(kind, type);
  if (!made && made.error().code == ec::exhausted && gate.shed_socket())
    made = host_socket(kind, type);
  return made;
}

std::unique_ptr<caller> make_client_caller(fd connection) {
  return std::make_unique<client_caller>(std::move(connection));
}

std::unique_ptr<near_side>
make_gate_side(circuit_surroundings around, held_packet packet) {
  return std::make_unique<gate_side>(around, std::move(packet));
}

std::unique_ptr<near_side> make_call_to_proxy(fd connection) {
  return std::make_unique<call_to_proxy>(std::move(connection));
}

std::unique_ptr<near_side> make_client_side(
  circuit_surroundings around, fd connection, fd far, introduction as) {
  return std::make_unique<client_side>(
    around, std::move(connection), std::move(far), std::move(as));
}

} // namespace pier::net
