#include "net/http/head.hpp"

#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <vector>

namespace pier::net {

namespace http = boost::beast::http;

namespace {

bool equal(std::string_view a, std::string_view b) {
  return boost::beast::iequals(a, b);
}

template <size_t Size>
bool is_among(
  const std::array<std::string_view, Size>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](const auto& each) {
    return equal(each, name);
  });
}

/// For one hop; what names a proxy begins with "Proxy-".
constexpr std::array<std::string_view, 6> hop_names{
  "connection",        "keep-alive", "te",
  "transfer-encoding", "upgrade",    "content-length"};
constexpr std::string_view proxy_prefix{"proxy-"};

/// Whoever has them taken off by naming them in Connection changes what the
/// message is.
constexpr std::array<std::string_view, 3> lasting_names{
  "host", "content-length", "transfer-encoding"};

/// RFC 9110, 6.5.1.
constexpr std::array<std::string_view, 12> never_behind{
  "host",          "authorization", "cookie",        "set-cookie",
  "cache-control", "expect",        "max-forwards",  "pragma",
  "range",         "content-type",  "content-range", "content-encoding"};

bool is_for_hop(std::string_view name) {
  return is_among(hop_names, name)
    || (name.size() > proxy_prefix.size()
        && equal(name.substr(0, proxy_prefix.size()), proxy_prefix));
}

std::vector<std::string> named_by_connection(const http_fields& fields) {
  std::vector<std::string> out;
  auto [begin, end] = fields.equal_range(http::field::connection);
  for (; begin != end; ++begin)
    for (auto each : http::token_list{begin->value()})
      out.emplace_back(each);
  return out;
}

std::string line_of(const http_fields::value_type& field) {
  return std::string{field.name_string()} + ": " + std::string{field.value()}
  + "\r\n";
}

http_result<framing> read_framing(const http_fields& fields, bool is_request) {
  auto lengths = fields.count(http::field::content_length);
  auto encodings = fields.count(http::field::transfer_encoding);
  if (lengths > 1)
    return http_refusal{400, "two Content-Length fields: send one"};
  if (encodings > 0 && lengths > 0)
    return http_refusal{
      400, "Content-Length beside Transfer-Encoding: send one of them"};
  if (encodings > 0) {
    auto coding = fields[http::field::transfer_encoding];
    if (encodings > 1 || !equal(coding, "chunked"))
      return http_refusal{
        501,
        "a Transfer-Encoding other than \"chunked\": send that, or a "
        "Content-Length"};
    return framing{framing::kind::chunked, 0};
  }
  if (lengths == 0)
    return framing{
      is_request ? framing::kind::none : framing::kind::until_end, 0};
  auto text = fields[http::field::content_length];
  uint64_t length = 0;
  auto [end, why] = std::from_chars(
    text.data(), text.data() + text.size(), length);
  if (why != std::errc{} || end != text.data() + text.size())
    return http_refusal{400, "a Content-Length that is no number"};
  return framing{framing::kind::length, length};
}

} // namespace

void throw_exception_from_error(
  const http_refusal& what, const boost::source_location&) {
  throw std::logic_error{what.text};
}

size_t empty_lines_before(std::string_view bytes) {
  size_t out = 0;
  while (bytes.substr(out, 2) == "\r\n")
    out += 2;
  return out;
}

size_t find_head_end(std::string_view bytes) {
  constexpr std::string_view end{"\r\n\r\n"};
  auto found = bytes.find(end);
  return found == bytes.npos ? 0 : found + end.size();
}

const char* fault_of_lines(std::string_view head) {
  for (size_t i = 0; i < head.size(); ++i) {
    auto ends = head.substr(i, 2) == "\r\n";
    if (head[i] == '\0')
      return "a NUL in the head";
    if (!ends && (head[i] == '\r' || head[i] == '\n'))
      return "a line that does not end in CR LF";
    if (!ends)
      continue;
    auto next = i + 2 < head.size() ? head[i + 2] : '\r';
    if (next == ' ' || next == '\t')
      return "a folded field: write it in one line";
    ++i;
  }
  return nullptr;
}

http_result<head_facts>
read_facts(const http_fields& fields, unsigned version, bool is_request) {
  head_facts out;
  out.is_http11 = version == 11;
  auto body = read_framing(fields, is_request);
  if (!body)
    return body.error();
  out.body = *body;
  if (!out.is_http11 && out.body.how == framing::kind::chunked)
    return http_refusal{400, "chunks in HTTP/1.0"};
  auto closes = false;
  auto keeps = false;
  auto upgrades = false;
  for (const auto& each : named_by_connection(fields)) {
    if (is_among(lasting_names, each))
      return http_refusal{
        400, "a Connection that names " + each + ", which is for all hops"};
    closes = closes || equal(each, "close");
    keeps = keeps || equal(each, "keep-alive");
    upgrades = upgrades || equal(each, "upgrade");
  }
  out.keep_alive = !closes && (out.is_http11 || keeps);
  if (upgrades && out.is_http11)
    out.upgrade = std::string{fields[http::field::upgrade]};
  return out;
}

std::string onward_fields(const http_fields& fields) {
  auto named = named_by_connection(fields);
  std::string out;
  for (const auto& each : fields) {
    auto name = each.name_string();
    auto is_named = std::any_of(
      named.begin(), named.end(),
      [&](const auto& other) { return equal(other, name); });
    if (!is_named && !is_for_hop(name))
      out += line_of(each);
  }
  return out;
}

std::string onward_trailers(const http_fields& fields) {
  std::string out;
  for (const auto& each : fields)
    if (
      !is_for_hop(each.name_string())
      && !is_among(never_behind, each.name_string()))
      out += line_of(each);
  return out;
}

} // namespace pier::net
