#include "net/pac/script_fetch.hpp"

#include "messages/upstream_proxy.hpp"
#include "net/pac/wire.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace pier::net {

namespace {

constexpr int most_redirects = 5;

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307
    || status == 308;
}

} // namespace

script_fetch::script_fetch(
  boost::asio::io_context& io, socket_source sockets,
  std::chrono::milliseconds patience)
  : io_(io), sockets_(std::move(sockets)), patience_(patience), deadline_(io) {}

void script_fetch::begin(const script_url& from, taker done) {
  from_ = from;
  done_ = std::move(done);
  redirects_ = 0;
  deadline_.expires_after(patience_);
  deadline_.async_wait(life_.guard(
    [this, turn = ++turn_](const boost::system::error_code& stopped) {
      if (!stopped && done_ && turn == turn_)
        fail(ec::timed_out, "its server does not answer");
    }));
  boost::asio::post(io_, life_.guard([this] {
    if (done_)
      approach_server();
  }));
}

void script_fetch::approach_server() {
  stream_.reset();
  approach_ = std::make_unique<approach>(io_, sockets_);
  approach_->begin(from_.host, from_.port, [this](result<fd> how) {
    if (!how)
      return fail(how.error().code, how.error().text);
    if (!from_.secure)
      return request(std::move(*how));
    tls_ = std::make_unique<tls_client>(io_);
    tls_->begin(std::move(*how), from_.host, [this](result<fd> secured) {
      if (!secured)
        return fail(secured.error().code, secured.error().text);
      request(std::move(*secured));
    });
  });
}

void script_fetch::request(fd socket) {
  stream_ = std::make_unique<handshake_stream>(io_, std::move(socket));
  http_.emplace(*stream_, max_pac_script);
  auto text = "GET " + from_.path
    + " HTTP/1.1\r\nHost: " + authority(from_.host, from_.port)
    + "\r\nUser-Agent: pier\r\nAccept: application/x-ns-proxy-autoconfig, "
      "*/*\r\nConnection: close\r\n\r\n";
  http_->ask(text, false, [this](const result<http_answer>& how) {
    if (!how)
      return fail(how.error().code, how.error().text);
    hear(*how);
  });
}

void script_fetch::hear(const http_answer& answer) {
  if (is_redirect(answer.status)) {
    if (++redirects_ > most_redirects)
      return fail(ec::bad_request, "it leads on more than five times");
    auto next = redirected(from_, answer.field("Location"));
    if (!next)
      return fail(ec::bad_request, "it leads on to " + next.error().text);
    // What was to come by TLS does not come without.
    if (from_.secure && !next->secure)
      return fail(ec::forbidden, "it leads from https to http");
    from_ = std::move(*next);
    // The exchange that has called is not over yet.
    return boost::asio::post(io_, life_.guard([this] {
      if (done_)
        approach_server();
    }));
  }
  if (answer.status != 200)
    return fail(
      ec::host_unreachable, "its server says " + std::to_string(answer.status));
  if (answer.body.empty())
    return fail(ec::bad_request, "it is empty");
  end(answer.body);
}

void script_fetch::fail(ec code, const std::string& why) {
  end(error{
    code, "the PAC script " + to_string(from_) + " cannot be loaded: " + why});
}

void script_fetch::end(result<std::string> how) {
  deadline_.cancel();
  approach_.reset();
  tls_.reset();
  if (stream_)
    stream_->release();
  std::exchange(done_, nullptr)(std::move(how));
}

} // namespace pier::net
