#include "net/dns/upstream.hpp"

#include "net/dns/attempt.hpp"
#include "net/lifeline.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <optional>

namespace pier::net {

namespace {

namespace asio = boost::asio;

constexpr std::chrono::milliseconds head_start{250};
constexpr size_t most_favourites = 256;

class race : public upstream::ask {
public:
  race(
    asio::io_context& io, const endpoint& named_first,
    std::vector<endpoint> servers, dns_bytes query, bool over_tcp,
    std::chrono::milliseconds deadline, std::shared_ptr<upstream::memory> past,
    upstream::taker done)
    : io_(io),
      named_first_(named_first),
      servers_(std::move(servers)),
      query_(std::move(query)),
      over_tcp_(over_tcp),
      past_(std::move(past)),
      done_(std::move(done)),
      next_start_(io),
      deadline_(io) {
    deadline_.expires_after(deadline);
    deadline_.async_wait(
      life_.guard([this](const boost::system::error_code& why) {
        if (why || !done_)
          return;
        if (last_resort_)
          finish(std::move(*last_resort_));
        else
          finish(error{ec::timed_out, "no DNS server has answered in time"});
      }));
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
    next_start_.async_wait(
      life_.guard([this](const boost::system::error_code& why) {
        if (!why)
          start_next();
      }));
  }

  void begin(const endpoint& server, bool over_tcp) {
    auto index = attempts_.size();
    auto query = query_;
    set_id(query, past_->ids.next());
    attempts_.push_back(std::make_unique<attempt>(
      io_, server, std::move(query), over_tcp,
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
      remember(server);
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

  void remember(const endpoint& winner) {
    auto& all = past_->favourites;
    const auto& first = named_first_;
    if (winner == first)
      all.erase(first);
    else if (all.size() < most_favourites || all.contains(first))
      all[first] = winner;
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
  endpoint named_first_;
  std::vector<endpoint> servers_;
  dns_bytes query_;
  bool over_tcp_;
  std::shared_ptr<upstream::memory> past_;
  upstream::taker done_;
  asio::steady_timer next_start_, deadline_;
  size_t started_ = 0;
  size_t running_ = 0;
  std::vector<std::unique_ptr<attempt>> attempts_;
  lifeline life_;
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

void upstream::put_in_order(std::vector<endpoint>& servers) const {
  auto found = past_->favourites.find(servers.front());
  if (found == past_->favourites.end())
    return;
  auto winner = std::find(servers.begin(), servers.end(), found->second);
  if (winner != servers.end())
    std::rotate(servers.begin(), winner, winner + 1);
}

std::unique_ptr<upstream::ask> upstream::send(
  std::vector<endpoint> servers, dns_bytes query, bool over_tcp, taker done) {
  if (!servers.empty()) {
    auto first = servers.front();
    put_in_order(servers);
    return std::make_unique<race>(
      io_, first, std::move(servers), std::move(query), over_tcp, deadline_,
      past_, std::move(done));
  }
  auto none = std::make_unique<no_race>();
  asio::post(io_, [done, me = std::weak_ptr<int>{none->alive}] {
    if (!me.expired())
      done(error{ec::refused, "the host's resolv.conf names no DNS server"});
  });
  return none;
}

} // namespace pier::net
