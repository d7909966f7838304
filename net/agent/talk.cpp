#include "net/agent/talk.hpp"

#include "net/agent/host_agent.hpp"
#include "net/agent/wire.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <sys/socket.h>

#include <cstdlib>
#include <utility>

namespace pier::net {

namespace {

namespace asio = boost::asio;
using unix_socket = asio::local::stream_protocol::socket;

std::string from_environment(const char* name) {
  const auto* value = std::getenv(name);
  return value == nullptr ? std::string{} : value;
}

int process_of(int socket) {
  ucred peer{};
  socklen_t size = sizeof(peer);
  auto told = ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size);
  return told == 0 ? peer.pid : 0;
}

/// Kept by what it waits for, so that its buffers outlive each wait.
class talk : public std::enable_shared_from_this<talk> {
public:
  talk(asio::io_context& io, fd client, agent_talk::sink events)
    : client_(io),
      agent_(io),
      sink_(std::move(events)),
      process_(process_of(client.get())) {
    client_.assign(asio::local::stream_protocol{}, client.release());
  }

  void begin() {
    read(client_, [](talk& me, bool whole) {
      if (!whole)
        return me.tell({agent_event::kind::ended, {}, me.process_, {}});
      me.asked_ = read_agent_request(me.message_);
      me.tell({agent_event::kind::asked, me.asked_, me.process_, {}});
    });
  }

  void allow(const ssh_agent_terms& on) {
    keys_ = on.keys;
    if (!agent_.is_open()) {
      auto found = dial_agent(agent_places(on.socket, from_environment));
      if (!found) {
        tell({agent_event::kind::unreachable, asked_, process_, found.error()});
        return refuse();
      }
      agent_.assign(asio::local::stream_protocol{}, found->release());
    }
    write(agent_, [](talk& me, bool sent) {
      if (!sent)
        return me.lose_agent();
      me.read(me.agent_, [](talk& self, bool whole) {
        if (whole)
          self.answer();
        else
          self.lose_agent();
      });
    });
  }

  void refuse() {
    message_ = agent_failure();
    write(client_, [](talk& me, bool sent) {
      if (sent)
        me.begin();
      else
        me.tell({agent_event::kind::ended, {}, me.process_, {}});
    });
  }

  void drop() {
    sink_ = nullptr;
    boost::system::error_code ignored;
    static_cast<void>(client_.close(ignored));
    static_cast<void>(agent_.close(ignored));
  }

private:
  using next = void (*)(talk&, bool good);

  void answer() {
    if (asked_.what == agent_request::kind::list && !keys_.empty()) {
      auto kept = keep_keys(message_, keys_);
      if (!kept)
        return lose_agent();
      message_ = std::move(*kept);
    }
    write(client_, [](talk& me, bool sent) {
      if (sent)
        me.begin();
      else
        me.tell({agent_event::kind::ended, {}, me.process_, {}});
    });
  }

  void lose_agent() {
    boost::system::error_code ignored;
    static_cast<void>(agent_.close(ignored));
    tell(
      {agent_event::kind::unreachable,
       asked_,
       process_,
       {ec::reset, "the SSH agent has hung up before it answered"}});
    refuse();
  }

  void tell(const agent_event& news) {
    if (auto sink = sink_)
      sink(news);
  }

  /// A whole message, into `message_`.
  void read(unix_socket& from, next then) {
    message_.resize(agent_head);
    asio::async_read(
      from, asio::buffer(message_),
      [me = shared_from_this(), &from, then](const auto& why, size_t) {
        auto size = why ? 0 : agent_message_size(me->message_).value_or(0);
        if (size == 0)
          return me->go_on(then, false);
        me->message_.resize(size);
        asio::async_read(
          from, asio::buffer(me->message_) + agent_head,
          [me, then](const auto& wrong, size_t) { me->go_on(then, !wrong); });
      });
  }

  void write(unix_socket& to, next then) {
    asio::async_write(
      to, asio::buffer(message_),
      [me = shared_from_this(), then](const auto& why, size_t) {
        me->go_on(then, !why);
      });
  }

  void go_on(next then, bool good) {
    if (sink_)
      then(*this, good);
  }

  unix_socket client_;
  unix_socket agent_;
  agent_talk::sink sink_;
  int process_;
  agent_bytes message_;
  agent_request asked_;
  std::vector<std::string> keys_;
};

/// What the actor holds.
class held_talk : public agent_talk {
public:
  explicit held_talk(std::shared_ptr<talk> what) : talk_(std::move(what)) {}
  held_talk(const held_talk&) = delete;
  held_talk& operator=(const held_talk&) = delete;
  ~held_talk() override {
    talk_->drop();
  }

  void allow(const ssh_agent_terms& on) override {
    talk_->allow(on);
  }
  void refuse() override {
    talk_->refuse();
  }

private:
  std::shared_ptr<talk> talk_;
};

} // namespace

std::unique_ptr<agent_talk> make_agent_talk(
  boost::asio::io_context& io, fd client, agent_talk::sink events) {
  auto made = std::make_shared<talk>(io, std::move(client), std::move(events));
  made->begin();
  return std::make_unique<held_talk>(std::move(made));
}

} // namespace pier::net
