#include "net/socks/reception.hpp"

#include "net/socks/hang_up.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace pier::net {

namespace {

constexpr size_t most_clients = 1024;
constexpr std::chrono::seconds half_patience{5};

} // namespace

socks_reception::socks_reception(
  boost::asio::io_context& io, const socks_host& host, sink wishes)
  : io_(io), host_(host), wishes_(std::move(wishes)), timer_(io) {}

void socks_reception::receive(fd socket, const endpoint& from) {
  if (clients_.size() == most_clients)
    clients_.pop_front();
  clients_.push_back({std::move(socket), from, halves_, socks_talk{host_}});
  count_down();
  // Mostly the first words come with the connection.
  hear(std::prev(clients_.end()));
}

void socks_reception::clear() {
  clients_.clear();
}

void socks_reception::await(place who) {
  who->wait = readiness::of(io_).await(
    who->socket.get(), readiness::want::read, [this, who](bool) { hear(who); });
}

void socks_reception::hear(place who) {
  std::array<char, 4096> room;
  auto got = ::recv(
    who->socket.get(), room.data(), room.size(), MSG_PEEK | MSG_DONTWAIT);
  if (got < 0 && errno == EAGAIN)
    return await(who);
  if (got <= 0) {
    clients_.erase(who);
    return;
  }
  auto before = who->heard.size();
  who->heard.append(room.data(), static_cast<size_t>(got));
  socks_talk::turn turn;
  std::string said;
  size_t done = 0;
  do {
    turn = who->talk.hear(std::string_view{who->heard}.substr(done));
    done += turn.taken;
    said += turn.said;
  } while (turn.taken > 0 && !turn.over && !turn.wish);
  // What follows a wish is not ours, and stays in the socket.
  auto taken = turn.wish ? done - before : static_cast<size_t>(got);
  ::recv(who->socket.get(), room.data(), taken, MSG_DONTWAIT);
  if (turn.over) {
    auto socket = std::move(who->socket);
    clients_.erase(who);
    return said.empty() ? socket.reset() : hang_up(std::move(socket), said);
  }
  if (!said.empty() && !say(who->socket.get(), said)) {
    clients_.erase(who);
    return;
  }
  if (!turn.wish) {
    who->heard.erase(0, done);
    return await(who);
  }
  readiness::of(io_).part(who->socket.get());
  auto socket = std::move(who->socket);
  auto from = who->from;
  clients_.erase(who);
  wishes_(std::move(socket), from, std::move(*turn.wish));
}

/// One timer for all of them, in the order of their coming.
void socks_reception::count_down() {
  if (counts_ || clients_.empty())
    return;
  counts_ = true;
  timer_.expires_after(half_patience);
  timer_.async_wait(life_.guard([this](const boost::system::error_code& why) {
    counts_ = false;
    if (why)
      return;
    ++halves_;
    while (!clients_.empty() && clients_.front().came + 2 <= halves_)
      clients_.pop_front();
    count_down();
  }));
}

} // namespace pier::net
