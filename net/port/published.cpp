#include "net/port/published.hpp"

#include "net/port/port_socket.hpp"
#include "net/port/udp_clients.hpp"
#include "net/socket_address.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

namespace pier::net {

namespace {

namespace asio = boost::asio;

constexpr int accepts_a_turn = 64;
constexpr std::chrono::milliseconds exhausted_pause{100};

/// One host port of one family.
struct socket_slot {
  bound_port what;
  fd socket;
  /// TCP, once opened: waits for clients.
  std::optional<asio::posix::stream_descriptor> acceptor;
  bool awaiting = false;
  std::shared_ptr<udp_clients> clients;
};

class published : public port, public std::enable_shared_from_this<published> {
public:
  published(
    circuit_surroundings around, lobby& waiting, allocations& taken,
    port_spec spec)
    : around_(around),
      lobby_(waiting),
      taken_(taken),
      spec_(std::move(spec)),
      pause_(around.runtime.control()) {}

  ~published() override {
    lobby_.clear(this);
    for (const auto& each : slots_)
      taken_.give_back(each.what.proto, each.what.host);
  }

  result<void> reserve_all(const std::string& owner);

  const port_spec& spec() const override {
    return spec_;
  }

  std::vector<bound_port> bound() const override {
    std::vector<bound_port> out;
    for (const auto& each : slots_)
      out.push_back(each.what);
    return out;
  }

  std::shared_ptr<void> borrow(sink arrivals) override {
    arrivals_ = std::move(arrivals);
    auto mine = ++loans_;
    for (auto& each : slots_)
      if (each.what.open)
        serve(each);
    return {nullptr, [me = weak_from_this(), mine](void*) {
              if (auto self = me.lock(); self && self->loans_ == mine)
                self->end_loan();
            }};
  }

  result<void> open(uint16_t container_port) override {
    for (auto& each : slots_) {
      if (each.what.container != container_port || each.what.open)
        continue;
      if (auto ok = open_port(each.socket.get(), spec_.proto); !ok)
        return error{
          ok.error().code, to_string(each.what.host) + ": " + ok.error().text};
      each.what.open = true;
      each.clients.reset(); // It may be another socket now.
      if (arrivals_)
        serve(each);
    }
    return {};
  }

  void park(uint16_t container_port) override {
    for (auto& each : slots_) {
      if (each.what.container != container_port || !each.what.open)
        continue;
      each.what.open = false;
      if (each.clients)
        each.clients->pause();
      each.acceptor.reset();
      each.awaiting = false;
      park_port(each.socket.get(), spec_.proto, each.what.host);
    }
  }

private:
  void end_loan() {
    arrivals_ = nullptr;
    lobby_.clear(this);
    for (auto& each : slots_) {
      each.acceptor.reset();
      each.awaiting = false;
      if (each.clients)
        each.clients->pause();
    }
  }

  std::vector<ip_address> host_addresses() const {
    if (spec_.host_ip)
      return {*spec_.host_ip};
    return {ip_address::any(family::v4), ip_address::any(family::v6)};
  }

  result<void>
  reserve_one(uint16_t host, uint16_t container, const std::string& owner);
  void release_one(uint16_t host);
  result<void> reserve_any_of(
    const port_range& range, uint16_t container, const std::string& owner);

  void serve(socket_slot& which);
  void await_clients(socket_slot& which);
  void accept_some(socket_slot& which);
  void hear_client(const socket_slot& which, fd made, const endpoint& client);

  circuit_surroundings around_;
  lobby& lobby_;
  allocations& taken_;
  port_spec spec_;
  std::vector<socket_slot> slots_;
  asio::steady_timer pause_;
  sink arrivals_;
  uint64_t loans_ = 0;
};

// -- reserving ----------------------------------------------------------------

result<void> published::reserve_one(
  uint16_t host, uint16_t container, const std::string& owner) {
  for (const auto& ip : host_addresses()) {
    endpoint at{ip, host};
    if (auto free = taken_.take(spec_.proto, at, owner); !free) {
      release_one(host);
      return free;
    }
    auto made = reserve_port(spec_.proto, at);
    if (!made) {
      taken_.give_back(spec_.proto, at);
      // A host without IPv6 publishes on IPv4 alone.
      auto no_v6 = made.error().code == ec::not_supported
        || made.error().code == ec::address_not_local;
      if (!ip.is_v4() && !spec_.host_ip && no_v6)
        continue;
      release_one(host);
      return made.error();
    }
    socket_slot slot;
    slot.what = {spec_.proto, at, container, false};
    slot.socket = std::move(*made);
    slots_.push_back(std::move(slot));
  }
  return {};
}

void published::release_one(uint16_t host) {
  std::erase_if(slots_, [&](const socket_slot& each) {
    if (each.what.host.port != host)
      return false;
    taken_.give_back(spec_.proto, each.what.host);
    return true;
  });
}

result<void> published::reserve_any_of(
  const port_range& range, uint16_t container, const std::string& owner) {
  for (size_t tries = 0; tries < range.size(); ++tries) {
    auto ok = reserve_one(taken_.next_random(range), container, owner);
    if (ok)
      return ok;
    if (
      ok.error().code != ec::address_in_use
      && ok.error().code != ec::port_allocated)
      return ok;
  }
  return error{
    ec::exhausted,
    "all ports are allocated: none of " + std::to_string(range.first) + "-"
      + std::to_string(range.last) + " is free"};
}

result<void> published::reserve_all(const std::string& owner) {
  slots_.reserve(2 * spec_.container.size());
  auto one_of_range = !spec_.host.any() && spec_.container.size() == 1
    && spec_.host.size() > 1;
  for (unsigned n = spec_.container.first; n <= spec_.container.last; ++n) {
    auto container = static_cast<uint16_t>(n);
    auto offset = n - spec_.container.first;
    auto ok = spec_.host.any()
      ? reserve_any_of(random_range(), container, owner)
      : one_of_range
      ? reserve_any_of(spec_.host, container, owner)
      : reserve_one(
        static_cast<uint16_t>(spec_.host.first + offset), container, owner);
    if (!ok)
      return ok;
  }
  return {};
}

// -- clients ------------------------------------------------------------------

void published::serve(socket_slot& which) {
  if (spec_.proto == protocol::udp) {
    if (!which.clients)
      which.clients = make_udp_clients(
        around_, lobby_, this, which.socket.get(), which.what.host.ip.kind(),
        which.what.container);
    which.clients->listen([this](const arrival& client) {
      if (arrivals_)
        arrivals_(client);
    });
    return;
  }
  if (!which.acceptor)
    which.acceptor.emplace(
      around_.runtime.control(), ::dup(which.socket.get()));
  if (!which.awaiting)
    await_clients(which);
}

void published::await_clients(socket_slot& which) {
  which.awaiting = true;
  which.acceptor->async_wait(
    asio::posix::stream_descriptor::wait_read,
    [me = weak_from_this(), &which](const boost::system::error_code& why) {
      auto self = me.lock();
      if (!self || why)
        return;
      which.awaiting = false;
      self->accept_some(which);
    });
}

void published::accept_some(socket_slot& which) {
  for (int i = 0; i < accepts_a_turn; ++i) {
    if (!arrivals_ || !which.what.open)
      return;
    socket_address client;
    fd made{::accept4(
      which.socket.get(), client.data(), &client.size,
      SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (made) {
      hear_client(which, std::move(made), from_kernel(client));
      continue;
    }
    if (from_errno(errno) == ec::exhausted) {
      // Clients wait in the backlog until descriptors are free again.
      pause_.expires_after(exhausted_pause);
      pause_.async_wait(
        [me = weak_from_this()](const boost::system::error_code& why) {
          auto self = me.lock();
          if (!self || why || !self->arrivals_)
            return;
          for (auto& each : self->slots_)
            if (each.what.open)
              self->serve(each);
        });
      return;
    }
    break;
  }
  await_clients(which);
}

void published::hear_client(
  const socket_slot& which, fd made, const endpoint& client) {
  flow what;
  what.way = direction::inbound;
  what.proto = protocol::tcp;
  what.guest.port = which.what.container;
  what.peer = client;
  auto number = lobby_.enter(
    what, make_client_side(around_, std::move(made)), this);
  arrivals_({number, what});
}

} // namespace

result<std::shared_ptr<port>> publish(
  circuit_surroundings around, lobby& waiting, allocations& taken,
  const port_spec& spec, const std::string& owner) {
  auto made = std::make_shared<published>(around, waiting, taken, spec);
  if (auto ok = made->reserve_all(owner); !ok)
    return ok.error();
  return std::shared_ptr<port>{made};
}

} // namespace pier::net
