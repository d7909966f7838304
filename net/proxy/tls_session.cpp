#include "net/proxy/tls_session.hpp"

#include "messages/address.hpp"
#include "net/stream_options.hpp"

#include <boost/asio/post.hpp>

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace pier::net {

namespace {

/// Of both directions, before other connections have their turn.
constexpr int rounds_a_turn = 16;

bool has_hung_up(int socket) {
  pollfd end{socket, 0, 0};
  return ::poll(&end, 1, 0) == 1 && (end.revents & POLLHUP) != 0;
}

} // namespace

tls_session::tls_session(
  boost::asio::io_context& io, SSL_CTX* by, fd peer, fd ours,
  const std::string& host, secured then)
  : peer_(io, peer.release()),
    ours_(io, ours.release()),
    tls_(by == nullptr ? nullptr : ::SSL_new(by), ::SSL_free),
    host_(host),
    then_(std::move(then)) {
  if (!tls_)
    return;
  ::SSL_set_fd(tls_.get(), peer_.native_handle());
  ::SSL_set_connect_state(tls_.get());
  auto* must_be = ::SSL_get0_param(tls_.get());
  if (ip_address::parse(host)) {
    ::X509_VERIFY_PARAM_set1_ip_asc(must_be, host.c_str());
  } else {
    ::X509_VERIFY_PARAM_set1_host(must_be, host.data(), host.size());
    ::X509_VERIFY_PARAM_set_hostflags(
      must_be, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // What SSL_set_tlsext_host_name is, which casts in C's way.
    ::SSL_ctrl(
      tls_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
      const_cast<char*>(host.c_str())); // NOLINT
  }
}

tls_session::~tls_session() = default;

void tls_session::start() {
  if (!tls_)
    return tell({ec::exhausted, "there is no memory for TLS"});
  ours_.async_wait(
    descriptor::wait_error,
    [me = shared_from_this()](const boost::system::error_code& why) {
      if (why || me->over_)
        return;
      me->hung_up_ = true;
      me->pump();
    });
  pump();
}

void tls_session::pump() {
  if (over_)
    return;
  for (int round = 0; round < rounds_a_turn; ++round) {
    wants_read_ = wants_write_ = false;
    auto moved = is_secure_ ? pump_up() : shake_hands();
    if (is_secure_ && !over_)
      moved = pump_down() || moved;
    if (over_)
      return;
    if (up_.done && down_.done)
      return end(false);
    // There is nobody any more whom the server could tell something.
    if (hung_up_ && (!is_secure_ || (up_.ended && !down_.ended)))
      return end(true);
    if (!moved)
      return arm();
  }
  boost::asio::post(
    ours_.get_executor(), [me = shared_from_this()] { me->pump(); });
}

/// What OpenSSL waits for, if it waits. False: it has failed.
bool tls_session::judge(int returned) {
  switch (::SSL_get_error(tls_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
      wants_read_ = true;
      return true;
    case SSL_ERROR_WANT_WRITE:
      wants_write_ = true;
      return true;
    default:
      return false;
  }
}

bool tls_session::shake_hands() {
  ::ERR_clear_error();
  auto how = ::SSL_do_handshake(tls_.get());
  if (how == 1) {
    is_secure_ = true;
    tell({ec::ok, {}});
    return true;
  }
  if (!judge(how))
    fail_handshake();
  return false;
}

void tls_session::fail_handshake() {
  auto number = errno;
  auto verdict = ::SSL_get_verify_result(tls_.get());
  auto code = ::ERR_peek_last_error();
  error why{ec::reset, "it has hung up in the middle of the TLS handshake"};
  if (verdict != X509_V_OK)
    why = {
      ec::permission_denied,
      "its certificate is no good for " + host_ + ": "
        + ::X509_verify_cert_error_string(verdict)
        + "; if it is a company's own, add its authority to this host's"};
  else if (
    code != 0 && ERR_GET_LIB(code) == ERR_LIB_SSL
    && ERR_GET_REASON(code) != SSL_R_UNEXPECTED_EOF_WHILE_READING)
    why = {
      ec::bad_request,
      std::string{"the TLS handshake with it has failed: "}
        + ::ERR_reason_error_string(code)};
  else if (code == 0 && number == ETIMEDOUT)
    why.code = ec::timed_out;
  tell(why);
  end(false);
}

bool tls_session::pump_up() {
  auto moved = false;
  if (up_.is_empty() && !up_.ended) {
    auto count = ::recv(
      ours_.native_handle(), up_.bytes.data(), up_.bytes.size(), MSG_DONTWAIT);
    if (count > 0) {
      up_.begin = 0;
      up_.end = static_cast<size_t>(count);
      moved = true;
    } else if (count == 0) {
      up_.ended = moved = true;
      hung_up_ = hung_up_ || has_hung_up(ours_.native_handle());
    } else if (errno != EAGAIN && errno != EINTR) {
      end(true);
      return false;
    }
  }
  ::ERR_clear_error();
  if (!up_.is_empty()) {
    auto count = ::SSL_write(
      tls_.get(), up_.bytes.data() + up_.begin,
      static_cast<int>(up_.end - up_.begin));
    if (count > 0) {
      up_.begin += static_cast<size_t>(count);
      return true;
    }
    if (!judge(count))
      end(true);
    return moved;
  }
  if (up_.ended && !up_.done) {
    // Negative: its alert does not fit into the socket yet.
    auto how = ::SSL_shutdown(tls_.get());
    up_.done = how >= 0 || !judge(how);
    moved = moved || up_.done;
  }
  return moved;
}

bool tls_session::pump_down() {
  auto moved = false;
  if (down_.is_empty() && !down_.ended) {
    ::ERR_clear_error();
    auto count = ::SSL_read(
      tls_.get(), down_.bytes.data(), static_cast<int>(down_.bytes.size()));
    if (count > 0) {
      down_.begin = 0;
      down_.end = static_cast<size_t>(count);
      moved = true;
    } else if (::SSL_get_error(tls_.get(), count) == SSL_ERROR_ZERO_RETURN) {
      down_.ended = moved = true;
    } else if (!judge(count)) {
      end(true);
      return false;
    }
  }
  if (!down_.is_empty()) {
    auto count = ::send(
      ours_.native_handle(), down_.bytes.data() + down_.begin,
      down_.end - down_.begin, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) {
      down_.begin += static_cast<size_t>(count);
      return true;
    }
    if (errno != EAGAIN && errno != EINTR)
      end(true);
    return moved;
  }
  if (down_.ended && !down_.done) {
    ::shutdown(ours_.native_handle(), SHUT_WR);
    down_.done = moved = true;
  }
  return moved;
}

void tls_session::arm() {
  if (wants_read_)
    await(peer_, descriptor::wait_read, awaits_peer_read_);
  if (wants_write_)
    await(peer_, descriptor::wait_write, awaits_peer_write_);
  if (!is_secure_)
    return;
  if (up_.is_empty() && !up_.ended)
    await(ours_, descriptor::wait_read, awaits_ours_read_);
  if (!down_.is_empty())
    await(ours_, descriptor::wait_write, awaits_ours_write_);
}

void tls_session::await(
  descriptor& at, descriptor::wait_type what, bool& waits) {
  if (std::exchange(waits, true))
    return;
  // The flag is a member: it lives as long as what holds it here.
  at.async_wait(
    what,
    [me = shared_from_this(), &waits](const boost::system::error_code& why) {
      waits = false;
      if (!why)
        me->pump();
    });
}

void tls_session::tell(const error& why) {
  if (auto then = std::exchange(then_, nullptr))
    then(why);
}

void tls_session::end(bool reset) {
  if (std::exchange(over_, true))
    return;
  if (reset)
    reset_on_close(peer_.native_handle());
  tell({ec::stopped, "nobody waits for it any more"});
  boost::system::error_code ignored;
  static_cast<void>(peer_.close(ignored));
  static_cast<void>(ours_.close(ignored));
}

} // namespace pier::net
