#include "net/http/led_talk.hpp"

#include "net/http/first_words.hpp"
#include "net/lifeline.hpp"
#include "net/readiness.hpp"
#include "net/relay/relay_loop.hpp"
#include "net/socket_address.hpp"
#include "net/stream_options.hpp"

#include <boost/asio/steady_timer.hpp>

#include <sys/socket.h>

#include <vector>

namespace pier::net {

namespace {

constexpr std::chrono::milliseconds silence{300};
/// From the first byte to a name.
constexpr std::chrono::seconds speech{5};

class led_talk : public proxy_talk {
public:
  led_talk(proxy_talk_parts parts, sink events)
    : parts_(std::move(parts)),
      events_(std::move(events)),
      dialer_(parts_.ways),
      patience_(parts_.runtime.control()) {
    parts_.from->accept(life_.guard([this](result<fd> near) {
      if (!near)
        return tell(proxy_event::kind::ended, near.error());
      near_ = std::move(*near);
      wait(silence);
      listen(1);
    }));
  }

  ~led_talk() override {
    reset_near();
  }

  void allow(const proxy_course& by) override {
    dialer_.begin(asked_, {}, by, [this](result<way_found> how) {
      if (!how) {
        reset_near();
        return tell(proxy_event::kind::failed, how.error());
      }
      relay_ = parts_.runtime.next_relay().join_tcp(
        {std::move(near_), std::move(how->socket)}, [this](ec why, traffic) {
          tell(proxy_event::kind::ended, {why, {}});
        });
      proxy_event news;
      news.news = proxy_event::kind::joined;
      news.way = how->way;
      news.ill = dialer_.ill();
      events_(news);
    });
  }

  void refuse(const error& why) override {
    reset_near();
    tell(proxy_event::kind::ended, why);
  }

  traffic bytes() const override {
    return relay_ ? relay_->bytes() : traffic{};
  }

private:
  /// Until there are so many bytes, or no more will come.
  void listen(size_t bytes) {
    auto mark = static_cast<int>(bytes);
    ::setsockopt(near_.get(), SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof(mark));
    auto& loop = readiness::of(parts_.runtime.control());
    wait_ = loop.await(
      near_.get(), readiness::want::read, [this, bytes](bool) { look(bytes); });
  }

  void look(size_t expected) {
    std::vector<uint8_t> some(most_first_words);
    auto got = ::recv(
      near_.get(), some.data(), some.size(), MSG_PEEK | MSG_DONTWAIT);
    if (got < 0) {
      reset_near();
      return tell(proxy_event::kind::ended, {ec::reset, {}});
    }
    some.resize(static_cast<size_t>(got));
    auto words = read_first_words(some);
    // Fewer than were waited for: the client says no more.
    auto is_all = some.size() < expected;
    if (words.what == first_words::kind::incomplete && !is_all) {
      if (expected == 1)
        wait(speech);
      return listen(some.size() + 1);
    }
    ask(words);
  }

  void wait(std::chrono::milliseconds time) {
    patience_.expires_after(time);
    patience_.async_wait(
      life_.guard([this](const boost::system::error_code& why) {
        if (!why && near_ && !is_asked_)
          ask({first_words::kind::unknown, {}});
      }));
  }

  void ask(const first_words& words) {
    is_asked_ = true;
    wait_ = {};
    patience_.cancel();
    auto usual = 1;
    ::setsockopt(near_.get(), SOL_SOCKET, SO_RCVLOWAT, &usual, sizeof(usual));
    readiness::of(parts_.runtime.control()).part(near_.get());
    socket_address to;
    ::getsockname(near_.get(), to.data(), &to.size);
    asked_.what = proxy_request::kind::transparent;
    asked_.at = from_kernel(to);
    asked_.host = words.host;
    asked_.port = asked_.at.port;
    asked_.method = words.what == first_words::kind::tls ? "TLS"
      : words.what == first_words::kind::http            ? "HTTP"
                                                         : "TCP";
    proxy_event news;
    news.news = proxy_event::kind::asked;
    news.what = asked_;
    events_(news);
  }

  void reset_near() {
    if (near_)
      reset_on_close(near_.get());
    wait_ = {};
    near_.reset();
  }

  void tell(proxy_event::kind what, error why) {
    proxy_event news;
    news.news = what;
    news.why = std::move(why);
    if (what == proxy_event::kind::failed)
      news.ill = dialer_.ill();
    events_(news);
  }

  proxy_talk_parts parts_;
  sink events_;
  way_dialer dialer_;
  boost::asio::steady_timer patience_;
  proxy_request asked_;
  bool is_asked_ = false;
  std::unique_ptr<relay_loop::relay> relay_;
  fd near_;
  readiness::wait wait_; // ends before its socket does
  lifeline life_;
};

} // namespace

std::unique_ptr<proxy_talk>
make_led_talk(proxy_talk_parts parts, proxy_talk::sink events) {
  return std::make_unique<led_talk>(std::move(parts), std::move(events));
}

} // namespace pier::net
