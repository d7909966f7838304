#include "net/proxy/way_dialer.hpp"

#include "net/proxy/login_file.hpp"
#include "net/stream_options.hpp"

#include <utility>

namespace pier::net {

namespace {

constexpr std::chrono::seconds patience{20};

} // namespace

way_dialer::way_dialer(way_surroundings around)
  : around_(std::move(around)),
    dialer_(around_.io),
    tunnel_(
      around_.io,
      [sockets = around_.sockets](family kind) { return sockets(kind, false); },
      around_.logins),
    patience_(around_.io) {}

void way_dialer::begin(
  const proxy_request& what, const std::string& url, proxy_course by,
  taker done) {
  what_ = what;
  url_ = url;
  course_ = std::move(by);
  done_ = std::move(done);
  next_ = 0;
  ill_.clear();
  proxy_.reset();
  login_.reset();
  words_.reset();
  try_next({ec::failed, "no way leads there"});
}

void way_dialer::try_next(error last) {
  if (next_ == course_.ways.size())
    return finish(std::move(last));
  ++next_;
  const auto& way = course_.ways[next_ - 1];
  if (way.via)
    go_through(way);
  else
    dial(way);
}

void way_dialer::finish(result<way_found> how) {
  if (auto done = std::exchange(done_, nullptr))
    done(std::move(how));
}

// -- directly -----------------------------------------------------------------

void way_dialer::dial(const proxy_way& way) {
  auto attempt = next_;
  auto socket = around_.sockets(way.to.ip.kind(), way.to_guest);
  if (!socket)
    return hear(attempt, socket.error());
  patience_.expires_after(patience);
  patience_.async_wait(
    life_.guard([this, attempt](const boost::system::error_code& why) {
      if (!why)
        hear(
          attempt,
          error{
            ec::timed_out,
            to_string(course_.ways[attempt - 1].to)
              + " has not answered in 20 seconds: it is down, or a firewall "
                "drops what comes"});
    }));
  set_stream_options(socket->get());
  dialer_.dial(std::move(*socket), way.to, [this, attempt](result<fd> how) {
    hear(attempt, std::move(how));
  });
}

void way_dialer::hear(size_t attempt, result<fd> how) {
  if (!done_ || attempt != next_)
    return;
  patience_.cancel();
  if (!how)
    return try_next(std::move(how.error()));
  way_found out;
  out.socket = std::move(*how);
  out.way = attempt - 1;
  finish(std::move(out));
}

// -- through a proxy ----------------------------------------------------------

void way_dialer::go_through(const proxy_way& way) {
  auto proxy = with_login(*way.via, way.credentials);
  if (!proxy)
    return try_next(proxy.error());
  if (what_.what == proxy_request::kind::exchange && proxy->speaks_http())
    return reach(*proxy);
  auto host = what_.host.empty() ? to_string(what_.at.ip) : what_.host;
  tunnel_.begin(
    *proxy, host, what_.port, [this, attempt = next_](tunnel_end how) {
      note(how);
      if (how.connection)
        return hear(attempt, std::move(how.connection));
      hear(attempt, std::move(how.why));
    });
}

void way_dialer::note(const tunnel_end& how) {
  if (how.proxy_failed)
    ill_.push_back(next_ - 1);
}

void way_dialer::reach(const upstream_proxy& proxy) {
  if (!login_)
    login_ = std::make_unique<authentication>(
      around_.io, proxy, around_.logins);
  proxy_ = proxy;
  tunnel_.reach(proxy, [this](tunnel_end how) {
    note(how);
    if (how.connection)
      return say_who(std::move(how.connection));
    login_.reset();
    try_next(std::move(how.why));
  });
}

void way_dialer::say_who(fd socket) {
  if (words_)
    return find(std::move(socket), *std::exchange(words_, std::nullopt));
  auto kept = std::make_shared<fd>(std::move(socket));
  login_->begin(
    what_.method, url_, [this, kept](const result<std::string>& said) {
      if (!said)
        return finish(said.error());
      find(std::move(*kept), weigh(*said));
    });
}

/// No socket: it is the connection there is.
void way_dialer::find(fd socket, proxy_words words) {
  way_found out;
  out.socket = std::move(socket);
  out.way = next_ - 1;
  out.to_proxy = true;
  out.words = std::move(words);
  finish(std::move(out));
}

proxy_words way_dialer::weigh(const std::string& credentials) const {
  return {credentials, login_->standing()};
}

/// False: there is no proxy, and that has been said.
bool way_dialer::take_up(
  const proxy_request& what, const std::string& url, taker done) {
  what_ = what;
  url_ = url;
  done_ = std::move(done);
  if (login_ && proxy_)
    return true;
  finish(error{ec::failed, "no proxy has asked"});
  return false;
}

void way_dialer::say(const result<std::string>& credentials) {
  if (!credentials)
    return finish(error{
      credentials.error().code,
      "the proxy " + to_string(*proxy_)
        + " does not let us by: " + credentials.error().text});
  find({}, weigh(*credentials));
}

void way_dialer::renew(
  const proxy_request& what, const std::string& url, taker done) {
  if (take_up(what, url, std::move(done)))
    login_->begin(what_.method, url_, [this](const result<std::string>& said) {
      say(said);
    });
}

void way_dialer::answer(
  const proxy_request& what, const std::string& url,
  const std::vector<std::string>& challenges, bool here, taker done) {
  if (!take_up(what, url, std::move(done)))
    return;
  std::vector<challenge> all;
  for (const auto& each : challenges)
    for (auto& one : parse_challenges(each))
      all.push_back(std::move(one));
  if (!here)
    login_->reconnect();
  login_->answer(
    all, what_.method, url_, [this, here](const result<std::string>& said) {
      if (here || !said)
        return say(said);
      words_ = weigh(*said);
      reach(*proxy_);
    });
}

void way_dialer::succeed() {
  if (login_)
    login_->succeed();
}

} // namespace pier::net
