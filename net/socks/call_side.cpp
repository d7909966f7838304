#include "net/socks/call_side.hpp"

#include "net/circuit/accepted_side.hpp"
#include "net/socks/hang_up.hpp"

#include <sys/socket.h>

#include <utility>

namespace pier::net {

namespace {

class call : public caller {
public:
  call(fd connection, socks_dialect dialect, bool in_silence)
    : connection_(std::move(connection)),
      dialect_(dialect),
      in_silence_(in_silence) {}

  void accept(std::function<void(result<fd>)> done) override {
    if (!in_silence_ && !say(connection_.get(), socks_answer(dialect_, ec::ok)))
      return done(error{ec::reset, "the client is gone"});
    done(std::move(connection_));
  }

  void refuse(ec why) override {
    hang_up(std::move(connection_), socks_answer(dialect_, why));
  }

private:
  fd connection_;
  socks_dialect dialect_;
  bool in_silence_;
};

class call_side : public accepted_side {
public:
  call_side(circuit_surroundings around, fd connection, socks_wish wish)
    : accepted_side(std::make_unique<call>(
      std::move(connection), wish.dialect, wish.in_silence)),
      around_(around),
      first_(std::move(wish.first)) {}

  void lead(const passage& how) override {
    to_guest_ = how.to_guest;
  }

  std::unique_ptr<circuit> become_circuit(circuit::sink events) override {
    flow_circuit_parts parts{
      around_.runtime.control(),
      around_.runtime.next_relay(),
      protocol::tcp,
      direction::inbound,
      around_.udp_idle,
      take(),
      [gate = &around_.gate, to_guest = to_guest_](family kind) -> result<fd> {
        if (!to_guest)
          return spare_host_socket(*gate, kind, SOCK_STREAM);
        // The guest is not where it is to be found yet.
        if (gate->is_moving())
          return error{ec::exhausted, "the guest's address is being changed"};
        return gate->socket(kind, SOCK_STREAM);
      }};
    parts.as.header = std::move(first_);
    return make_flow_circuit(std::move(parts), std::move(events));
  }

private:
  circuit_surroundings around_;
  std::string first_;
  bool to_guest_ = true;
};

} // namespace

std::unique_ptr<near_side>
make_call_side(circuit_surroundings around, fd connection, socks_wish wish) {
  return std::make_unique<call_side>(
    around, std::move(connection), std::move(wish));
}

} // namespace pier::net
