#include "test/contract/ground.hpp"

#include "net/port/port_socket.hpp"
#include "net/port/published.hpp"
#include "net/socket_address.hpp"
#include "test/support/built.hpp"
#include "test/support/deadline.hpp"

#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <random>

namespace pier::contract {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 10s;
/// Clients are not in the loop: we look at them this often.
constexpr auto glance = 1ms;

int type_of(protocol proto) {
  return (proto == protocol::tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK
    | SOCK_CLOEXEC;
}

ip_address home_of(family kind) {
  if (kind == family::v6)
    return ip_address::loopback(kind);
  auto pid = static_cast<unsigned>(::getpid());
  return ip_address::v4(
    {127, static_cast<uint8_t>(64 + (pid >> 16) % 64),
     static_cast<uint8_t>(pid >> 8), static_cast<uint8_t>(1 + pid % 250)});
}

net::fd bind_to(protocol proto, const endpoint& at, bool reuse) {
  net::fd made{::socket(net::domain_of(at.ip.kind()), type_of(proto), 0)};
  int on = 1;
  if (reuse)
    ::setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  auto address = net::to_kernel(at);
  if (::bind(made.get(), address.data(), address.size) != 0)
    made.reset();
  return made;
}

} // namespace

// -- clients ------------------------------------------------------------------

client::client(protocol proto, const endpoint& to)
  : proto_(proto),
    socket_(::socket(net::domain_of(to.ip.kind()), type_of(proto), 0)) {
  auto address = net::to_kernel(to);
  auto begun = ::connect(socket_.get(), address.data(), address.size);
  REQUIRE((begun == 0 || errno == EINPROGRESS));
  if (proto == protocol::udp)
    say("question");
}

std::optional<int> client::answer() {
  pollfd look{socket_.get(), POLLOUT, 0};
  if (::poll(&look, 1, 0) != 1)
    return std::nullopt;
  int why = 0;
  socklen_t size = sizeof(why);
  ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &why, &size);
  return why;
}

bool client::say(const std::string& text) {
  return ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL)
    == static_cast<ssize_t>(text.size());
}

endpoint client::own() const {
  net::socket_address at;
  ::getsockname(socket_.get(), at.data(), &at.size);
  return net::from_kernel(at);
}

// -- the ground ---------------------------------------------------------------

ground::ground(kind which)
  : what(which),
    gate(
      runtime.control(), net::plan_network({}),
      test::built("pier-keeper").string()),
    home_(home_of(which.over)) {
  // A TCP client is accepted only when it can be led on: with a socket of the
  // gateway in the store.
  std::optional<result<void>> opened;
  gate.open([&](result<void> how) { opened = std::move(how); });
  REQUIRE(until([&] { return opened.has_value(); }));
  if (!*opened)
    FAIL(opened->error().text);
  REQUIRE(until([&] { return gate.has_socket(family::v4, SOCK_STREAM); }));
}

std::string ground::name() const {
  return net::network_name(what.proto, what.over);
}

port_spec ground::random(size_t ports) const {
  return within({0, 0}, ports);
}

port_spec ground::within(const port_range& host, size_t ports) const {
  port_spec spec;
  spec.proto = what.proto;
  spec.host_ip = home();
  spec.host = host;
  spec.container = {first_port, static_cast<uint16_t>(first_port + ports - 1)};
  return spec;
}

port_range ground::free_numbers(size_t count) const {
  static std::mt19937 dice{std::random_device{}()};
  std::uniform_int_distribution<unsigned> any{10000, 30000};
  for (int tries = 0; tries < 1000; ++tries) {
    auto first = static_cast<uint16_t>(any(dice));
    auto last = static_cast<uint16_t>(first + count - 1);
    auto free = true;
    for (auto n = first; n <= last; ++n)
      free = free && rival({home(), n}) == 0;
    if (free)
      return {first, last};
  }
  FAIL("no free numbers");
  return {};
}

result<std::shared_ptr<net::port>>
ground::publish(const port_spec& spec, const std::string& owner) {
  return net::publish(
    {runtime, gate, udp_idle, names}, lobby, taken, spec, {}, owner);
}

std::shared_ptr<net::port> ground::published(const port_spec& spec) {
  auto made = publish(spec);
  REQUIRE(made);
  return *made;
}

std::shared_ptr<void>
ground::borrow(net::port& from, std::vector<arrival>& into) {
  return from.borrow([&into](const arrival& who) { into.push_back(who); });
}

bool ground::until(const std::function<bool()>& done) {
  trials::stopwatch watch;
  auto& loop = runtime.control();
  loop.restart();
  while (!done()) {
    if (watch.elapsed() > patience)
      return false;
    loop.run_one_for(glance);
    loop.restart();
  }
  return true;
}

void ground::settle() {
  runtime.control().restart();
  while (runtime.control().poll() > 0)
    runtime.control().restart();
}

client ground::come(const net::port& to, size_t nth) const {
  return {what.proto, to.bound().at(nth).host};
}

bool ground::refuses(const net::port& to, size_t nth) {
  auto who = come(to, nth);
  std::optional<int> said;
  return until([&] { return (said = who.answer()).has_value(); })
    && said == ECONNREFUSED;
}

bool ground::admits(const net::port& to, size_t nth) {
  auto who = come(to, nth);
  std::optional<int> said;
  return until([&] { return (said = who.answer()).has_value(); }) && said == 0;
}

int ground::rival(const endpoint& at, bool reuse) const {
  return bind_to(what.proto, at, reuse) ? 0 : errno;
}

net::fd ground::hold(const endpoint& at) const {
  auto made = bind_to(what.proto, at, false);
  REQUIRE(made);
  return made;
}

} // namespace pier::contract
