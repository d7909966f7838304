#include "net/http/first_words.hpp"

#include "net/http/client_hello.hpp"
#include "net/http/request_head.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace pier::net {

namespace {

constexpr uint8_t handshake_record = 22;

first_words by_hello(std::span<const uint8_t> bytes) {
  auto hello = read_hello(bytes);
  switch (hello.what) {
    case hello_name::kind::found:
      return {first_words::kind::tls, std::move(hello.name)};
    case hello_name::kind::incomplete:
      return {};
    default:
      return {first_words::kind::unknown, {}};
  }
}

/// A request's line begins with a method, in letters.
bool may_be_http(std::string_view text) {
  constexpr size_t longest_method = 24;
  auto end = std::min(text.find(' '), text.size());
  auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || c == '-'; };
  return end > 0 && end <= longest_method
    && std::all_of(
           text.begin(), text.begin() + static_cast<ptrdiff_t>(end), is_letter);
}

first_words by_request(std::string_view text) {
  constexpr uint16_t usual_port = 80;
  auto end = find_head_end(text);
  if (end == 0)
    return {};
  auto head = read_led_request(text.substr(0, end), usual_port);
  if (!head)
    return {first_words::kind::unknown, {}};
  return {first_words::kind::http, std::move(head->what.host)};
}

} // namespace

first_words read_first_words(std::span<const uint8_t> bytes) {
  first_words out;
  if (bytes.empty())
    return out;
  std::string_view text{
    reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  if (bytes[0] == handshake_record)
    out = by_hello(bytes);
  else if (may_be_http(text))
    out = by_request(text);
  else
    out.what = first_words::kind::unknown;
  if (
    out.what == first_words::kind::incomplete
    && bytes.size() >= most_first_words)
    out.what = first_words::kind::unknown;
  return out;
}

} // namespace pier::net
