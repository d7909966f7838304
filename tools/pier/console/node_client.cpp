#include "tools/pier/console/node_client.hpp"

#include "actors/runtime/refusal.hpp"
#include "net/lifeline.hpp"
#include "tools/pier/console/homeward.hpp"

#include <caf/all.hpp>

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <map>

namespace pier::cli {

namespace asio = boost::asio;
namespace json = control::json;

namespace {

using control::verb;

error hung_up() {
  return {ec::stopped, "the daemon has hung up"};
}

error refusal_of(const caf::error& why) {
  if (
    why == caf::exit_reason::remote_link_unreachable
    || why == caf::sec::request_receiver_down
    || why == caf::exit_reason::user_shutdown)
    return hung_up();
  return actors::from_caf(why);
}

json::value to_answer(const done_t&) {
  return nullptr;
}

template <class T>
json::value to_answer(const T& what) {
  return control::to_json(what);
}

/// Role: the requests on their way, on the loop of a command.
class node_client : public control::client {
public:
  node_client(
    asio::io_context& io, nodes& all, const node& whom, bool interruptible)
    : client(io),
      all_(all),
      whom_(whom),
      home_(std::make_shared<homeward>(io)) {
    if (!interruptible)
      return;
    interrupts_.emplace(io, SIGINT);
    interrupts_->async_wait(life_.guard([this](const auto& stopped, int) {
      if (!stopped)
        answer_all({ec::stopped, "interrupted"});
    }));
  }

  ~node_client() override {
    home_->leave();
    if (follower_)
      caf::anon_send_exit(follower_, caf::exit_reason::user_shutdown);
  }

  void ask(
    control::request what, answer done,
    const std::vector<int>& descriptors) override {
    what.id = ++last_id_;
    waiting_[what.id] = std::move(done);
    if (!descriptors.empty())
      return post_refusal(
        what.id,
        {ec::not_supported,
         "a console has no descriptors to hand over: \"run -d\" works here"});
    put(what);
  }

private:
  /// The console's own messages, where an actor answers.
  void put(const control::request& what) {
    const auto& name = what.name;
    switch (what.what) {
      case verb::tree:
        return put<health>(what.id, atom::survey::value);
      case verb::list:
        return put<std::vector<container_info>>(what.id, atom::list::value);
      case verb::inspect:
        return put<container_info>(what.id, atom::inspect::value, name);
      case verb::flows:
        return put<std::vector<flow_info>>(what.id, atom::flows::value, name);
      case verb::forwards:
        return put<std::vector<forward_info>>(what.id, atom::enumerate::value);
      case verb::wait:
        return put<container_info>(what.id, atom::wait::value, name);
      case verb::stop:
        return put<done_t>(what.id, atom::stop::value, name);
      case verb::signal:
        return put<done_t>(what.id, atom::signal::value, name, what.number);
      case verb::publish:
        return put<std::vector<bound_port>>(
          what.id, atom::publish::value, name, what.port);
      case verb::unpublish:
        return put<done_t>(what.id, atom::unpublish::value, name, what.port);
      case verb::fault:
        return put<done_t>(what.id, atom::fault::value, name);
      case verb::events:
        follow();
        [[fallthrough]];
      default:
        convey(what);
    }
  }

  template <class T, class... Ts>
  void put(uint64_t id, const Ts&... words) {
    request<T>(
      [this, id](const T& told) { reply(id, to_answer(told)); }, id, words...);
  }

  void convey(const control::request& what) {
    auto id = what.id;
    request<std::string>(
      [this, id](const std::string& line) {
        auto said = control::decode_message(line);
        reply(id, said ? said->answer : said.error());
      },
      id, atom::convey::value, control::encode(what));
  }

  /// Asks in the actor system, and brings the answer to the loop.
  template <class T, class Good, class... Ts>
  void request(Good then, uint64_t id, const Ts&... words) {
    auto good = life_.guard(then);
    auto bad = life_.guard([this, id](const error& why) { reply(id, why); });
    all_.system().spawn([to = whom_.handle, home = home_, good, bad,
                         words...](caf::event_based_actor* self) {
      // CAF says nothing to whoever asked a node that is gone.
      self->monitor(to);
      self->set_down_handler([self, home, bad](const caf::down_msg&) {
        home->post([bad]() mutable { bad(hung_up()); });
        self->quit();
      });
      self->request(to, caf::infinite, words...)
        .then(
          [self, home, good](const T& told) {
            home->post([good, told]() mutable { good(told); });
            self->quit();
          },
          [self, home, bad](const caf::error& why) {
            home->post([bad, why = refusal_of(why)]() mutable { bad(why); });
            self->quit();
          });
    });
  }

  void follow() {
    if (follower_)
      return;
    auto heard = life_.guard([this](const event& news) {
      if (on_event)
        on_event(news);
    });
    auto lost = life_.guard([this] {
      if (on_hang_up)
        on_hang_up();
    });
    follower_ = all_.system().spawn(
      [to = whom_.handle, home = home_, heard,
       lost](caf::event_based_actor* self) -> caf::behavior {
        self->set_default_handler(caf::drop);
        self->monitor(to);
        self->set_down_handler(
          [home, lost](const caf::down_msg&) { home->post(lost); });
        return {[home, heard](atom::happened, const event& news) {
          home->post([heard, news]() mutable { heard(news); });
        }};
      });
    caf::anon_send(whom_.handle, atom::follow::value, follower_);
  }

  void reply(uint64_t id, const result<json::value>& what) {
    auto found = waiting_.find(id);
    if (found == waiting_.end())
      return;
    auto done = std::move(found->second);
    waiting_.erase(found);
    done(what);
  }

  void post_refusal(uint64_t id, const error& why) {
    home_->post(life_.guard([this, id, why] { reply(id, why); }));
  }

  void answer_all(const error& why) {
    for (auto& [id, done] : std::exchange(waiting_, {}))
      done(why);
  }

  nodes& all_;
  node whom_;
  std::shared_ptr<homeward> home_;
  std::optional<asio::signal_set> interrupts_;
  std::map<uint64_t, answer> waiting_;
  uint64_t last_id_ = 0;
  caf::actor follower_;
  net::lifeline life_;
};

} // namespace

std::unique_ptr<control::client> make_node_client(
  asio::io_context& io, nodes& all, const node& whom, bool interruptible) {
  return std::make_unique<node_client>(io, all, whom, interruptible);
}

} // namespace pier::cli
