#include "net/console/bridge.hpp"

#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/write.hpp>

namespace pier::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

error hung_up(const error_code& why) {
  return {ec::stopped, "it has hung up: " + why.message()};
}

} // namespace

bridge::bridge(
  asio::io_context& io, std::unique_ptr<console_stream> client, limits bounds)
  : client_(std::move(client)),
    ours_(io),
    introduction_(io),
    standstill_(io),
    limits_(bounds) {}

void bridge::start() {
  introduction_.expires_after(limits_.introduction);
  introduction_.async_wait(
    [me = shared_from_this()](const error_code& stopped) {
      if (!stopped)
        me->end({ec::timed_out, "it has not introduced itself in time"});
    });
  client_->identify(
    [me = shared_from_this()](const error_code& why, std::string name) {
      if (me->over_)
        return;
      if (why)
        return me->end({ec::permission_denied, why.message()});
      me->introduce(std::move(name));
    });
}

void bridge::introduce(std::string name) {
  known_ = true;
  if (!limits_.gated)
    introduction_.cancel();
  asio::local::stream_protocol::socket theirs{ours_.get_executor()};
  error_code why;
  asio::local::connect_pair(ours_, theirs, why);
  if (!why)
    theirs.native_non_blocking(true, why);
  net::fd handed{why ? -1 : theirs.release(why)};
  if (why)
    return end({ec::exhausted, "no socket for it: " + why.message()});
  read_client();
  read_ours();
  if (on_known)
    on_known(std::move(name), std::move(handed));
}

void bridge::read_client() {
  client_->read(
    asio::buffer(from_client_),
    [me = shared_from_this()](const error_code& why, size_t count) {
      if (me->over_)
        return;
      if (why)
        return me->end(hung_up(why));
      if (!me->admit({me->from_client_.data(), count}))
        return;
      asio::async_write(
        me->ours_, asio::buffer(me->passed_),
        [me](const error_code& failed, size_t) {
          if (failed)
            return me->end({ec::stopped, "its actor has ended"});
          me->read_client();
        });
    });
}

bool bridge::admit(std::string_view bytes) {
  passed_.clear();
  if (!limits_.gated) {
    passed_.append(bytes);
    return true;
  }
  if (auto good = gate_.pass(bytes, passed_); !good) {
    end(good.error());
    return false;
  }
  if (gate_.greeted())
    introduction_.cancel();
  return true;
}

void bridge::read_ours() {
  ours_.async_read_some(
    asio::buffer(from_ours_),
    [me = shared_from_this()](const error_code& why, size_t count) {
      if (me->over_)
        return;
      if (why)
        return me->end({ec::stopped, "its actor has ended"});
      me->unread_ += count;
      if (me->unread_ > me->limits_.unread)
        return me->end({ec::exhausted, "it leaves too much unread"});
      me->outbox_.emplace_back(me->from_ours_.data(), count);
      if (me->outbox_.size() == 1) {
        me->await_progress();
        me->write_client();
      }
      me->read_ours();
    });
}

void bridge::write_client() {
  auto rest = asio::buffer(outbox_.front()) + sent_;
  client_->write(
    rest, [me = shared_from_this()](const error_code& why, size_t count) {
      if (me->over_)
        return;
      if (why)
        return me->end(hung_up(why));
      me->sent_ += count;
      me->unread_ -= count;
      if (me->sent_ == me->outbox_.front().size()) {
        me->outbox_.pop_front();
        me->sent_ = 0;
      }
      me->standstill_.cancel();
      if (me->outbox_.empty())
        return;
      me->await_progress();
      me->write_client();
    });
}

void bridge::await_progress() {
  standstill_.expires_after(limits_.standstill);
  standstill_.async_wait([me = shared_from_this()](const error_code& stopped) {
    if (!stopped)
      me->end({ec::timed_out, "it reads nothing any more"});
  });
}

void bridge::end(const error& why) {
  if (over_)
    return;
  close();
  if (on_end)
    on_end(why);
}

void bridge::close() {
  over_ = true;
  introduction_.cancel();
  standstill_.cancel();
  client_->close();
  error_code ignored;
  ours_.close(ignored);
}

} // namespace pier::net
