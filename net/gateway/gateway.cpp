#include "net/gateway/gateway.hpp"

#include "net/gateway/gate.hpp"
#include "net/gateway/keeper_process.hpp"
#include "net/gateway/link_removals.hpp"
#include "net/gateway/socket_store.hpp"

#include <boost/asio/post.hpp>

#include <string>
#include <utility>

namespace pier::net {

namespace {

constexpr size_t found_descriptors = 10; // without the user namespace

} // namespace

struct gateway::parts {
  parts(
    gateway& own, boost::asio::io_context& loop, guest_network plan,
    std::string program)
    : owner(own), io(loop), net(plan), keeper_program(std::move(program)) {}

  void open(std::function<void(result<void>)> done);
  result<void> hear_found(keeper_process::answer answer);
  bool
  make_sockets(family kind, int type, uint32_t count, socket_store::taker done);
  void unplug(const lease& at, link_removals::taker done);

  gateway& owner;
  boost::asio::io_context& io;
  guest_network net;
  std::string keeper_program;
  std::shared_ptr<keeper_process> keeper;
  bool is_open = false;
  std::vector<std::function<void(result<void>)>> opening;
  fd netns, userns;
  fd udp4, tcp4, udp6, tcp6;
  std::unique_ptr<net::gate> gate;
  socket_store store{
    [this](family kind, int type, uint32_t count, socket_store::taker done) {
      return make_sockets(kind, type, count, std::move(done));
    }};
  link_removals removals{
    io, [this](const lease& at, link_removals::taker done) {
      unplug(at, std::move(done));
    }};
  /// Dies with this: late replies find nobody.
  std::shared_ptr<int> alive = std::make_shared<int>(0);
};

// -- the keeper ---------------------------------------------------------------

void gateway::parts::open(std::function<void(result<void>)> done) {
  if (keeper && is_open) {
    boost::asio::post(io, [done] { done({}); });
    return;
  }
  opening.push_back(std::move(done));
  if (opening.size() > 1)
    return;
  auto answer_all = [this](result<void> how) {
    for (auto& each : std::exchange(opening, {}))
      each(how);
  };
  auto made = keeper_process::start(
    io, keeper_program, [this, me = std::weak_ptr<int>{alive}] {
      if (me.expired())
        return;
      auto was_open = std::exchange(is_open, false);
      keeper.reset();
      if (was_open && owner.on_lost)
        owner.on_lost({ec::gateway_lost, "the keeper has died"});
    });
  if (!made) {
    boost::asio::post(
      io, [answer_all, why = made.error()] { answer_all(why); });
    return;
  }
  keeper = *made;
  keeper_request what;
  what.verb = netns ? keeper_verb::enter : keeper_verb::found;
  what.net = net;
  std::vector<int> fds;
  if (netns)
    fds.push_back(netns.get());
  if (netns && userns)
    fds.push_back(userns.get());
  keeper->ask(
    what, fds,
    [this, answer_all,
     me = std::weak_ptr<int>{alive}](result<keeper_process::answer> answer) {
      if (me.expired())
        return;
      auto fail = [&](const error& why) {
        if (keeper)
          keeper->close();
        keeper.reset();
        answer_all(why);
      };
      if (!answer)
        return fail(answer.error());
      if (auto found = netns ? result<void>{} : hear_found(std::move(*answer));
          !found)
        return fail(found.error());
      is_open = true;
      store.refill();
      removals.retry();
      answer_all({});
    });
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
  gate = std::make_unique<net::gate>(io, std::move(sockets));
  gate->on_held = [this](const held_packet& packet) {
    if (owner.on_held)
      owner.on_held(packet);
  };
  return {};
}

bool gateway::parts::make_sockets(
  family kind, int type, uint32_t count, socket_store::taker done) {
  if (!keeper || !is_open)
    return false;
  keeper_request what;
  what.verb = keeper_verb::sockets;
  what.kind = kind;
  what.type = type;
  what.count = count;
  keeper->ask(what, {}, [done](result<keeper_process::answer> answer) {
    if (answer)
      done(std::move(answer->descriptors));
    else
      done(answer.error());
  });
  return true;
}

/// Silent while there is no keeper that could be asked.
void gateway::parts::unplug(const lease& at, link_removals::taker done) {
  if (!keeper || !is_open)
    return;
  keeper_request what;
  what.verb = keeper_verb::unplug;
  what.at = at;
  keeper->ask(what, {}, [done](result<keeper_process::answer> answer) {
    if (answer)
      done({});
    else
      done(answer.error());
  });
}

// -- the class ----------------------------------------------------------------

gateway::gateway(
  boost::asio::io_context& io, guest_network net, std::string keeper)
  : parts_(std::make_unique<parts>(*this, io, net, std::move(keeper))) {}

gateway::~gateway() {
  parts_->alive.reset();
  if (parts_->keeper)
    parts_->keeper->close();
}

void gateway::open(std::function<void(result<void>)> done) {
  parts_->open(std::move(done));
}

void gateway::pass_tcp(uint64_t id, std::function<void(result<fd>)> done) {
  auto& way_in = *parts_->gate;
  while (!way_in.reserve() && shed_socket()) {}
  way_in.pass_tcp(id, std::move(done));
}

void gateway::pass_udp(uint64_t id, std::function<void(result<fd>)> done) {
  auto kind = parts_->gate->kind_of(id);
  parts_->gate->pass_udp(
    id, parts_->store.take(kind, SOCK_DGRAM), std::move(done));
}

void gateway::answer_echo(uint64_t id) {
  parts_->gate->answer_echo(id);
}

void gateway::reject(uint64_t id, ec why) {
  parts_->gate->reject(id, why);
}

void gateway::report(const flow& what, ec why) {
  parts_->gate->report(what, why);
}

result<fd> gateway::socket(family kind, int type) {
  return parts_->store.take(kind, type);
}

bool gateway::has_socket(family kind, int type) {
  return parts_->store.has(kind, type);
}

bool gateway::shed_socket() {
  return parts_->store.shed();
}

gateway::dns_sockets gateway::dns() const noexcept {
  return {
    parts_->udp4.get(), parts_->tcp4.get(), parts_->udp6.get(),
    parts_->tcp6.get()};
}

void gateway::plug(
  const lease& at, int netns, std::function<void(result<guest_view>)> done) {
  if (!parts_->keeper) {
    boost::asio::post(parts_->io, [done] {
      done(error{ec::gateway_lost, "the gateway has no keeper"});
    });
    return;
  }
  keeper_request what;
  what.verb = keeper_verb::plug;
  what.net = parts_->net;
  what.at = at;
  parts_->keeper->ask(
    what, {netns}, [done](result<keeper_process::answer> answer) {
      if (!answer)
        return done(answer.error());
      guest_view view;
      auto& fds = answer->descriptors;
      if (fds.empty())
        return done(error{
          ec::exhausted, "no descriptor left to see the container's ports"});
      view.diag = std::move(fds[0]);
      if (fds.size() > 1)
        view.destroy = std::move(fds[1]);
      done(std::move(view));
    });
}

void gateway::unplug(const lease& at, std::function<void(result<void>)> done) {
  parts_->removals.remove(at, std::move(done));
}

int gateway::user_namespace() const noexcept {
  return parts_->userns.get();
}

int gateway::network_namespace() const noexcept {
  return parts_->netns.get();
}

const guest_network& gateway::guests() const noexcept {
  return parts_->net;
}

int gateway::keeper_pid() const noexcept {
  return parts_->keeper ? parts_->keeper->pid() : 0;
}

} // namespace pier::net
