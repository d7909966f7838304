#include "net/capture/packet_ring.hpp"

#include "net/link/link_tap.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace pier::net {

namespace {

constexpr unsigned block_size = 1 << 20;
constexpr unsigned block_count = 16;
constexpr size_t ring_size = size_t{block_size} * block_count;
/// Of no meaning to this version of the ring but that it must divide a block.
constexpr unsigned frame_size = 1 << 11;
/// How long a block waits for more packets.
constexpr unsigned block_milliseconds = 20;

constexpr uint64_t nanoseconds_a_second = 1'000'000'000;

error system_error(const std::string& what) {
  return {
    from_errno(errno),
    "cannot " + what + " for a capture: " + std::strerror(errno)};
}

result<void> set(
  int socket, int level, int name, const void* value, socklen_t size,
  const std::string& what) {
  if (::setsockopt(socket, level, name, value, size) != 0)
    return system_error(what);
  return {};
}

result<void> attach(int socket, const std::vector<sock_filter>& filter) {
  if (filter.size() > BPF_MAXINSNS)
    return error{
      ec::bad_request,
      "the filter becomes " + std::to_string(filter.size())
        + " instructions, and the kernel takes " + std::to_string(BPF_MAXINSNS)
        + ": make it shorter"};
  sock_fprog program{
    static_cast<uint16_t>(filter.size()),
    const_cast<sock_filter*>(filter.data())};
  return set(
    socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program),
    "set the filter");
}

/// To where it is already, and to all protocols.
result<void> begin(int socket) {
  sockaddr_ll where{};
  socklen_t size = sizeof(where);
  auto* address = reinterpret_cast<sockaddr*>(&where);
  if (::getsockname(socket, address, &size) != 0)
    return system_error("find the link");
  where.sll_protocol = htons(ETH_P_ALL);
  if (::bind(socket, address, sizeof(where)) != 0)
    return system_error("bind to the link");
  return {};
}

template <class T>
const T* at(const std::byte* from, size_t offset) {
  return reinterpret_cast<const T*>(from + offset);
}

captured_packet read_packet(const tpacket3_hdr& of) {
  const auto* front = reinterpret_cast<const std::byte*>(&of);
  const auto* link = at<sockaddr_ll>(
    front, TPACKET_ALIGN(sizeof(tpacket3_hdr)));
  captured_packet out;
  out.nanoseconds = of.tp_sec * nanoseconds_a_second + of.tp_nsec;
  out.length = of.tp_len;
  out.bytes = {reinterpret_cast<const char*>(front + of.tp_mac), of.tp_snaplen};
  // At the gateway's end: what leaves there comes to the container.
  out.way = link->sll_pkttype == PACKET_OUTGOING ? direction::inbound
                                                 : direction::outbound;
  return out;
}

} // namespace

packet_ring::packet_ring(packet_ring&& other) noexcept
  : socket_(std::move(other.socket_)),
    memory_(std::exchange(other.memory_, nullptr)),
    next_(other.next_),
    dropped_(other.dropped_) {}

packet_ring::~packet_ring() {
  if (memory_ != nullptr)
    ::munmap(memory_, ring_size);
}

result<packet_ring>
packet_ring::open(fd socket, const std::vector<sock_filter>& filter) {
  packet_ring made{std::move(socket)};
  if (auto ok = attach(made.socket(), filter); !ok)
    return ok.error();
  if (auto ok = made.make(); !ok)
    return ok.error();
  if (auto ok = begin(made.socket()); !ok)
    return ok.error();
  return made;
}

result<void> packet_ring::make() {
  int version = TPACKET_V3;
  auto ok = set(
    socket(), SOL_PACKET, PACKET_VERSION, &version, sizeof(version),
    "choose the form of the ring");
  tpacket_req3 wanted{};
  wanted.tp_block_size = block_size;
  wanted.tp_block_nr = block_count;
  wanted.tp_frame_size = frame_size;
  wanted.tp_frame_nr = block_size / frame_size * block_count;
  wanted.tp_retire_blk_tov = block_milliseconds;
  if (ok)
    ok = set(
      socket(), SOL_PACKET, PACKET_RX_RING, &wanted, sizeof(wanted),
      "have 16 MiB");
  if (!ok)
    return ok;
  auto* mapped = ::mmap(
    nullptr, ring_size, PROT_READ | PROT_WRITE, MAP_SHARED, socket(), 0);
  if (mapped == MAP_FAILED)
    return system_error("map 16 MiB");
  memory_ = static_cast<std::byte*>(mapped);
  return {};
}

bool packet_ring::take(
  const std::function<void(const captured_packet&)>& show) {
  auto* block = memory_ + next_ * block_size;
  auto& head = reinterpret_cast<tpacket_block_desc*>(block)->hdr.bh1;
  std::atomic_ref<uint32_t> status{head.block_status};
  if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0)
    return false;
  size_t offset = head.offset_to_first_pkt;
  for (uint32_t i = 0; i < head.num_pkts; ++i) {
    const auto* each = at<tpacket3_hdr>(block, offset);
    show(read_packet(*each));
    offset += each->tp_next_offset;
  }
  status.store(TP_STATUS_KERNEL, std::memory_order_release);
  next_ = (next_ + 1) % block_count;
  return true;
}

void packet_ring::deafen() {
  net::deafen(socket());
}

uint64_t packet_ring::dropped() {
  tpacket_stats_v3 counts{};
  socklen_t size = sizeof(counts);
  // Each answer begins to count anew.
  if (
    ::getsockopt(socket(), SOL_PACKET, PACKET_STATISTICS, &counts, &size) == 0)
    dropped_ += counts.tp_drops;
  return dropped_;
}

} // namespace pier::net
