#include "net/gateway/gate.hpp"

#include "net/gateway/icmp.hpp"
#include "net/gateway/packet.hpp"
#include "net/socket_address.hpp"

#include <boost/asio/post.hpp>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace pier::net {

namespace {

/// Datagrams of a flow that wait behind its first one.
constexpr size_t most_waiting = 16;
constexpr int batch = 32;
/// Flows that are announced at once. Everything that an announcement sets off
/// runs before the next ones: whoever is next does not wait for a whole flood.
constexpr int announced_a_look = 8;
/// Of one guest; beyond it its kernel sends again.
constexpr size_t most_in_line = 1024;
constexpr size_t buffer_size = 0xffff + 4096;

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
    queue_(io, with.queue.release()),
    io_(io),
    listener_(
      io, std::move(with.listener4), std::move(with.listener6),
      std::move(called)),
    icmp4_(std::move(with.icmp4)),
    icmp6_(std::move(with.icmp6)),
    line_(most_in_line),
    recovery_(io),
    buffer_(buffer_size) {
  await_packets();
}

// -- packets ------------------------------------------------------------------

void gate::await_packets() {
  queue_.async_wait(
    descriptor::wait_read,
    life_.guard([this](const boost::system::error_code& why) {
      if (!why)
        work();
    }));
}

/// Reads on while it announces: what nobody has read the kernel drops,
/// whosesoever it is.
void gate::work() {
  read_packets();
  announce_some();
  if (line_.empty())
    return await_packets();
  boost::asio::post(io_, life_.guard([this] { work(); }));
}

void gate::announce_some() {
  for (int i = 0; i < announced_a_look; ++i) {
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
    } else if (on_held)
      on_held(held_packet{found->second.packet});
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

void gate::read_packets() {
  for (int i = 0; i < batch; ++i) {
    auto got = ::recv(
      queue_.native_handle(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (got <= 0)
      return;
    auto size = static_cast<int>(got);
    auto message = reinterpret_cast<nlmsghdr*>(buffer_.data());
    for (; mnl_nlmsg_ok(message, size);
         message = mnl_nlmsg_next(message, &size)) {
      std::array<nlattr*, NFQA_MAX + 1> attributes{};
      if (
        NFNL_MSG_TYPE(message->nlmsg_type) != NFQNL_MSG_PACKET
        || nfq_nlmsg_parse(message, attributes.data()) < 0
        || attributes[NFQA_PACKET_HDR] == nullptr)
        continue;
      nfqnl_msg_packet_hdr header{};
      std::memcpy(
        &header, mnl_attr_get_payload(attributes[NFQA_PACKET_HDR]),
        sizeof(header));
      std::vector<uint8_t> bytes;
      if (auto payload = attributes[NFQA_PAYLOAD]; payload != nullptr) {
        auto from = static_cast<const uint8_t*>(mnl_attr_get_payload(payload));
        bytes.assign(from, from + mnl_attr_get_payload_len(payload));
      }
      hear_packet(ntohl(header.packet_id), std::move(bytes));
    }
  }
}

void gate::hear_packet(uint32_t number, std::vector<uint8_t> bytes) {
  auto read = read_packet(bytes);
  if (!read)
    return give_verdict(number, NF_DROP, 0);
  auto is_echo = read->what.proto == protocol::icmp;
  if (auto known = by_flow_.find(read->what);
      known != by_flow_.end() && !is_echo) {
    auto& waiting = held_[known->second].numbers;
    if (read->what.proto == protocol::udp && waiting.size() <= most_waiting)
      waiting.push_back(number);
    else
      give_verdict(number, NF_DROP, 0);
    return;
  }
  auto id = ++last_id_;
  const auto& guest = read->what.guest.ip;
  if (refusals_.is_spent(guest) || !line_.enter(guest, id)) {
    dropped.note(guest);
    return give_verdict(number, NF_DROP, 0);
  }
  auto& entry = held_[id];
  entry.packet = {
    id, read->what, read->echo_id, read->echo_sequence,
    std::move(read->echo_payload)};
  entry.numbers.push_back(number);
  if (!is_echo)
    by_flow_[read->what] = id;
}

void gate::give_verdict(uint32_t number, uint32_t verdict, uint32_t mark) {
  alignas(nlmsghdr) std::array<char, 256> buffer{};
  auto message = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_VERDICT, queue_number);
  nfq_nlmsg_verdict_put(
    message, static_cast<int>(number), static_cast<int>(verdict));
  if (mark != 0)
    nfq_nlmsg_verdict_put_mark(message, mark);
  ::send(queue_.native_handle(), message, message->nlmsg_len, 0);
}

bool gate::take(uint64_t id, held& out) {
  auto found = held_.find(id);
  if (found == held_.end())
    return false;
  out = std::move(found->second);
  held_.erase(found);
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
    give_verdict(entry.numbers.front(), NF_DROP, 0);
    return done(
      error{ec::exhausted, "no descriptor for the guest's connection"});
  }
  listener_.expect(entry.packet.what, std::move(done));
  give_verdict(
    entry.numbers.front(), NF_ACCEPT, static_cast<uint32_t>(gate_mark::pass));
  listener_.look(entry.packet.what.peer.ip.kind());
}

void gate::pass_udp(uint64_t id, result<fd> made, taker done) {
  held entry;
  if (!take(id, entry))
    return done(error{ec::timed_out, "the held flow is gone"});
  const auto& what = entry.packet.what;
  auto drop_all = [&](error why) {
    for (auto number : entry.numbers)
      give_verdict(number, NF_DROP, 0);
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
    give_verdict(number, NF_ACCEPT, static_cast<uint32_t>(gate_mark::pass));
  done(std::move(made));
}

void gate::answer_echo(uint64_t id) {
  held entry;
  if (!take(id, entry))
    return;
  const auto& raw = entry.packet.what.peer.ip.is_v4() ? icmp4_ : icmp6_;
  send_echo_reply(raw.get(), entry.packet);
  give_verdict(entry.numbers.front(), NF_DROP, 0);
}

void gate::reject(uint64_t id, ec why) {
  held entry;
  if (!take(id, entry))
    return;
  auto mark = mark_of(why, entry.packet.what.proto);
  if (mark != 0)
    spend(entry.packet.what.guest.ip);
  auto verdict = mark == 0 ? NF_DROP : NF_ACCEPT;
  give_verdict(entry.numbers.front(), static_cast<uint32_t>(verdict), mark);
  for (size_t i = 1; i < entry.numbers.size(); ++i)
    give_verdict(entry.numbers[i], NF_DROP, 0);
}

void gate::report(const flow& what, ec why) {
  const auto& raw = what.guest.ip.is_v4() ? icmp4_ : icmp6_;
  send_unreachable(raw.get(), what, why);
}

void gate::account(ledger& to) {
  to.claim_open(queue_, "gateway");
  to.claim(icmp4_, "gateway");
  to.claim(icmp6_, "gateway");
  listener_.account(to);
}

} // namespace pier::net
