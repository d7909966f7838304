#include "net/gateway/gateway.hpp"

#include "net/gateway/gateway_parts.hpp"

#include <boost/asio/post.hpp>

#include <string>
#include <utility>

namespace pier::net {

gateway::gateway(
  boost::asio::io_context& io, guest_network net, std::string keeper)
  : parts_(std::make_unique<parts>(*this, io, net, std::move(keeper))) {}

gateway::~gateway() {
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
  if (is_moving())
    return error{ec::exhausted, "the guests' addresses are being changed"};
  return parts_->store.take(kind, type);
}

bool gateway::has_socket(family kind, int type) {
  return !is_moving() && parts_->store.has(kind, type);
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
  parts_->moves.enter(at, netns);
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
  parts_->moves.leave(at.link);
  parts_->removals.remove(at, std::move(done));
}

void gateway::expose(
  const lease& at, const std::string& link, int host_netns,
  std::function<void(result<void>)> done) {
  keeper_request what;
  what.verb = keeper_verb::expose;
  what.net = parts_->net;
  what.at = at;
  link.copy(what.link.data(), what.link.size() - 1);
  parts_->ask_to(what, {host_netns}, std::move(done));
}

void gateway::withdraw(std::function<void(result<void>)> done) {
  keeper_request what;
  what.verb = keeper_verb::withdraw;
  parts_->ask_to(what, {}, std::move(done));
}

void gateway::tap(const lease& at, std::function<void(result<fd>)> done) {
  keeper_request what;
  what.verb = keeper_verb::tap;
  what.at = at;
  parts_->ask_for_one(what, std::move(done));
}

void gateway::renumber(
  const guest_network& is, const std::vector<lease>& leases) {
  auto was = std::exchange(parts_->net, is);
  if (parts_->netns || parts_->keeper)
    parts_->moves.plan(was, is, leases);
}

bool gateway::is_moving() const noexcept {
  return parts_->moves.under_way();
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

void gateway::account(ledger& to) const {
  const auto& all = *parts_;
  for (const auto* each :
       {&all.netns, &all.userns, &all.udp4, &all.tcp4, &all.udp6, &all.tcp6})
    to.claim(*each, "gateway");
  if (all.gate)
    all.gate->account(to);
  if (all.keeper)
    all.keeper->account(to);
  all.store.account(to);
  all.moves.account(to);
}

int gateway::keeper_pid() const noexcept {
  return parts_->keeper ? parts_->keeper->pid() : 0;
}

} // namespace pier::net
