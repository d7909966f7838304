#include "net/socks/place.hpp"

#include "net/port/port_socket.hpp"
#include "net/port/reservation.hpp"
#include "net/socket_address.hpp"
#include "net/socks/association.hpp"
#include "net/socks/bind_side.hpp"
#include "net/socks/call_side.hpp"
#include "net/socks/hang_up.hpp"
#include "net/socks/reception.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <map>
#include <optional>
#include <utility>

namespace pier::net {

namespace {

namespace asio = boost::asio;

constexpr int accepts_a_turn = 64;
constexpr std::chrono::milliseconds exhausted_pause{100};
constexpr size_t most_associations = 256;

class socks_place : public port,
                    public std::enable_shared_from_this<socks_place> {
public:
  socks_place(
    circuit_surroundings around, lobby& waiting, allocations& taken,
    const socks_host& host, const port_spec& spec, const port_settings& by)
    : around_(around),
      lobby_(waiting),
      reserved_(taken, spec, by),
      by_(by),
      pause_(around.runtime.control()),
      reception_(
        around.runtime.control(), host,
        [this](fd client, const endpoint& from, socks_wish wish) {
          hear_wish(std::move(client), from, std::move(wish));
        }) {}

  ~socks_place() override {
    lobby_.clear(this);
  }

  result<void> reserve(const endpoint& at) {
    auto ok = reserved_.take_all("socks at " + to_string(at));
    if (ok)
      own_ = &reserved_.ports().front();
    return ok;
  }

  const port_spec& spec() const override {
    return reserved_.spec();
  }

  std::vector<bound_port> bound() const override {
    return {own_->what};
  }

  std::shared_ptr<void> borrow(sink arrivals) override {
    arrivals_ = std::move(arrivals);
    auto mine = ++loans_;
    if (own_->what.open)
      serve();
    return {nullptr, [me = weak_from_this(), mine](void*) {
              if (auto self = me.lock(); self && self->loans_ == mine)
                self->end_loan();
            }};
  }

  result<void> open(uint16_t) override {
    if (own_->what.open)
      return {};
    auto ok = open_port(own_->socket.get(), protocol::tcp, by_.backlog);
    if (!ok)
      return error{
        ok.error().code, to_string(own_->what.host) + ": " + ok.error().text};
    own_->what.open = true;
    if (arrivals_)
      serve();
    return {};
  }

  void park(uint16_t) override {
    if (!own_->what.open)
      return;
    own_->what.open = false;
    acceptor_.reset();
    reception_.clear();
    park_port(own_->socket.get(), protocol::tcp, own_->what.host);
  }

  void adopt(const port_settings& by) override {
    by_ = by;
  }

private:
  /// Associations go on, as everything does that has been let in.
  void end_loan() {
    arrivals_ = nullptr;
    acceptor_.reset();
    reception_.clear();
    lobby_.clear(this);
  }

  void serve() {
    if (acceptor_)
      return;
    fd shared{::fcntl(own_->socket.get(), F_DUPFD_CLOEXEC, 0)};
    if (!shared)
      return serve_later();
    acceptor_.emplace(around_.runtime.control(), shared.release());
    await_clients();
  }

  /// Clients wait in the backlog until descriptors are free again.
  void serve_later() {
    acceptor_.reset();
    pause_.expires_after(exhausted_pause);
    pause_.async_wait(
      [me = weak_from_this()](const boost::system::error_code& why) {
        auto self = me.lock();
        if (self && !why && self->arrivals_ && self->own_->what.open)
          self->serve();
      });
  }

  void await_clients() {
    acceptor_->async_wait(
      asio::posix::stream_descriptor::wait_read,
      [me = weak_from_this()](const boost::system::error_code& why) {
        if (auto self = me.lock(); self && !why)
          self->accept_some();
      });
  }

  void accept_some() {
    for (int i = 0; i < accepts_a_turn; ++i) {
      if (!acceptor_)
        return;
      socket_address client;
      fd made{::accept4(
        acceptor_->native_handle(), client.data(), &client.size,
        SOCK_NONBLOCK | SOCK_CLOEXEC)};
      if (made) {
        reception_.receive(std::move(made), from_kernel(client));
        continue;
      }
      if (from_errno(errno) != ec::exhausted)
        break;
      if (!around_.gate.shed_socket())
        return serve_later();
    }
    if (acceptor_)
      await_clients();
  }

  void hear_wish(fd client, const endpoint& from, socks_wish wish) {
    if (wish.what == socks_command::associate)
      return begin_association(std::move(client), wish.to.at);
    flow what{direction::inbound, protocol::tcp, wish.to.at, from};
    auto name = wish.to.name;
    auto side = wish.what == socks_command::bind
      ? make_bind_side(around_, std::move(client))
      : make_call_side(around_, std::move(client), std::move(wish));
    auto number = lobby_.enter(what, std::move(side), this);
    arrivals_({number, what, std::move(name)});
  }

  void begin_association(fd client, const endpoint& expected) {
    if (associations_.size() == most_associations)
      return hang_up(
        std::move(client), socks_answer(socks_dialect::socks, ec::exhausted));
    auto number = ++last_association_;
    auto made = associate(
      {around_, lobby_, this,
       [this](const arrival& what) {
         if (arrivals_)
           arrivals_(what);
         else
           lobby_.leave(what.number);
       },
       [this, number] { associations_.erase(number); }},
      std::move(client), expected);
    if (made)
      associations_.emplace(number, std::move(made));
  }

  circuit_surroundings around_;
  lobby& lobby_;
  reservation reserved_;
  reserved_port* own_ = nullptr; // its only one
  port_settings by_;
  asio::steady_timer pause_;
  sink arrivals_;
  uint64_t loans_ = 0;
  std::optional<asio::posix::stream_descriptor> acceptor_;
  socks_reception reception_;
  std::map<uint64_t, std::shared_ptr<socks_association>> associations_;
  uint64_t last_association_ = 0;
};

} // namespace

result<std::shared_ptr<port>> make_socks_place(
  circuit_surroundings around, lobby& waiting, allocations& taken,
  const socks_host& host, const endpoint& at, const port_settings& by) {
  port_range number{at.port, at.port};
  auto made = std::make_shared<socks_place>(
    around, waiting, taken, host,
    port_spec{protocol::tcp, at.ip, number, number}, by);
  if (auto ok = made->reserve(at); !ok)
    return ok.error();
  return std::shared_ptr<port>{made};
}

} // namespace pier::net
