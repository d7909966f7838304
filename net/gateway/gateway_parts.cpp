#include "net/gateway/gateway_parts.hpp"

#include "net/stream_options.hpp"

#include <boost/asio/post.hpp>

#include <string>
#include <utility>

namespace pier::net {

namespace {

constexpr size_t found_descriptors = 10; // without the user namespace

} // namespace

gateway::parts::parts(
  gateway& own, boost::asio::io_context& loop, const guest_network& plan,
  std::string program)
  : owner(own),
    io(loop),
    net(plan),
    keeper_program(std::move(program)),
    store([this](
            family kind, int type, uint32_t count,
            const socket_store::taker& done) {
      return make_sockets(kind, type, count, done);
    }),
    removals(
      io,
      [this](const lease& at, const link_removals::taker& done) {
        unplug(at, done);
      }),
    moves(
      [this](
        const keeper_request& what, const std::vector<int>& fds,
        const address_moves::taker& done) { ask_for_some(what, fds, done); }) {
  moves.on_moved = [this](
                     const guest_network& was, const guest_network& is,
                     std::vector<fd> desks) {
    take_desks(was, is, std::move(desks));
  };
  moves.on_trouble = [this](const lease& at, const error& why) {
    if (owner.on_stuck)
      owner.on_stuck(at, why);
  };
}

// -- the keeper ---------------------------------------------------------------

void gateway::parts::open(std::function<void(result<void>)> done) {
  opening.push_back(std::move(done));
  if (opening.size() > 1)
    return;
  if (keeper && is_open)
    return boost::asio::post(io, life.guard([this] {
      moves.work(
        life.guard([this](const result<void>& how) { answer_all(how); }));
    }));
  auto made = keeper_process::start(io, keeper_program, life.guard([this] {
    auto was_open = std::exchange(is_open, false);
    keeper.reset();
    if (was_open && owner.on_lost)
      owner.on_lost({ec::gateway_lost, "the keeper has died"});
  }));
  if (!made)
    return boost::asio::post(
      io, life.guard([this, why = made.error()] { answer_all(why); }));
  keeper = *made;
  if (!netns)
    moves.found_anew();
  keeper_request what;
  what.verb = netns ? keeper_verb::enter : keeper_verb::found;
  what.net = net;
  std::vector<int> fds;
  if (netns)
    fds.push_back(netns.get());
  if (netns && userns)
    fds.push_back(userns.get());
  keeper->ask(
    what, fds, life.guard([this](result<keeper_process::answer> answer) {
      hear_keeper(std::move(answer));
    }));
}

void gateway::parts::hear_keeper(result<keeper_process::answer> answer) {
  auto how = answer ? result<void>{} : answer.error();
  if (how && !netns)
    how = hear_found(std::move(*answer));
  if (!how) {
    if (keeper)
      keeper->close();
    keeper.reset();
    return answer_all(how);
  }
  is_open = true;
  store.refill();
  removals.retry();
  moves.work(
    life.guard([this](const result<void>& moved) { answer_all(moved); }));
}

void gateway::parts::answer_all(const result<void>& how) {
  for (auto& each : std::exchange(opening, {}))
    each(how);
}

result<void> gateway::parts::hear_found(keeper_process::answer answer) {
  auto& fds = answer.descriptors;
  auto expected = found_descriptors + (answer.has_user_namespace ? 1U : 0U);
  if (fds.size() != expected)
    return error{
      ec::gateway_lost,
      "the keeper has handed over " + std::to_string(fds.size())
        + " descriptors instead of " + std::to_string(expected)
        + ": name the pier-keeper of this version with --keeper"};
  size_t next = 0;
  auto take_next = [&] { return std::move(fds[next++]); };
  netns = take_next();
  if (answer.has_user_namespace)
    userns = take_next();
  gateway_sockets sockets;
  sockets.listener4 = take_next();
  sockets.listener6 = take_next();
  udp4 = take_next();
  tcp4 = take_next();
  udp6 = take_next();
  tcp6 = take_next();
  sockets.queue = take_next();
  sockets.icmp4 = take_next();
  sockets.icmp6 = take_next();
  gate = std::make_unique<net::gate>(
    io, std::move(sockets), [this](fd made, const flow& what) {
      if (owner.on_call)
        return owner.on_call(std::move(made), what);
      reset_on_close(made.get());
    });
  gate->on_held = [this](const held_packet& packet) {
    if (owner.on_held)
      owner.on_held(packet);
  };
  gate->dropped.on_told = [this](const ip_address& guest, uint64_t count) {
    if (owner.on_dropped)
      owner.on_dropped(guest, count);
  };
  return {};
}

bool gateway::parts::make_sockets(
  family kind, int type, uint32_t count, const socket_store::taker& done) {
  if (!keeper || !is_open)
    return false;
  keeper_request what;
  what.verb = keeper_verb::sockets;
  what.kind = kind;
  what.type = type;
  what.count = count;
  ask_for_some(what, {}, done);
  return true;
}

/// Silent while there is no keeper that could be asked.
void gateway::parts::unplug(const lease& at, const link_removals::taker& done) {
  if (!keeper || !is_open)
    return;
  keeper_request what;
  what.verb = keeper_verb::unplug;
  what.at = at;
  ask_to(what, {}, done);
}

void gateway::parts::ask_to(
  const keeper_request& what, const std::vector<int>& fds,
  const std::function<void(result<void>)>& done) {
  if (!keeper)
    return boost::asio::post(io, [done] {
      done(error{ec::gateway_lost, "the gateway has no keeper"});
    });
  keeper->ask(what, fds, [done](const result<keeper_process::answer>& answer) {
    done(answer ? result<void>{} : answer.error());
  });
}

void gateway::parts::ask_for_some(
  const keeper_request& what, const std::vector<int>& fds,
  const address_moves::taker& done) {
  if (!keeper)
    return done(error{ec::gateway_lost, "the gateway has no keeper"});
  keeper->ask(what, fds, [done](result<keeper_process::answer> answer) {
    if (answer)
      done(std::move(answer->descriptors));
    else
      done(answer.error());
  });
}

void gateway::parts::ask_for_one(
  const keeper_request& what, const std::function<void(result<fd>)>& done) {
  if (!keeper || !is_open)
    return boost::asio::post(io, [done] {
      done(error{
        ec::gateway_lost, "the gateway has no keeper for now: try again"});
    });
  keeper->ask(what, {}, [done](result<keeper_process::answer> answer) {
    if (!answer)
      return done(answer.error());
    if (answer->descriptors.empty())
      return done(error{ec::exhausted, "no descriptor left for it"});
    done(std::move(answer->descriptors.front()));
  });
}

// -- other addresses ----------------------------------------------------------

void gateway::parts::take_desks(
  const guest_network& was, const guest_network& is, std::vector<fd> desks) {
  auto next = desks.begin();
  auto take = [&](family kind, fd& udp, fd& tcp) {
    if (desks.end() - next < 2)
      return;
    udp = std::move(*next++);
    tcp = std::move(*next++);
    if (owner.on_desks)
      owner.on_desks(kind);
  };
  if (was.gateway != is.gateway)
    take(family::v4, udp4, tcp4);
  if (was.gateway6 != is.gateway6)
    take(family::v6, udp6, tcp6);
}

} // namespace pier::net
