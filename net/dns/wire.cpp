#include "net/dns/wire.hpp"

#include <algorithm>
#include <cctype>

namespace pier::net {

namespace {

constexpr size_t header_size = 12;
// Of a name with its length bytes (RFC 1035, 2.3.4).
constexpr size_t longest_name = 255;

uint16_t number_at(dns_view bytes, size_t offset) {
  return static_cast<uint16_t>(bytes[offset] << 8 | bytes[offset + 1]);
}

void put(dns_bytes& bytes, size_t offset, uint16_t number) {
  bytes[offset] = static_cast<uint8_t>(number >> 8);
  bytes[offset + 1] = static_cast<uint8_t>(number & 0xff);
}

/// A name without compression: those of a question have nothing to point to.
std::optional<std::string> read_name(dns_view bytes, size_t& at) {
  std::string name;
  auto start = at;
  for (;;) {
    if (at >= bytes.size() || at - start >= longest_name)
      return std::nullopt;
    size_t length = bytes[at++];
    if (length == 0)
      break;
    if (length > 63 || at + length > bytes.size())
      return std::nullopt;
    if (!name.empty())
      name += '.';
    for (size_t i = 0; i < length; ++i)
      name += static_cast<char>(std::tolower(bytes[at + i]));
    at += length;
  }
  return name;
}

} // namespace

uint16_t id_of(dns_view message) {
  return message.size() < 2 ? uint16_t{0} : number_at(message, 0);
}

void set_id(dns_bytes& message, uint16_t id) {
  if (message.size() >= 2)
    put(message, 0, id);
}

dns_code code_of(dns_view message) {
  return message.size() < header_size
    ? dns_code::failure
    : static_cast<dns_code>(message[3] & 0x0f);
}

bool is_truncated(dns_view message) {
  return message.size() >= header_size && (message[2] & 0x02) != 0;
}

std::optional<size_t> question_end(dns_view message) {
  if (message.size() < header_size || number_at(message, 4) != 1)
    return std::nullopt;
  auto at = header_size;
  if (!read_name(message, at) || at + 4 > message.size())
    return std::nullopt;
  return at + 4;
}

result<dns_question> read_question(dns_view query) {
  auto refuse = [](const char* why) {
    return error{ec::bad_request, std::string{"DNS question: "} + why};
  };
  if (query.size() < header_size || (query[2] & 0x80) != 0)
    return refuse("not a question");
  if ((query[2] & 0x78) != 0)
    return error{ec::not_supported, "DNS question: not a query"};
  auto end = question_end(query);
  if (!end)
    return refuse("malformed");
  dns_question out;
  auto at = header_size;
  out.name = *read_name(query, at);
  out.type = number_at(query, at);
  out.klass = number_at(query, at + 2);
  return out;
}

bool answers(dns_view query, dns_view reply) {
  if (reply.size() < header_size || (reply[2] & 0x80) == 0)
    return false;
  auto asked = question_end(query);
  auto told = question_end(reply);
  // A server that understood nothing repeats no question.
  if (asked && !told)
    return number_at(reply, 4) == 0 && code_of(reply) != dns_code::no_error;
  if (!asked || *asked != *told)
    return false;
  auto same = [](uint8_t a, uint8_t b) {
    return std::tolower(a) == std::tolower(b);
  };
  return std::equal(
    query.begin() + header_size,
    query.begin() + static_cast<std::ptrdiff_t>(*asked),
    reply.begin() + header_size, same);
}

dns_bytes make_failure(dns_view query, dns_code why) {
  if (query.size() < header_size)
    return {};
  auto end = question_end(query);
  dns_bytes out(
    query.begin(),
    query.begin() + static_cast<std::ptrdiff_t>(end.value_or(header_size)));
  out[2] = static_cast<uint8_t>((out[2] & 0x79) | 0x80);
  out[3] = static_cast<uint8_t>(0x80 | static_cast<uint8_t>(why));
  put(out, 4, end ? 1 : 0);
  for (auto section : {6, 8, 10})
    put(out, static_cast<size_t>(section), 0);
  return out;
}

dns_bytes truncate(dns_view reply) {
  auto out = make_failure(reply, code_of(reply));
  if (!out.empty())
    out[2] |= 0x02;
  return out;
}

} // namespace pier::net
