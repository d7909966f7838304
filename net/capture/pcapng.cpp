#include "net/capture/pcapng.hpp"

#include <array>
#include <cstring>

namespace pier::net {

namespace {

// Block types (10.1) and options (4.1, 4.2, 4.3, 4.6).
constexpr uint32_t section_block = 0x0A0D0D0A;
constexpr uint32_t interface_block = 1;
constexpr uint32_t statistics_block = 5;
constexpr uint32_t packet_block = 6;
constexpr uint32_t byte_order_magic = 0x1A2B3C4D;
constexpr uint16_t end_of_options = 0;
constexpr uint16_t comment_option = 1;
constexpr uint16_t shb_os = 3;
constexpr uint16_t shb_userappl = 4;
constexpr uint16_t if_name = 2;
constexpr uint16_t if_description = 3;
constexpr uint16_t if_tsresol = 9;
constexpr uint16_t if_filter = 11;
constexpr uint16_t epb_flags = 2;
constexpr uint16_t isb_ifrecv = 4;
constexpr uint16_t isb_ifdrop = 5;

constexpr uint16_t ethernet = 1;
/// Ten to the minus ninth of a second.
constexpr char nanoseconds = 9;
/// A filter as libpcap's text.
constexpr char filter_text = 0;
/// Nobody knows how long the section will be.
constexpr uint64_t unknown_length = ~uint64_t{0};
/// An option tells its length in 16 bits.
constexpr size_t longest_option = 0xfffc;

template <class T>
void add(std::string& to, T number) {
  std::array<char, sizeof(T)> bytes{};
  std::memcpy(bytes.data(), &number, sizeof(T));
  to.append(bytes.data(), bytes.size());
}

/// Everything begins at a multiple of four.
void pad(std::string& to, size_t size) {
  to.append((4 - size % 4) % 4, '\0');
}

void add_option(std::string& to, uint16_t code, std::string_view value) {
  value = value.substr(0, longest_option);
  add(to, code);
  add(to, static_cast<uint16_t>(value.size()));
  to.append(value);
  pad(to, value.size());
}

void add_text(std::string& to, uint16_t code, std::string_view value) {
  if (!value.empty())
    add_option(to, code, value);
}

template <class T>
void add_number(std::string& to, uint16_t code, T value) {
  std::string bytes;
  add(bytes, value);
  add_option(to, code, bytes);
}

/// The upper half of a time goes before the lower one, in any byte order.
void add_time(std::string& to, uint64_t when) {
  add(to, static_cast<uint32_t>(when >> 32));
  add(to, static_cast<uint32_t>(when));
}

/// A length stands at both ends of a block, so that it can be read backwards.
size_t begin_block(std::string& to, uint32_t type) {
  auto front = to.size();
  add(to, type);
  add(to, uint32_t{0});
  return front;
}

void end_block(std::string& to, size_t front) {
  add(to, uint32_t{end_of_options});
  auto size = static_cast<uint32_t>(to.size() - front + sizeof(uint32_t));
  add(to, size);
  std::memcpy(to.data() + front + sizeof(uint32_t), &size, sizeof(size));
}

} // namespace

std::string pcapng_front(const capture_front& of) {
  std::string out;
  auto section = begin_block(out, section_block);
  add(out, byte_order_magic);
  add(out, uint16_t{1}); // of the format: 1.0
  add(out, uint16_t{0});
  add(out, unknown_length);
  add_text(out, comment_option, of.comment);
  add_text(out, shb_os, "Linux");
  add_text(out, shb_userappl, of.program);
  end_block(out, section);
  auto interface = begin_block(out, interface_block);
  add(out, ethernet);
  add(out, uint16_t{0});
  add(out, of.snaplen);
  add_text(out, if_name, of.link);
  add_text(out, if_description, of.description);
  add_option(out, if_tsresol, {&nanoseconds, 1});
  if (!of.filter.empty())
    add_option(out, if_filter, std::string{filter_text} + of.filter);
  end_block(out, interface);
  return out;
}

void add_packet(std::string& to, const captured_packet& what) {
  auto front = begin_block(to, packet_block);
  add(to, uint32_t{0}); // the interface
  add_time(to, what.nanoseconds);
  add(to, static_cast<uint32_t>(what.bytes.size()));
  add(to, what.length);
  to.append(what.bytes);
  pad(to, what.bytes.size());
  add_number(to, epb_flags, uint32_t{what.way == direction::inbound ? 1U : 2U});
  end_block(to, front);
}

std::string pcapng_end(uint64_t now, uint64_t captured, uint64_t dropped) {
  std::string out;
  auto front = begin_block(out, statistics_block);
  add(out, uint32_t{0});
  add_time(out, now);
  add_number(out, isb_ifrecv, captured + dropped);
  add_number(out, isb_ifdrop, dropped);
  end_block(out, front);
  return out;
}

} // namespace pier::net
