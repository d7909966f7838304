#include "net/proxy/tunnel.hpp"

#include "net/proxy/connect_answer.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

namespace pier::net {

namespace {

constexpr size_t longest_name = 253;
/// Of what a proxy says in its pages to those whom it does not let in.
constexpr size_t most_page = 256 << 10;

/// What would be another request, or no request, in a proxy's eyes.
bool is_host(const std::string& text) {
  auto fits = [](unsigned char each) { return each > ' ' && each != 127; };
  return !text.empty() && text.size() <= longest_name
    && std::all_of(text.begin(), text.end(), fits);
}

/// Rather than of what it was asked for.
bool is_of_proxy(ec code) {
  return code == ec::reset || code == ec::bad_request;
}

socks_request request_to(const std::string& host, uint16_t port) {
  auto ip = ip_address::parse(host);
  if (ip)
    return {socks_command::connect, {{*ip, port}, {}}};
  return {socks_command::connect, {{{}, port}, host}};
}

} // namespace

tunnel::tunnel(
  boost::asio::io_context& io, socket_source sockets,
  std::shared_ptr<login_memory> past)
  : io_(io),
    sockets_(std::move(sockets)),
    past_(std::move(past)),
    deadline_(io) {}

void tunnel::begin(
  const upstream_proxy& by, const std::string& host, uint16_t port,
  taker done) {
  host_ = host;
  port_ = port;
  start(by, std::move(done));
}

void tunnel::reach(const upstream_proxy& by, taker done) {
  host_.clear();
  start(by, std::move(done));
}

void tunnel::start(const upstream_proxy& by, taker done) {
  by_ = by;
  done_ = std::move(done);
  words_.reset();
  socks_.reset();
  redialled_ = false;
  if (by_.speaks_http())
    login_ = std::make_unique<authentication>(io_, by_, past_);
  deadline_.expires_after(patience_);
  deadline_.async_wait(life_.guard(
    [this, turn = ++turn_](const boost::system::error_code& stopped) {
      if (!stopped && done_ && turn == turn_)
        fail(ec::timed_out, "it does not answer", !knows_target());
    }));
  // Nobody is called back from inside his own call.
  boost::asio::post(io_, life_.guard([this] {
    if (!done_)
      return;
    if (!host_.empty() && !is_host(host_))
      return fail(ec::bad_request, "that is no name of a host", false);
    approach_proxy();
  }));
}

void tunnel::approach_proxy() {
  asked_ = reused_ = false;
  approach_ = std::make_unique<approach>(io_, sockets_);
  approach_->begin(by_.host, by_.port, [this](result<fd> how) {
    if (!how)
      return fail(how.error().code, how.error().text, true);
    if (by_.scheme == proxy_scheme::https)
      return secure(std::move(*how));
    speak(std::move(*how));
  });
}

void tunnel::secure(fd socket) {
  tls_ = std::make_unique<tls_client>(io_);
  tls_->begin(std::move(socket), by_.host, [this](result<fd> how) {
    if (!how)
      return fail(how.error().code, how.error().text, true);
    speak(std::move(*how));
  });
}

void tunnel::speak(fd socket) {
  stream_ = std::make_unique<handshake_stream>(io_, std::move(socket));
  if (host_.empty())
    return succeed();
  if (!by_.speaks_http())
    return speak_socks();
  http_.emplace(*stream_, most_page);
  if (words_)
    return speak_http(*words_);
  login_->begin(
    "CONNECT", authority(host_, port_),
    [this](const result<std::string>& said) { hear_login(said, true); });
}

// -- SOCKS --------------------------------------------------------------------

void tunnel::speak_socks() {
  socks_.emplace(*stream_, by_);
  auto hear = [this](const result<socks_address>& how) {
    if (how)
      return succeed();
    auto code = how.error().code;
    fail(code, how.error().text, is_of_proxy(code) && !knows_target());
  };
  socks_->ask(request_to(host_, port_), hear);
}

// -- HTTP ---------------------------------------------------------------------

/// `here`: for the connection that there is.
void tunnel::hear_login(const result<std::string>& said, bool here) {
  if (!done_)
    return;
  if (!said)
    return fail(said.error().code, said.error().text, false);
  words_ = *said;
  if (here)
    return speak_http(*words_);
  if (login_->is_bound())
    return fail(
      ec::permission_denied, "it hangs up before it knows who asks", false);
  stream_.reset();
  approach_proxy();
}

void tunnel::speak_http(const std::string& login) {
  auto target = authority(host_, port_);
  auto request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target
    + "\r\nProxy-Connection: Keep-Alive\r\nUser-Agent: pier\r\n";
  if (!login.empty())
    request += "Proxy-Authorization: " + login + "\r\n";
  asked_ = true;
  http_->ask(request + "\r\n", true, [this](result<http_answer> how) {
    if (!how)
      return hear_broken(how.error());
    if (how->status / 100 == 2)
      return succeed();
    if (how->status == 407)
      return hear_challenges(*how);
    auto why = refusal_of(*how);
    fail(why.code, why.text, false);
  });
}

/// A connection that was good for more requests may have been closed just then.
void tunnel::hear_broken(const error& why) {
  auto again = why.code == ec::reset && reused_ && !login_->is_bound();
  if (!again || std::exchange(redialled_, true))
    return fail(why.code, why.text, is_of_proxy(why.code));
  stream_.reset();
  approach_proxy();
}

void tunnel::hear_challenges(const http_answer& from) {
  std::vector<challenge> all;
  auto [first, last] = from.fields.equal_range("Proxy-Authenticate");
  for (auto each = first; each != last; ++each)
    for (auto& one :
         parse_challenges({each->value().data(), each->value().size()}))
      all.push_back(std::move(one));
  auto here = from.keeps_alive;
  if (!here && login_->is_bound())
    return hear_login(std::string{}, false);
  if (!here)
    login_->reconnect();
  reused_ = here;
  login_->answer(
    all, "CONNECT", authority(host_, port_),
    [this, here](const result<std::string>& said) { hear_login(said, here); });
}

// -- the end ------------------------------------------------------------------

bool tunnel::knows_target() const {
  return socks_ ? socks_->has_asked() : asked_;
}

void tunnel::succeed() {
  // Where it was only reached, nothing has been asked of it.
  if (login_ && !host_.empty())
    login_->succeed();
  tunnel_end out;
  out.connection = stream_->release();
  end(std::move(out));
}

void tunnel::fail(ec code, const std::string& why, bool by_proxy) {
  auto name = "the proxy " + to_string(by_);
  auto text = by_proxy
    ? name + " is not to be had: " + why
      + ": is its URL right, and does it run?"
    : name + " does not lead to " + authority(host_, port_) + ": " + why;
  end({{}, {code, std::move(text)}, by_proxy});
}

void tunnel::end(tunnel_end how) {
  deadline_.cancel();
  auto done = std::exchange(done_, nullptr);
  // What is over may have called this: it looks at nothing afterwards. A stream
  // does, at what it has shown.
  approach_.reset();
  tls_.reset();
  if (stream_)
    stream_->release();
  done(std::move(how));
}

} // namespace pier::net
