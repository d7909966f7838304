#include "net/console/door.hpp"

#include "net/console/local_stream.hpp"
#include "net/socket_address.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace pier::net {

namespace asio = boost::asio;

namespace {

constexpr int backlog = 128;

error cannot_listen(const endpoint& at, int number) {
  return {
    from_errno(number),
    "cannot listen for consoles on " + to_string(at) + ": "
      + std::strerror(number) + "; [console] listen chooses another place"};
}

} // namespace

door::door(asio::io_context& io, bridge::limits each)
  : io_(io), limits_(each) {}

door::~door() {
  if (local_)
    local_->close();
  stop_listening();
  for (auto& [number, each] : std::exchange(visits_, {}))
    each.way->close();
}

void door::serve(net::fd listener) {
  local::acceptor taken{io_};
  taken.assign(local{}, listener.release());
  local_ = std::make_shared<stream_listener<local>>(
    std::move(taken), [this](local::socket client) {
      receive(make_local_stream(std::move(client)), side::local);
    });
  local_->start();
}

result<endpoint> door::listen(const endpoint& at, disguise by) {
  auto made = listen_at(at, backlog);
  socket_address where;
  if (!made || ::getsockname(made.get(), where.data(), &where.size) != 0)
    return cannot_listen(at, errno);
  stop_listening();
  tcp::acceptor taken{io_};
  taken.assign(at.ip.is_v4() ? tcp::v4() : tcp::v6(), made.release());
  remote_ = std::make_shared<stream_listener<tcp>>(
    std::move(taken), [this, by = std::move(by)](tcp::socket client) {
      receive(by(std::move(client)), side::remote);
    });
  remote_->start();
  return from_kernel(where);
}

void door::stop_listening() {
  if (remote_)
    remote_->close();
  remote_.reset();
}

size_t door::count(side from, bool strangers) const {
  auto counts = [&](const auto& each) {
    return each.second.from == from
      && each.second.way->is_stranger() == strangers;
  };
  return static_cast<size_t>(
    std::count_if(visits_.begin(), visits_.end(), counts));
}

size_t door::guests() const noexcept {
  return count(side::local, false) + count(side::remote, false);
}

/// The oldest stranger is the one who is least likely to become a guest.
bool door::make_room(side from) {
  if (count(from, false) >= most_guests)
    return false;
  if (count(from, true) < most_strangers)
    return true;
  for (auto each = visits_.begin(); each != visits_.end(); ++each)
    if (each->second.from == from && each->second.way->is_stranger()) {
      each->second.way->close();
      visits_.erase(each);
      return true;
    }
  return false;
}

void door::receive(std::unique_ptr<console_stream> client, side from) {
  if (!make_room(from))
    return client->close();
  auto number = ++last_;
  auto way = std::make_shared<bridge>(io_, std::move(client), limits_);
  visits_.emplace(number, visit{way, from});
  way->on_known = [this, number](const std::string& name, net::fd socket) {
    if (on_guest)
      on_guest(number, name, std::move(socket));
  };
  way->on_end = [this, number](const error& why) {
    auto found = visits_.find(number);
    if (found == visits_.end())
      return;
    auto knew = !found->second.way->is_stranger();
    visits_.erase(found);
    if (knew && on_gone)
      on_gone(number, why);
  };
  way->start();
}

void door::dismiss(uint64_t number) {
  auto found = visits_.find(number);
  if (found == visits_.end())
    return;
  found->second.way->close();
  visits_.erase(found);
}

} // namespace pier::net
