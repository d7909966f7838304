#include "tools/control/connection.hpp"

#include "config/destination.hpp"
#include "config/host_port_grammar.hpp"
#include "tools/control/metrics_text.hpp"

#include <boost/asio/post.hpp>

#include <unistd.h>

namespace pier::control {

namespace {

constexpr size_t max_unanswered = 64;

json::value to_answer(const result<void>&) {
  return nullptr;
}

json::value to_answer(const result<uint64_t>& left) {
  return json::object{{"left", *left}};
}

json::value to_answer(const result<metrics>& what) {
  return json::value(metrics_text(*what, look_at_process()));
}

template <class T>
json::value to_answer(const result<T>& what) {
  return to_json(*what);
}

} // namespace

connection::connection(
  std::shared_ptr<house> all, channel::socket peer, std::string name,
  bool may_only_look)
  : house_(std::move(all)),
    line_(std::make_shared<channel>(
      std::move(peer), channel::limits{request_limit, 2 * reply_limit})),
    name_(std::move(name)),
    may_only_look_(may_only_look) {}

void connection::start() {
  line_->start(
    [weak = weak_from_this()](std::string_view line) {
      if (auto me = weak.lock())
        me->hear(line);
    },
    [weak = weak_from_this()](const error& why) {
      if (auto me = weak.lock())
        me->gone(why);
    });
}

void connection::hear(std::string_view line) {
  auto asked = decode_request(line);
  ++unanswered_;
  if (!asked.what)
    return answer(asked.id, asked.what.error());
  if (unanswered_ > max_unanswered)
    return answer(
      asked.id, error{ec::exhausted, "64 requests wait for their answer"});
  if (may_only_look_ && !is_for_observers(asked.what->what))
    return answer(
      asked.id,
      error{
        ec::forbidden,
        "\"" + std::string{to_string(asked.what->what)}
          + "\" is for the user of this Pier; [console] observers may look, "
            "and nothing else"});
  obey(std::move(*asked.what));
}

/// The supervisor answers on a thread of its own; the answer comes home by a
/// post, which also keeps us alive until then.
template <class T>
supervisor::reply<T> connection::answer_to(uint64_t id) {
  return [me = shared_from_this(), id](result<T> what) {
    boost::asio::post(me->house_->io, [me, id, what = std::move(what)] {
      if (what)
        me->answer(id, to_answer(what));
      else
        me->answer(id, what.error());
    });
  };
}

void connection::obey(request what) {
  auto& net = house_->behind;
  auto id = what.id;
  switch (what.what) {
    case verb::run:
      return run(std::move(what));
    case verb::wait:
      return net.wait(what.name, answer_to<container_info>(id));
    case verb::stop:
      return net.stop(what.name, answer_to<void>(id));
    case verb::signal:
      return net.signal(what.name, what.number, answer_to<void>(id));
    case verb::publish:
      return net.publish(
        what.name, what.port, answer_to<std::vector<bound_port>>(id));
    case verb::unpublish:
      return net.unpublish(what.name, what.port, answer_to<void>(id));
    case verb::list:
      return net.list(answer_to<std::vector<container_info>>(id));
    case verb::inspect:
      return net.inspect(what.name, answer_to<container_info>(id));
    case verb::flows:
      return net.flows(what.name, answer_to<std::vector<flow_info>>(id));
    case verb::forwards:
      return net.forwards(answer_to<std::vector<forward_info>>(id));
    case verb::tree:
      return net.tree(answer_to<health>(id));
    case verb::fault:
      return net.fault(what.name, answer_to<void>(id));
    case verb::obey:
      return net.obey(what.deed, answer_to<uint64_t>(id));
    case verb::log:
      return net.log_rules(answer_to<std::vector<log_rule>>(id));
    case verb::metrics:
      return net.count(answer_to<metrics>(id));
    case verb::why:
      return why(what);
    case verb::capture:
      return capture(what);
    case verb::audit:
      return net.audit(house_->marks(), answer_to<std::vector<audit_row>>(id));
    case verb::events:
      return follow(std::move(what));
    case verb::version:
      return answer(id, version());
    case verb::settings:
    case verb::reload:
    case verb::weigh:
    case verb::rollback:
      return obey_settings(what);
    default:
      answer(id, json::value{});
      on_shutdown();
  }
}

void connection::why(const request& what) {
  auto& net = house_->behind;
  auto done = answer_to<explanation>(what.id);
  if (what.name.empty()) {
    auto port = config::parse_host_port(what.to);
    return port ? net.why(*port, done) : answer(what.id, port.error());
  }
  auto to = config::parse_destination(what.to);
  return to ? net.why(what.name, *to, done) : answer(what.id, to.error());
}

void connection::follow(request what) {
  if (follower_ && !follower_->has_caught_up())
    return answer(
      what.id, error{ec::bad_request, "other news are on their way already"});
  auto told = [this, id = what.id] { answer(id, json::value{}); };
  follower_.emplace(house_->news, std::move(what.news), told);
  line_->on_room = [weak = weak_from_this()] {
    if (auto me = weak.lock(); me && me->follower_)
      me->follower_->tell(*me->line_);
  };
  follower_->tell(*line_);
}

void connection::obey_settings(const request& what) {
  auto* door = house_->settings;
  auto done = [me = shared_from_this(), id = what.id](
                const result<json::value>& told) { me->answer(id, told); };
  if (door == nullptr)
    return done(error{
      ec::not_supported,
      "the settings of a \"pier run\" without pierd stay as they are"});
  switch (what.what) {
    case verb::reload:
      return door->reload(done);
    case verb::weigh:
      return door->weigh(what.name, done);
    case verb::rollback:
      return door->rollback(static_cast<uint64_t>(what.number), done);
    default:
      done(door->describe());
  }
}

json::value connection::version() const {
  json::array promised;
  for (const auto& name : house_->promised)
    promised.emplace_back(name);
  return json::object{
    {"version", PIER_VERSION},
    {"program", house_->program},
    {"pid", ::getpid()},
    {"host", to_string(house_->host)},
    {"starting", std::move(promised)}};
}

void connection::run(request what) {
  auto id = what.id;
  std::vector<net::fd> stdio;
  if (what.stdio)
    stdio = line_->take_descriptors(3);
  if (house_->ending)
    return answer(id, error{ec::stopped, house_->program + " is ending"});
  if (!house_->takes_runs)
    return answer(
      id,
      error{
        ec::not_supported,
        "this is the supervisor of one command, which "
        "starts no container for others"});
  if (what.stdio && stdio.size() != 3)
    return answer(
      id,
      error{
        ec::bad_request,
        "\"stdio\" takes three descriptors, sent with the request"});
  supervisor::descriptors passed;
  if (what.stdio)
    passed = {stdio[0].get(), stdio[1].get(), stdio[2].get()};
  auto promised = house_->promised.insert(what.spec.name);
  auto started = [me = shared_from_this(), id, promised,
                  hold = what.hold](const result<container_info>& info) {
    me->house_->promised.erase(promised);
    if (!info)
      return me->answer(id, info.error());
    if (hold)
      me->held_.insert(info->name);
    if (hold && me->gone_ && !me->dropped_)
      me->let_go();
    me->answer(id, to_json(*info));
  };
  house_->behind.run(
    std::move(what.spec), passed,
    [me = shared_from_this(), started](result<container_info> info) {
      boost::asio::post(
        me->house_->io, [started, info = std::move(info)] { started(info); });
    });
}

void connection::answer(
  uint64_t id, const result<json::value>& what,
  std::vector<net::fd> descriptors) {
  --unanswered_;
  line_->send(encode_reply(id, what), std::move(descriptors));
  on_settled();
}

void connection::announce(const event& news) {
  if (news.what == event::kind::exited || news.what == event::kind::removed)
    held_.erase(news.container);
  if (follower_)
    follower_->tell(*line_);
}

void connection::gone(const error& why) {
  gone_ = true;
  if (why.code == ec::bad_request) {
    line_->send(encode_reply(0, why));
    line_->close_when_idle();
  }
  let_go();
  on_gone(this);
}

void connection::hang_up() {
  boost::asio::post(house_->io, [me = shared_from_this()] {
    me->line_->close();
    if (!std::exchange(me->gone_, true))
      me->on_gone(me.get());
  });
}

void connection::drop() {
  gone_ = dropped_ = true;
  on_gone = [](const connection*) {};
  on_settled = [] {};
  on_shutdown = [] {};
  line_->close();
}

void connection::let_go() {
  for (const auto& name : std::exchange(held_, {}))
    house_->behind.stop(name, [](result<void>) {});
}

} // namespace pier::control
