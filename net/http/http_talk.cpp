#include "net/http/http_talk.hpp"

#include "net/http/connect_client.hpp"
#include "net/http/http_client.hpp"
#include "net/lifeline.hpp"
#include "net/relay/relay_loop.hpp"

#include <boost/asio/post.hpp>

#include <functional>
#include <optional>

namespace pier::net {

namespace {

class http_talk : public proxy_talk {
public:
  http_talk(proxy_talk_parts parts, sink events)
    : parts_(std::move(parts)),
      events_(std::move(events)),
      dialer_(parts_.ways),
      counts_(std::make_shared<http_counts>()) {
    parts_.from->accept(life_.guard([this](result<fd> near) {
      if (near)
        return listen(std::move(*near));
      events_(end_of(near.error()));
    }));
  }

  ~http_talk() override {
    // It dies where it lives.
    if (client_)
      boost::asio::post(
        parts_.thread.io(), [client = std::move(client_)] { client->abort(); });
  }

  void allow(const proxy_course& by) override {
    auto is_same = by == course_;
    course_ = by;
    if (!client_)
      return dial(url_);
    tell_client([is_same](auto& client) { client.allow(is_same); });
  }

  void refuse(const error& why) override {
    if (!client_)
      return turn_away(refusal_of(why));
    tell_client([why = refusal_of(why)](auto& client) { client.refuse(why); });
  }

  traffic bytes() const override {
    traffic out{
      counts_->sent.load(std::memory_order_relaxed),
      counts_->received.load(std::memory_order_relaxed)};
    if (relay_) {
      auto more = relay_->bytes();
      out.sent += more.sent;
      out.received += more.received;
    }
    return out;
  }

private:
  /// A post's handler is copyable.
  static std::shared_ptr<fd> share(fd what) {
    return std::make_shared<fd>(std::move(what));
  }

  static proxy_event end_of(error why) {
    proxy_event out;
    out.why = std::move(why);
    return out;
  }

  template <class What>
  void tell_client(What what) {
    boost::asio::post(
      parts_.thread.io(),
      [client = client_, what = std::move(what)]() mutable { what(*client); });
  }

  /// Runs here what was told there, unless this is gone by then.
  template <class What>
  auto here(What what) {
    return [&io = parts_.runtime.control(),
            guarded = life_.guard(std::move(what))](auto... news) {
      boost::asio::post(io, [guarded, ... its = std::move(news)]() mutable {
        guarded(its...);
      });
    };
  }

  http_client::ears ears() {
    http_client::ears out;
    out.asked = here([this](proxy_request& what) { ask(std::move(what)); });
    out.wants_server = here([this](std::string& url) { dial(url); });
    out.wants_words = here([this](std::string& url) {
      dialer_.renew(asked_, url, [this](result<way_found> how) {
        hear_answered(std::move(how), true);
      });
    });
    out.asked_by = here(
      [this](std::vector<std::string>& all, std::string& url, bool& on) {
        dialer_.answer(asked_, url, all, on, [this, on](result<way_found> how) {
          hear_answered(std::move(how), on);
        });
      });
    auto leave = here(
      [this](std::shared_ptr<fd>& client, std::shared_ptr<fd>& server) {
        join(std::move(*client), std::move(*server));
      });
    out.leaves = [leave](fd client, fd server) {
      leave(share(std::move(client)), share(std::move(server)));
    };
    out.answered = here([this] {
      dialer_.succeed();
      tell(proxy_event::kind::answered);
    });
    out.ended = here([this](ec& why) { events_(end_of({why, {}})); });
    return out;
  }

  // -- a client that asks for a tunnel at once --------------------------------

  void listen(fd near) {
    connect_client::ears told;
    told.asked = [this](const request_head& head) {
      url_ = url_of(head);
      ask(head.what);
    };
    told.other = [this] {
      move_over();
      tell_client([socket = share(first_->take())](auto& client) {
        client.begin(std::move(*socket));
      });
    };
    first_.emplace(parts_.runtime.control(), std::move(near), std::move(told));
    first_->begin();
  }

  void turn_away(const http_refusal& why) {
    move_over();
    tell_client([socket = share(first_->take()), why](auto& client) {
      client.turn_away(std::move(*socket), why);
    });
  }

  void move_over() {
    client_ = std::make_shared<http_client>(parts_.thread, counts_, ears());
  }

  void ask(proxy_request what) {
    asked_ = std::move(what);
    proxy_event news;
    news.news = proxy_event::kind::asked;
    news.what = asked_;
    events_(news);
  }

  // -- ways -------------------------------------------------------------------

  void dial(const std::string& url) {
    dialer_.begin(asked_, url, course_, [this](result<way_found> how) {
      if (!how)
        return fail(how.error());
      proxy_event news;
      news.news = proxy_event::kind::joined;
      news.way = how->way;
      news.ill = dialer_.ill();
      connect(std::move(*how));
      events_(news);
    });
  }

  void connect(way_found found) {
    if (!client_)
      return join(first_->open(), std::move(found.socket));
    http_server_side side{
      std::move(found.socket), found.to_proxy, std::move(found.words)};
    tell_client([all = std::make_shared<http_server_side>(std::move(side))](
                  auto& client) { client.connect(std::move(*all)); });
  }

  void hear_answered(result<way_found> how, bool here) {
    if (!how)
      return fail(how.error());
    if (!here)
      return connect(std::move(*how));
    tell_client(
      [words = std::move(how->words)](auto& client) { client.ask(words); });
  }

  void fail(const error& why) {
    // What the guest does not get by with is no question to the guest.
    refuse(
      why.code == ec::permission_denied ? error{ec::refused, why.text} : why);
    proxy_event news;
    news.news = proxy_event::kind::failed;
    news.why = why;
    news.ill = dialer_.ill();
    events_(news);
  }

  void join(fd client, fd server) {
    relay_ = parts_.runtime.next_relay().join_tcp(
      {std::move(client), std::move(server)}, [this](ec why, traffic) {
        events_(end_of({why, {}}));
      });
  }

  void tell(proxy_event::kind what) {
    proxy_event news;
    news.news = what;
    events_(news);
  }

  proxy_talk_parts parts_;
  sink events_;
  lifeline life_;
  way_dialer dialer_;
  proxy_request asked_;
  proxy_course course_;
  std::shared_ptr<http_counts> counts_;
  /// Asked while `client_` is not there.
  std::optional<connect_client> first_;
  std::string url_;
  std::shared_ptr<http_client> client_;
  std::unique_ptr<relay_loop::relay> relay_;
};

} // namespace

std::unique_ptr<proxy_talk>
make_http_talk(proxy_talk_parts parts, proxy_talk::sink events) {
  return std::make_unique<http_talk>(std::move(parts), std::move(events));
}

} // namespace pier::net
