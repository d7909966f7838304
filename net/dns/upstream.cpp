#include "net/dns/upstream.hpp"

#include "net/circuit/dialer.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/random.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

namespace pier::net {

namespace {

namespace asio = boost::asio;
using descriptor = asio::posix::stream_descriptor;

constexpr std::chrono::milliseconds head_start{250};
constexpr size_t most_bytes = 65535;

uint16_t random_id() {
  uint16_t id = 0;
  [[maybe_unused]] auto got = ::getrandom(&id, sizeof(id), 0);
  return id;
}

/// One server, one transport.
class attempt {
public:
  attempt(
    asio::io_context& io, const endpoint& server, const dns_bytes& query,
    bool over_tcp, upstream::taker done)
    : io_(io),
      server_(server),
      query_(query),
      over_tcp_(over_tcp),
      done_(std::move(done)),
      dialer_(io) {
    set_id(query_, random_id());
    auto socket = host_socket(
      server.ip.kind(), over_tcp ? SOCK_STREAM : SOCK_DGRAM);
    if (!socket) {
      asio::post(io, [this, why = socket.error(), me = watch()] {
        if (!me.expired())
          done_(why);
      });
      return;
    }
    dialer_.dial(std::move(*socket), server, [this](result<fd> connected) {
      if (!connected)
        return done_(connected.error());
      socket_.emplace(io_, connected->release());
      send();
    });
  }

  const endpoint& server() const noexcept {
    return server_;
  }

private:
  std::weak_ptr<int> watch() const {
    return alive_;
  }

  void send() {
    dns_bytes out;
    if (over_tcp_)
      out = {
        static_cast<uint8_t>(query_.size() >> 8),
        static_cast<uint8_t>(query_.size() & 0xff)};
    out.insert(out.end(), query_.begin(), query_.end());
    // A question fits into any fresh socket's buffer.
    if (
      ::send(socket_->native_handle(), out.data(), out.size(), MSG_NOSIGNAL)
      != static_cast<ssize_t>(out.size()))
      return done_(error{from_errno(errno), "DNS server does not listen"});
    await();
  }

  void await() {
    socket_->async_wait(
      descriptor::wait_read, [this](const boost::system::error_code& why) {
        if (!why)
          read();
      });
  }

  void read() {
    std::array<uint8_t, most_bytes> buffer;
    auto got = ::recv(
      socket_->native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN)
      return await();
    if (got < 0 || (got == 0 && over_tcp_))
      return done_(
        error{got < 0 ? from_errno(errno) : ec::reset, "DNS server hung up"});
    auto size = static_cast<size_t>(got);
    if (!over_tcp_) {
      dns_view reply{buffer.data(), size};
      return is_ours(reply) ? done_(dns_bytes(reply.begin(), reply.end()))
                            : await();
    }
    stream_.insert(stream_.end(), buffer.data(), buffer.data() + size);
    size_t at = 0;
    while (stream_.size() - at >= 2) {
      size_t length = static_cast<size_t>(stream_[at]) << 8 | stream_[at + 1];
      if (stream_.size() - at < 2 + length)
        break;
      auto reply = dns_view{stream_}.subspan(at + 2, length);
      if (is_ours(reply))
        return done_(dns_bytes(reply.begin(), reply.end()));
      at += 2 + length;
    }
    stream_.erase(
      stream_.begin(), stream_.begin() + static_cast<std::ptrdiff_t>(at));
    await();
  }

  /// Whatever is no answer to our question is passed over: more may come.
  bool is_ours(dns_view reply) const {
    return id_of(reply) == id_of(query_) && answers(query_, reply);
  }

  asio::io_context& io_;
  endpoint server_;
  dns_bytes query_;
  bool over_tcp_;
  upstream::taker done_;
  dialer dialer_;
  std::optional<descriptor> socket_;
  dns_bytes stream_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

class race : public upstream::ask {
public:
  race(
    asio::io_context& io, std::vector<endpoint> servers, dns_bytes query,
    bool over_tcp, std::chrono::milliseconds deadline,
    std::shared_ptr<endpoint> favourite, upstream::taker done)
    : io_(io),
      servers_(std::move(servers)),
      query_(std::move(query)),
      over_tcp_(over_tcp),
      favourite_(std::move(favourite)),
      done_(std::move(done)),
      next_start_(io),
      deadline_(io) {
    deadline_.expires_after(deadline);
    deadline_.async_wait([this](const boost::system::error_code& why) {
      if (why || !done_)
        return;
      if (last_resort_)
        finish(std::move(*last_resort_));
      else
        finish(error{ec::timed_out, "no DNS server has answered in time"});
    });
    start_next();
  }

private:
  void start_next() {
    next_start_.cancel();
    if (started_ == servers_.size())
      return;
    begin(servers_[started_++], over_tcp_);
    if (started_ == servers_.size())
      return;
    next_start_.expires_after(head_start);
    next_start_.async_wait([this](const boost::system::error_code& why) {
      if (!why)
        start_next();
    });
  }

  void begin(const endpoint& server, bool over_tcp) {
    auto index = attempts_.size();
    attempts_.push_back(std::make_unique<attempt>(
      io_, server, query_, over_tcp,
      [this, index, over_tcp](result<dns_bytes> reply) {
        hear(index, over_tcp, std::move(reply));
      }));
    ++running_;
  }

  void hear(size_t index, bool over_tcp, result<dns_bytes> reply) {
    --running_;
    if (!done_)
      return; // The race is over; this one comes too late.
    auto server = attempts_[index]->server();
    if (reply && is_truncated(*reply) && !over_tcp) {
      last_resort_ = std::move(*reply);
      return begin(server, true);
    }
    auto good = reply && code_of(*reply) != dns_code::failure
      && code_of(*reply) != dns_code::refused;
    if (good) {
      *favourite_ = server;
      return finish(std::move(*reply));
    }
    if (reply && !last_resort_)
      last_resort_ = std::move(*reply);
    if (!reply)
      why_ = reply.error();
    start_next();
    if (running_ > 0)
      return;
    if (last_resort_)
      finish(std::move(*last_resort_));
    else
      finish(why_);
  }

  /// The callback may destroy this.
  void finish(result<dns_bytes> how) {
    if (how)
      set_id(*how, id_of(query_));
    next_start_.cancel();
    deadline_.cancel();
    auto done = std::exchange(done_, nullptr);
    asio::post(
      io_,
      [done, shared = std::make_shared<result<dns_bytes>>(std::move(how)),
       me = std::weak_ptr<int>{alive_}] {
        if (!me.expired() && done)
          done(std::move(*shared));
      });
  }

  asio::io_context& io_;
  std::vector<endpoint> servers_;
  dns_bytes query_;
  bool over_tcp_;
  std::shared_ptr<endpoint> favourite_;
  upstream::taker done_;
  asio::steady_timer next_start_, deadline_;
  size_t started_ = 0;
  size_t running_ = 0;
  std::vector<std::unique_ptr<attempt>> attempts_;
  std::optional<dns_bytes> last_resort_;
  error why_{ec::refused, "no DNS server answers"};
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

class no_race : public upstream::ask {
public:
  std::shared_ptr<int> alive = std::make_shared<int>(0);
};

} // namespace

upstream::upstream(
  asio::io_context& io, roster servers, std::chrono::milliseconds deadline)
  : io_(io), servers_(std::move(servers)), deadline_(deadline) {}

std::vector<endpoint> upstream::order() const {
  auto out = servers_();
  auto winner = std::find(out.begin(), out.end(), *favourite_);
  if (winner != out.end())
    std::rotate(out.begin(), winner, winner + 1);
  return out;
}

std::unique_ptr<upstream::ask>
upstream::send(dns_bytes query, bool over_tcp, taker done) {
  auto servers = order();
  if (!servers.empty())
    return std::make_unique<race>(
      io_, std::move(servers), std::move(query), over_tcp, deadline_,
      favourite_, std::move(done));
  auto none = std::make_unique<no_race>();
  asio::post(io_, [done, me = std::weak_ptr<int>{none->alive}] {
    if (!me.expired())
      done(error{ec::refused, "the host's resolv.conf names no DNS server"});
  });
  return none;
}

} // namespace pier::net
