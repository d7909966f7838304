#include "net/gateway/gate.hpp"

#include "net/gateway/icmp.hpp"
#include "net/gateway/packet.hpp"
#include "net/socket_address.hpp"

#include <boost/asio/post.hpp>

#include <linux/netfilter.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>

namespace pier::net {

namespace {

/// Datagrams of a flow that wait behind its first one.
constexpr size_t most_waiting = 16;
/// At the queue, before some are announced. More is read than announced.
constexpr int looks_a_turn = 2;
/// Of one guest; beyond it its kernel sends again.
constexpr size_t most_in_line = 1024;

uint32_t mark_of(ec why, protocol proto) {
  switch (why) {
    case ec::refused:
    case ec::reset:
    case ec::renumbered:
      return static_cast<uint32_t>(
        proto == protocol::tcp ? gate_mark::reset
                               : gate_mark::port_unreachable);
    case ec::host_unreachable:
      return static_cast<uint32_t>(gate_mark::host_unreachable);
    case ec::network_unreachable:
      return static_cast<uint32_t>(gate_mark::network_unreachable);
    case ec::forbidden:
    case ec::permission_denied:
      return static_cast<uint32_t>(gate_mark::forbidden);
    default:
      return 0;
  }
}

} // namespace

gate::gate(
  boost::asio::io_context& io, gateway_sockets with,
  transparent_listener::call_sink called)
  : dropped(io),
    queue_(
      io, std::move(with.queue),
      [this](uint32_t number, std::span<const uint8_t> bytes) {
        hear_packet(number, bytes);
      }),
    io_(io),
    listener_(
      io, std::move(with.listener4), std::move(with.listener6),
      std::move(called)),
    icmp4_(std::move(with.icmp4)),
    icmp6_(std::move(with.icmp6)),
    line_(most_in_line),
    recovery_(io) {
  await_packets();
}

// -- packets ------------------------------------------------------------------

void gate::await_packets() {
  queue_.await(life_.guard([this] { work(); }));
}

/// Reads on while it announces: what nobody has read the kernel drops,
/// whosesoever it is.
void gate::work() {
  for (int i = 0; i < looks_a_turn && queue_.read(); ++i) {}
  announce_some();
  if (line_.empty())
    return await_packets();
  boost::asio::post(io_, life_.guard([this] { work(); }));
}

void gate::announce_some() {
  for (int i = 0; i < transparent_listener::told_a_look; ++i) {
    auto next = line_.next();
    if (!next)
      return;
    auto found = held_.find(*next);
    if (found == held_.end())
      continue;
    const auto& guest = found->second.packet.what.guest.ip;
    if (refusals_.is_spent(guest)) {
      dropped.note(guest);
      reject(*next, ec::exhausted);
    } else if (on_held) {
      refusals_.ask(guest);
      found->second.is_asked = true;
      on_held(held_packet{found->second.packet});
    }
  }
}

// -- those who ask for what is not there --------------------------------------

void gate::spend(const ip_address& guest) {
  auto is_first = refusals_.is_whole();
  refusals_.spend(guest);
  if (is_first)
    recover();
}

void gate::recover() {
  recovery_.expires_after(std::chrono::milliseconds{1});
  recovery_.async_wait(
    life_.guard([this](const boost::system::error_code& why) {
      if (why)
        return;
      refusals_.recover();
      if (!refusals_.is_whole())
        recover();
    }));
}

void gate::hear_packet(uint32_t number, std::span<const uint8_t> bytes) {
  auto read = read_packet(bytes);
  if (!read)
    return queue_.decide(number, NF_DROP, 0);
  auto is_echo = read->what.proto == protocol::icmp;
  if (auto known = by_flow_.find(read->what);
      known != by_flow_.end() && !is_echo) {
    auto& waiting = held_[known->second].numbers;
    if (read->what.proto == protocol::udp && waiting.size() <= most_waiting)
      waiting.push_back(number);
    else
      queue_.decide(number, NF_DROP, 0);
    return;
  }
  auto id = ++last_id_;
  const auto& guest = read->what.guest.ip;
  if (refusals_.is_spent(guest) || !line_.enter(guest, id)) {
    dropped.note(guest);
    return queue_.decide(number, NF_DROP, 0);
  }
  auto& entry = held_[id];
  entry.packet = {
    id, read->what, read->echo_id, read->echo_sequence,
    std::move(read->echo_payload)};
  entry.numbers.push_back(number);
  if (!is_echo)
    by_flow_[read->what] = id;
}

bool gate::take(uint64_t id, held& out) {
  auto found = held_.find(id);
  if (found == held_.end())
    return false;
  out = std::move(found->second);
  held_.erase(found);
  if (out.is_asked)
    refusals_.answer(out.packet.what.guest.ip);
  if (out.packet.what.proto != protocol::icmp)
    by_flow_.erase(out.packet.what);
  return true;
}

family gate::kind_of(uint64_t id) const {
  auto found = held_.find(id);
  return found == held_.end() ? family::v4
                              : found->second.packet.what.peer.ip.kind();
}

// -- verdicts -----------------------------------------------------------------

void gate::pass_tcp(uint64_t id, taker done) {
  held entry;
  if (!take(id, entry))
    return done(error{ec::timed_out, "the held flow is gone"});
  if (!listener_.reserve()) {
    // The guest's kernel sends its SYN again.
    queue_.decide(entry.numbers.front(), NF_DROP, 0);
    return done(
      error{ec::exhausted, "no descriptor for the guest's connection"});
  }
  listener_.expect(entry.packet.what, std::move(done));
  queue_.decide(
    entry.numbers.front(), NF_ACCEPT, static_cast<uint32_t>(gate_mark::pass));
  queue_.say(); // or there is nothing to look at
  listener_.look(entry.packet.what.peer.ip.kind());
}

void gate::pass_udp(uint64_t id, result<fd> made, taker done) {
  held entry;
  if (!take(id, entry))
    return done(error{ec::timed_out, "the held flow is gone"});
  const auto& what = entry.packet.what;
  auto drop_all = [&](error why) {
    for (auto number : entry.numbers)
      queue_.decide(number, NF_DROP, 0);
    done(std::move(why));
  };
  if (!made)
    return drop_all(made.error());
  int on = 1;
  ::setsockopt(made->get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  auto peer = to_kernel(what.peer);
  auto guest = to_kernel(what.guest);
  if (
    ::bind(made->get(), peer.data(), peer.size) != 0
    || ::connect(made->get(), guest.data(), guest.size) != 0)
    return drop_all(
      {from_errno(errno), to_string(what) + ": " + std::strerror(errno)});
  for (auto number : entry.numbers)
    queue_.decide(number, NF_ACCEPT, static_cast<uint32_t>(gate_mark::pass));
  done(std::move(made));
}

void gate::answer_echo(uint64_t id) {
  held entry;
  if (!take(id, entry))
    return;
  const auto& raw = entry.packet.what.peer.ip.is_v4() ? icmp4_ : icmp6_;
  send_echo_reply(raw.get(), entry.packet);
  queue_.decide(entry.numbers.front(), NF_DROP, 0);
}

void gate::reject(uint64_t id, ec why) {
  held entry;
  if (!take(id, entry))
    return;
  auto mark = mark_of(why, entry.packet.what.proto);
  if (mark != 0)
    spend(entry.packet.what.guest.ip);
  auto verdict = mark == 0 ? NF_DROP : NF_ACCEPT;
  queue_.decide(entry.numbers.front(), static_cast<uint32_t>(verdict), mark);
  for (size_t i = 1; i < entry.numbers.size(); ++i)
    queue_.decide(entry.numbers[i], NF_DROP, 0);
}

void gate::report(const flow& what, ec why) {
  const auto& raw = what.guest.ip.is_v4() ? icmp4_ : icmp6_;
  send_unreachable(raw.get(), what, why);
}

void gate::account(ledger& to) {
  queue_.account(to);
  to.claim(icmp4_, "gateway");
  to.claim(icmp6_, "gateway");
  listener_.account(to);
}

} // namespace pier::net
