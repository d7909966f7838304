#pragma once

/// The file format that Wireshark and tcpdump read: pcapng, as
/// draft-ietf-opsawg-pcapng says (the numbers of its sections stand beside the
/// blocks). One section with one interface, in the byte order of this machine,
/// times in nanoseconds. Pure: values in, bytes out.

#include "messages/flow.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pier::net {

struct captured_packet {
  /// Since the epoch.
  uint64_t nanoseconds = 0;
  /// On the link; `bytes` may be fewer.
  uint32_t length = 0;
  std::string_view bytes;
  /// As the container sees it.
  direction way = direction::inbound;
};

/// What stands before the first packet.
struct capture_front {
  /// What is seen, in a sentence.
  std::string comment;
  std::string program;
  std::string link;
  std::string description;
  /// In the words of pcap-filter(7); empty: none.
  std::string filter;
  /// No packet has more bytes than this here.
  uint32_t snaplen = 0;
};

/// 4.1 and 4.2: the section and its interface, which is an Ethernet.
std::string pcapng_front(const capture_front& of);

/// 4.3: adds a packet.
void add_packet(std::string& to, const captured_packet& what);

/// 4.6: what became of them; the last block. `now` in nanoseconds since the
/// epoch; 0: there was no packet.
std::string pcapng_end(uint64_t now, uint64_t captured, uint64_t dropped);

} // namespace pier::net
