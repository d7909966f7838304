#include "test/platform/packet_queue.hpp"

#include "test/platform/scenery.hpp"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

namespace pier::platform {

packet_queue::packet_queue(uint16_t number)
  : number_(number),
    socket_(::socket(
      AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_NETFILTER)) {
  sockaddr_nl self{};
  self.nl_family = AF_NETLINK;
  REQUIRE(
    ::bind(socket_.get(), reinterpret_cast<sockaddr*>(&self), sizeof(self))
    == 0);
  alignas(nlmsghdr) std::array<char, 1024> buffer{};
  auto say = [&](nlmsghdr* what) {
    REQUIRE(::send(socket_.get(), what, what->nlmsg_len, 0) > 0);
  };
  auto bind = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_CONFIG, number);
  nfq_nlmsg_cfg_put_cmd(bind, AF_UNSPEC, NFQNL_CFG_CMD_BIND);
  say(bind);
  auto setup = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_CONFIG, number);
  nfq_nlmsg_cfg_put_params(setup, NFQNL_COPY_PACKET, 0xffff);
  say(setup);
}

std::optional<uint32_t> packet_queue::next() {
  alignas(nlmsghdr) std::array<char, 0x11000> buffer{};
  if (!readable(socket_))
    return std::nullopt;
  auto got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
  if (got <= 0)
    return std::nullopt;
  std::array<nlattr*, NFQA_MAX + 1> attributes{};
  auto message = reinterpret_cast<nlmsghdr*>(buffer.data());
  if (
    nfq_nlmsg_parse(message, attributes.data()) < 0
    || attributes[NFQA_PACKET_HDR] == nullptr)
    return std::nullopt;
  nfqnl_msg_packet_hdr header{};
  std::memcpy(
    &header, mnl_attr_get_payload(attributes[NFQA_PACKET_HDR]), sizeof(header));
  return ntohl(header.packet_id);
}

void packet_queue::accept(uint32_t packet, uint32_t mark) {
  alignas(nlmsghdr) std::array<char, 256> buffer{};
  auto message = nfq_nlmsg_put(buffer.data(), NFQNL_MSG_VERDICT, number_);
  nfq_nlmsg_verdict_put(message, static_cast<int>(packet), NF_ACCEPT);
  nfq_nlmsg_verdict_put_mark(message, mark);
  REQUIRE(::send(socket_.get(), message, message->nlmsg_len, 0) > 0);
}

} // namespace pier::platform
