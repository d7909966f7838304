#include "test/net/port/road.hpp"

#include "test/support/deadline.hpp"

#include <catch2/catch.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

namespace pier::trials {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10s;

int type_of(protocol proto) {
  return proto == protocol::tcp ? SOCK_STREAM : SOCK_DGRAM;
}

endpoint own_address(const net::fd& of) {
  net::socket_address own;
  ::getsockname(of.get(), own.data(), &own.size);
  return net::from_kernel(own);
}

net::fd taken_by(road& on, const server& target) {
  net::fd far;
  REQUIRE(on.until([&] { return static_cast<bool>(far = target.take()); }));
  return far;
}

} // namespace

net::fd make_socket(int domain, int type) {
  return net::fd{::socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
}

// -- peers --------------------------------------------------------------------

void peer::say(const std::string& text) const {
  ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
}

void peer::say_no_more() const {
  ::shutdown(socket_.get(), SHUT_WR);
}

void peer::vanish() {
  linger at_once{1, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  socket_.reset();
}

void peer::listen() {
  std::array<char, 4096> room{};
  for (;;) {
    auto got = ::recv(socket_.get(), room.data(), room.size(), 0);
    if (got > 0) {
      heard.append(room.data(), static_cast<size_t>(got));
      continue;
    }
    finished = got == 0;
    why = got < 0 && errno != EAGAIN ? errno : why;
    return;
  }
}

int door::domain() const {
  return path.empty() ? AF_INET : AF_UNIX;
}

net::socket_address door::address() const {
  return path.empty() ? net::to_kernel(at) : net::to_kernel(path);
}

server::server(door where)
  : where_(std::move(where)),
    socket_(make_socket(where_.domain(), SOCK_STREAM)) {
  auto at = where_.address();
  REQUIRE(::bind(socket_.get(), at.data(), at.size) == 0);
  REQUIRE(::listen(socket_.get(), 16) == 0);
  where_.at = own_address(socket_);
}

net::fd server::take() const {
  return net::fd{
    ::accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
}

// -- the road -----------------------------------------------------------------

ip_address road::home() {
  auto pid = static_cast<unsigned>(::getpid());
  return ip_address::v4(
    {127, static_cast<uint8_t>(128 + (pid >> 16) % 64),
     static_cast<uint8_t>(pid >> 8), static_cast<uint8_t>(1 + pid % 250)});
}

listen_address road::place(protocol proto) const {
  auto probe = make_socket(AF_INET, type_of(proto));
  auto any = net::to_kernel(endpoint{home(), 0});
  REQUIRE(::bind(probe.get(), any.data(), any.size) == 0);
  listen_address at;
  at.proto = proto;
  at.ip = home();
  at.port = own_address(probe).port;
  return at;
}

listen_address road::unix_place(const char* name) const {
  listen_address at;
  at.path = folder / name;
  return at;
}

result<std::shared_ptr<net::port>> road::reserve(const listen_address& at) {
  return net::publish_forward(
    {runtime, gate, udp_idle, names}, lobby, taken, at, port_settings{});
}

std::shared_ptr<net::port> road::opened(const listen_address& at) {
  auto made = reserve(at);
  REQUIRE(made);
  REQUIRE((*made)->open(at.port));
  return *made;
}

std::shared_ptr<void>
road::lead(net::port& from, const endpoint& to, const net::passage& how) {
  return from.borrow([this, to, how](const arrival& client) {
    arrivals.push_back(client.what);
    lobby.lead(client.number, how);
    auto which = circuits.size();
    circuits.push_back(
      lobby.leave(client.number)
        ->become_circuit(
          [this, which](const circuit_event& news) { hear(which, news); }));
    circuits[which]->dial(to);
  });
}

void road::hear(size_t which, const circuit_event& news) {
  if (news.what == circuit_event::kind::dialed)
    circuits[which]->join();
  if (news.what == circuit_event::kind::refused)
    circuits[which]->refuse(news.why);
}

net::fd road::call(const listen_address& at) {
  auto made = make_socket(at.is_unix() ? AF_UNIX : AF_INET, type_of(at.proto));
  auto to = at.is_unix() ? net::to_kernel(at.path)
                         : net::to_kernel(endpoint{*at.ip, at.port});
  if (::connect(made.get(), to.data(), to.size) != 0 && errno != EINPROGRESS) {
    refusal_ = errno;
    made.reset();
  }
  return made;
}

int road::answer(const net::fd& asked) {
  if (!asked)
    return refusal_;
  pollfd look{asked.get(), POLLOUT, 0};
  until([&] { return ::poll(&look, 1, 0) == 1; });
  int why = 0;
  socklen_t size = sizeof(why);
  ::getsockopt(asked.get(), SOL_SOCKET, SO_ERROR, &why, &size);
  return why;
}

bool road::until(const std::function<bool()>& done) {
  stopwatch watch;
  auto& loop = runtime.control();
  while (!done()) {
    if (watch.elapsed() > patience)
      return false;
    loop.restart();
    loop.run_one_for(1ms);
  }
  return true;
}

bool road::hears(peer& who, const std::string& text) {
  return until([&] {
           who.listen();
           return who.heard.size() >= text.size() || who.finished
             || who.why != 0;
         })
    && who.heard == text;
}

conversation::conversation(
  road& on, const listen_address& at, const server& target)
  : client(on.call(at)), far(taken_by(on, target)) {}

} // namespace pier::trials
