#include "net/port/published.hpp"

#include "net/circuit/forward_side.hpp"
#include "net/port/port_socket.hpp"
#include "net/port/reception.hpp"
#include "net/port/reservation.hpp"
#include "net/port/udp_clients.hpp"
#include "net/socket_address.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

namespace pier::net {

namespace {

namespace asio = boost::asio;

constexpr int accepts_a_turn = 64;
/// The keeper is behind for a moment only; descriptors may be gone for longer.
constexpr std::chrono::milliseconds first_pause{5};
constexpr std::chrono::milliseconds longest_pause{100};

/// What serves the clients of one host port.
struct served_port {
  reserved_port& held;
  /// TCP, once opened: waits for clients.
  std::optional<asio::posix::stream_descriptor> acceptor;
  bool awaiting = false;
  std::shared_ptr<udp_clients> clients;
};

/// Where clients go.
enum class course : uint8_t { to_guest, forward };

class published : public port, public std::enable_shared_from_this<published> {
public:
  published(
    circuit_surroundings around, lobby& waiting, allocations& taken,
    const port_spec& spec, const port_settings& by, course where)
    : around_(around),
      lobby_(waiting),
      reserved_(taken, spec, by),
      by_(by),
      course_(where),
      pause_(around.runtime.control()) {}

  ~published() override {
    lobby_.clear(this);
  }

  /// Where `path` is not empty, it is that of a Unix socket.
  result<void> reserve(const std::string& owner, const std::string& path) {
    auto ok = path.empty() ? reserved_.take_all(owner)
                           : reserved_.take_path(path);
    if (!ok)
      return ok;
    served_.reserve(reserved_.ports().size());
    for (auto& each : reserved_.ports())
      served_.push_back({each, std::nullopt, false, nullptr});
    return {};
  }

  const port_spec& spec() const override {
    return reserved_.spec();
  }

  std::vector<bound_port> bound() const override {
    std::vector<bound_port> out;
    for (const auto& each : served_)
      out.push_back(each.held.what);
    return out;
  }

  std::shared_ptr<void> borrow(sink arrivals) override {
    arrivals_ = std::move(arrivals);
    auto mine = ++loans_;
    for (auto& each : served_)
      if (each.held.what.open)
        serve(each);
    return {nullptr, [me = weak_from_this(), mine](void*) {
              if (auto self = me.lock(); self && self->loans_ == mine)
                self->end_loan();
            }};
  }

  result<void> open(uint16_t container_port) override {
    for (auto& each : served_) {
      if (each.held.what.container != container_port || each.held.what.open)
        continue;
      if (auto ok = open_port(
            each.held.socket.get(), spec().proto, by_.backlog);
          !ok)
        return error{
          ok.error().code,
          to_string(each.held.what.host) + ": " + ok.error().text};
      if (each.held.name)
        if (auto ok = each.held.name->appear(); !ok)
          return ok;
      each.held.what.open = true;
      each.clients.reset(); // It may be another socket now.
      if (arrivals_)
        serve(each);
    }
    return {};
  }

  void park(uint16_t container_port) override {
    for (auto& each : served_) {
      if (each.held.what.container != container_port || !each.held.what.open)
        continue;
      each.held.what.open = false;
      if (each.clients)
        each.clients->pause();
      each.acceptor.reset();
      each.awaiting = false;
      park_port(each.held.socket.get(), spec().proto, each.held.what.host);
    }
  }

  void adopt(const port_settings& by) override {
    auto was = std::exchange(by_, by);
    for (auto& each : served_) {
      if (each.clients)
        each.clients->show(source());
      // A listener that is told again has another backlog, and nothing else.
      if (
        each.held.what.open && spec().proto == protocol::tcp
        && was.backlog != by_.backlog)
        static_cast<void>(
          open_port(each.held.socket.get(), protocol::tcp, by_.backlog));
    }
  }

private:
  port_source source() const {
    return course_ == course::forward ? port_source::nat
                                      : spec().source.value_or(by_.source);
  }

  void end_loan() {
    arrivals_ = nullptr;
    lobby_.clear(this);
    for (auto& each : served_) {
      each.acceptor.reset();
      each.awaiting = false;
      if (each.clients)
        each.clients->pause();
    }
  }

  void serve(served_port& which);
  void serve_later();
  void await_clients(served_port& which);
  void accept_some(served_port& which);
  void hear_client(const served_port& which, fd made, const endpoint& client);

  circuit_surroundings around_;
  lobby& lobby_;
  reservation reserved_;
  port_settings by_;
  course course_;
  std::vector<served_port> served_;
  asio::steady_timer pause_;
  std::chrono::milliseconds pause_length_ = first_pause;
  sink arrivals_;
  uint64_t loans_ = 0;
};

// -- clients ------------------------------------------------------------------

void published::serve(served_port& which) {
  if (!which.acceptor && !which.clients) {
    fd own{::fcntl(which.held.socket.get(), F_DUPFD_CLOEXEC, 0)};
    if (!own)
      return serve_later();
    if (spec().proto == protocol::udp)
      which.clients = make_udp_clients(
        around_, lobby_, this, std::move(own), which.held.what.host.ip.kind(),
        which.held.what.container);
    else
      which.acceptor.emplace(around_.runtime.control(), own.release());
  }
  if (spec().proto == protocol::udp) {
    which.clients->show(source());
    which.clients->listen([this](const arrival& client) {
      if (arrivals_)
        arrivals_(client);
    });
    return;
  }
  if (!which.awaiting)
    await_clients(which);
}

/// Clients wait in the backlog until descriptors are free again.
void published::serve_later() {
  pause_.expires_after(pause_length_);
  pause_length_ = std::min(2 * pause_length_, longest_pause);
  pause_.async_wait(
    [me = weak_from_this()](const boost::system::error_code& why) {
      auto self = me.lock();
      if (!self || why || !self->arrivals_)
        return;
      for (auto& each : self->served_)
        if (each.held.what.open)
          self->serve(each);
    });
}

void published::await_clients(served_port& which) {
  which.awaiting = true;
  which.acceptor->async_wait(
    asio::posix::stream_descriptor::wait_read,
    [me = weak_from_this(), &which](const boost::system::error_code& why) {
      auto self = me.lock();
      if (!self || why || !which.acceptor) // parked before it was heard
        return;
      which.awaiting = false;
      self->accept_some(which);
    });
}

void published::accept_some(served_port& which) {
  for (int i = 0; i < accepts_a_turn; ++i) {
    if (!arrivals_ || !which.held.what.open)
      return;
    // Nobody is accepted who could not be led on: both sockets or none. Those
    // of a forward may go elsewhere, and wait if not.
    if (
      course_ == course::to_guest
      && !around_.gate.has_socket(family::v4, SOCK_STREAM))
      return serve_later();
    socket_address client;
    fd made{::accept4(
      which.held.socket.get(), client.data(), &client.size,
      SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (made) {
      pause_length_ = first_pause;
      hear_client(which, std::move(made), from_kernel(client));
      continue;
    }
    if (from_errno(errno) != ec::exhausted)
      break;
    if (!around_.gate.shed_socket())
      return serve_later();
  }
  await_clients(which);
}

void published::hear_client(
  const served_port& which, fd made, const endpoint& client) {
  flow what;
  what.way = direction::inbound;
  what.proto = protocol::tcp;
  what.guest.port = which.held.what.container;
  what.peer = client;
  const auto& name = which.held.name;
  auto side = course_ == course::forward
    ? make_forward_side(
      around_, std::move(made), name ? name->path() : std::string{})
    : receive_for_guest(
      around_, std::move(made), client, source(),
      spec().proxy.value_or(by_.proxy));
  arrivals_({lobby_.enter(what, std::move(side), this), what});
}

} // namespace

result<std::shared_ptr<port>> publish(
  circuit_surroundings around, lobby& waiting, allocations& taken,
  const port_spec& spec, const port_settings& by, const std::string& owner) {
  auto made = std::make_shared<published>(
    around, waiting, taken, spec, by, course::to_guest);
  if (auto ok = made->reserve("container " + owner, {}); !ok)
    return ok.error();
  return std::shared_ptr<port>{made};
}

result<std::shared_ptr<port>> publish_forward(
  circuit_surroundings around, lobby& waiting, allocations& taken,
  const listen_address& at, const port_settings& by) {
  port_range number{at.port, at.port};
  auto made = std::make_shared<published>(
    around, waiting, taken, port_spec{at.proto, at.ip, number, number}, by,
    course::forward);
  if (auto ok = made->reserve("forward " + to_string(at), at.path); !ok)
    return ok.error();
  return std::shared_ptr<port>{made};
}

} // namespace pier::net
