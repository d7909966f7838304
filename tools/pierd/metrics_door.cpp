#include "tools/pierd/metrics_door.hpp"

#include "net/fd.hpp"
#include "net/port/holder.hpp"
#include "net/socket_address.hpp"
#include "tools/control/metrics_text.hpp"

#include <boost/asio/post.hpp>

#include <spdlog/spdlog.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace pier::daemon {

namespace asio = boost::asio;

namespace {

constexpr int backlog = 16;
constexpr size_t most_visits = 16;
constexpr auto retry_pause = std::chrono::seconds{5};
constexpr auto good_for = std::chrono::seconds{1};

} // namespace

metrics_door::metrics_door(
  asio::io_context& io, supervisor& behind, reporter news)
  : io_(io), behind_(behind), news_(std::move(news)), retry_(io), age_(io) {}

metrics_door::~metrics_door() {
  if (listener_)
    listener_->close();
  for (const auto& each : visits_)
    each->drop();
}

void metrics_door::obey(const metrics_settings& with) {
  if (with.listen == at_)
    return;
  at_ = with.listen;
  complained_ = false;
  retry_.cancel();
  if (auto was = std::exchange(listener_, nullptr))
    was->close();
  if (at_)
    listen();
}

void metrics_door::listen() {
  if (auto done = try_to_listen(*at_); !done) {
    if (!std::exchange(complained_, true))
      news_({event::kind::warning, {}, done.error().text});
    retry_.expires_after(retry_pause);
    return retry_.async_wait(
      life_.guard([this](const boost::system::error_code& stopped) {
        if (!stopped && at_ && !listener_)
          listen();
      }));
  }
  spdlog::info("metrics are at http://{}/metrics", to_string(*at_));
}

result<void> metrics_door::try_to_listen(const endpoint& at) {
  auto made = net::listen_at(at, backlog);
  if (!made) {
    auto number = errno;
    auto holder = number == EADDRINUSE ? net::holder_of(protocol::tcp, at)
                                       : std::string{};
    return error{
      from_errno(number),
      "metrics cannot be had at " + to_string(at) + ": " + std::strerror(number)
        + holder
        + "; [metrics] listen chooses another place, and this one is tried "
          "again every 5 seconds"};
  }
  tcp::acceptor taken{io_};
  taken.assign(at.ip.is_v4() ? tcp::v4() : tcp::v6(), made.release());
  listener_ = std::make_shared<net::stream_listener<tcp>>(
    std::move(taken),
    life_.guard([this](tcp::socket client) { welcome(std::move(client)); }));
  listener_->start();
  return {};
}

/// Who has asked waits for the page; the others may be anybody.
bool metrics_door::make_room() {
  if (visits_.size() < most_visits)
    return true;
  auto silent = std::find_if(
    visits_.begin(), visits_.end(),
    [](const auto& each) { return each->is_reading(); });
  if (silent == visits_.end())
    return false;
  (*silent)->drop();
  visits_.erase(silent);
  return true;
}

void metrics_door::welcome(tcp::socket client) {
  if (!make_room())
    return;
  auto made = std::make_shared<metrics_visit>(
    std::move(client),
    life_.guard([this](waiter done) { count(std::move(done)); }));
  made->on_end = life_.guard([this](const metrics_visit* gone) {
    std::erase_if(
      visits_, [gone](const auto& each) { return each.get() == gone; });
  });
  visits_.push_back(made);
  made->start();
}

void metrics_door::count(waiter done) {
  if (last_)
    return done(last_);
  waiting_.push_back(std::move(done));
  if (waiting_.size() > 1)
    return;
  auto heard = life_.guard(
    [this](const result<metrics>& all) { hear_counted(all); });
  behind_.count([&io = io_, heard](result<metrics> all) {
    asio::post(io, [heard, all = std::move(all)]() mutable { heard(all); });
  });
}

void metrics_door::hear_counted(const result<metrics>& all) {
  result<page> made = page{};
  if (all) {
    last_ = std::make_shared<const std::string>(
      control::metrics_text(*all, control::look_at_process()));
    made = last_;
    age_.expires_after(good_for);
    age_.async_wait(
      life_.guard([this](const boost::system::error_code& stopped) {
        if (!stopped)
          last_.reset();
      }));
  } else {
    made = all.error();
  }
  for (auto& done : std::exchange(waiting_, {}))
    done(made);
}

} // namespace pier::daemon
