#include "net/gateway/packet.hpp"

#include <algorithm>
#include <array>

namespace pier::net {

namespace {

constexpr uint8_t tcp = 6, udp = 17, icmp = 1, icmp6 = 58;
constexpr uint8_t echo_request = 8, echo_request6 = 128;

using bytes_view = std::span<const uint8_t>;

uint16_t number_at(bytes_view bytes, size_t offset) {
  return static_cast<uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
}

template <size_t N>
std::array<uint8_t, N> address_at(bytes_view bytes, size_t offset) {
  std::array<uint8_t, N> out;
  std::copy_n(bytes.begin() + static_cast<ptrdiff_t>(offset), N, out.begin());
  return out;
}

bool read_ports(first_packet& out, protocol proto, bytes_view rest) {
  auto least = proto == protocol::tcp ? 20U : 8U;
  if (rest.size() < least)
    return false;
  out.what.proto = proto;
  out.what.guest.port = number_at(rest, 0);
  out.what.peer.port = number_at(rest, 2);
  return true;
}

bool read_echo(first_packet& out, uint8_t wanted, bytes_view rest) {
  if (rest.size() < 8 || rest[0] != wanted || rest[1] != 0)
    return false;
  out.what.proto = protocol::icmp;
  out.echo_id = number_at(rest, 4);
  out.echo_sequence = number_at(rest, 6);
  out.echo_payload.assign(rest.begin() + 8, rest.end());
  return true;
}

bool read_transport(first_packet& out, uint8_t kind, bytes_view rest) {
  switch (kind) {
    case tcp:
      return read_ports(out, protocol::tcp, rest);
    case udp:
      return read_ports(out, protocol::udp, rest);
    case icmp:
      return out.what.guest.ip.is_v4() && read_echo(out, echo_request, rest);
    case icmp6:
      return !out.what.guest.ip.is_v4() && read_echo(out, echo_request6, rest);
    default:
      return false;
  }
}

std::optional<first_packet> read_v4(bytes_view bytes) {
  if (bytes.size() < 20)
    return std::nullopt;
  size_t header = (bytes[0] & 0x0fU) * 4U;
  auto fragment_offset = number_at(bytes, 6) & 0x1fff;
  if (header < 20 || bytes.size() < header || fragment_offset != 0)
    return std::nullopt;
  first_packet out;
  out.what.guest.ip = ip_address::v4(address_at<4>(bytes, 12));
  out.what.peer.ip = ip_address::v4(address_at<4>(bytes, 16));
  // Link padding may follow; what was not copied may be missing.
  auto end = std::clamp<size_t>(number_at(bytes, 2), header, bytes.size());
  if (!read_transport(out, bytes[9], bytes.subspan(header, end - header)))
    return std::nullopt;
  return out;
}

std::optional<first_packet> read_v6(bytes_view bytes) {
  if (bytes.size() < 40)
    return std::nullopt;
  first_packet out;
  out.what.guest.ip = ip_address::v6(address_at<16>(bytes, 8));
  out.what.peer.ip = ip_address::v6(address_at<16>(bytes, 24));
  auto kind = bytes[6];
  auto end = std::min<size_t>(40 + number_at(bytes, 4), bytes.size());
  auto rest = bytes.subspan(40, end - 40);
  // Hop-by-hop, routing and destination options; more than a few are no
  // honest packet's.
  for (int extension = 0; extension < 4; ++extension) {
    if (kind != 0 && kind != 43 && kind != 60)
      break;
    if (rest.size() < 8)
      return std::nullopt;
    size_t length = (rest[1] + 1U) * 8U;
    if (rest.size() < length)
      return std::nullopt;
    kind = rest[0];
    rest = rest.subspan(length);
  }
  if (!read_transport(out, kind, rest))
    return std::nullopt;
  return out;
}

} // namespace

std::optional<first_packet> read_packet(std::span<const uint8_t> bytes) {
  if (bytes.empty())
    return std::nullopt;
  switch (bytes[0] >> 4) {
    case 4:
      return read_v4(bytes);
    case 6:
      return read_v6(bytes);
    default:
      return std::nullopt;
  }
}

} // namespace pier::net
