#include "net/gateway/packet_queue.hpp"

#include "net/gateway/rules.hpp"

#include <boost/asio/post.hpp>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

namespace pier::net {

namespace {

/// Their room is smaller than a huge page, which would be had whole.
constexpr size_t packets_a_look = 16;
/// The largest packet, and what the kernel says of it.
constexpr size_t packet_room = 0xffff + 4097;
/// One more verdict may be this long, and all together much less than a
/// netlink socket takes in one call.
constexpr size_t verdict_room = 256;
constexpr size_t most_decided = 32768;

void hear_message(
  const nlmsghdr* message, const packet_queue::packet_sink& hear) {
  std::array<nlattr*, NFQA_MAX + 1> attributes{};
  if (
    NFNL_MSG_TYPE(message->nlmsg_type) != NFQNL_MSG_PACKET
    || nfq_nlmsg_parse(message, attributes.data()) < 0
    || attributes[NFQA_PACKET_HDR] == nullptr)
    return;
  nfqnl_msg_packet_hdr header{};
  std::memcpy(
    &header, mnl_attr_get_payload(attributes[NFQA_PACKET_HDR]), sizeof(header));
  std::span<const uint8_t> bytes;
  if (auto payload = attributes[NFQA_PAYLOAD]; payload != nullptr)
    bytes = {
      static_cast<const uint8_t*>(mnl_attr_get_payload(payload)),
      mnl_attr_get_payload_len(payload)};
  hear(ntohl(header.packet_id), bytes);
}

} // namespace

packet_queue::packet_queue(
  boost::asio::io_context& io, fd queue, packet_sink hear)
  : io_(io),
    socket_(io, queue.release()),
    hear_(std::move(hear)),
    // Pages that no packet has needed yet cost nothing.
    room_(
      std::make_unique_for_overwrite<uint8_t[]>(packets_a_look * packet_room)) {
}

void packet_queue::await(std::function<void()> then) {
  socket_.async_wait(
    descriptor::wait_read,
    [then = std::move(then)](const boost::system::error_code& why) {
      if (!why)
        then();
    });
}

bool packet_queue::read() {
  std::array<mmsghdr, packets_a_look> messages{};
  std::array<iovec, packets_a_look> parts{};
  for (size_t i = 0; i < packets_a_look; ++i) {
    parts[i] = {room_.get() + i * packet_room, packet_room};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  auto got = ::recvmmsg(
    socket_.native_handle(), messages.data(), messages.size(), MSG_DONTWAIT,
    nullptr);
  for (int i = 0; i < got; ++i) {
    auto index = static_cast<size_t>(i);
    auto size = static_cast<int>(messages[index].msg_len);
    auto message = static_cast<const nlmsghdr*>(parts[index].iov_base);
    for (; mnl_nlmsg_ok(message, size);
         message = mnl_nlmsg_next(message, &size))
      hear_message(message, hear_);
  }
  return got == static_cast<int>(packets_a_look);
}

void packet_queue::decide(uint32_t number, uint32_t verdict, uint32_t mark) {
  if (decided_.empty())
    boost::asio::post(io_, life_.guard([this] { say(); }));
  auto before = decided_.size();
  decided_.resize(before + verdict_room);
  auto message = nfq_nlmsg_put(
    decided_.data() + before, NFQNL_MSG_VERDICT, queue_number);
  nfq_nlmsg_verdict_put(
    message, static_cast<int>(number), static_cast<int>(verdict));
  if (mark != 0)
    nfq_nlmsg_verdict_put_mark(message, mark);
  decided_.resize(before + MNL_ALIGN(message->nlmsg_len));
  if (decided_.size() > most_decided)
    say();
}

void packet_queue::say() {
  if (decided_.empty())
    return;
  ::send(socket_.native_handle(), decided_.data(), decided_.size(), 0);
  decided_.clear();
}

void packet_queue::account(ledger& to) {
  to.claim_open(socket_, "gateway");
}

} // namespace pier::net
