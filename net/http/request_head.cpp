#include "net/http/request_head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace pier::net {

namespace http = boost::beast::http;

namespace {

constexpr size_t most_fields = 256;
constexpr size_t longest_name = 253;
constexpr std::string_view http_scheme{"http://"};

struct place {
  std::string host;
  uint16_t port = 0;
};

http_refusal bad(std::string why) {
  return {400, std::move(why)};
}

bool starts_alike(std::string_view text, std::string_view with) {
  return boost::beast::iequals(text.substr(0, with.size()), with);
}

/// HOST[:PORT]; nothing: it is none. No user is taken (RFC 9110, 4.2.4).
std::optional<place> read_authority(std::string_view text, uint16_t usual) {
  place out{{}, usual};
  auto bracket = text.rfind(']');
  auto colon = text.rfind(':');
  if (colon != text.npos && (bracket == text.npos || bracket < colon)) {
    auto digits = text.substr(colon + 1);
    auto [end, why] = std::from_chars(
      digits.data(), digits.data() + digits.size(), out.port);
    auto is_number = why == std::errc{} && end == digits.data() + digits.size();
    if (!digits.empty() && (!is_number || out.port == 0))
      return std::nullopt;
    text = text.substr(0, colon);
  }
  if (text.starts_with("[")) {
    auto ip = ip_address::parse(text.substr(1, text.size() - 2));
    if (!text.ends_with("]") || !ip || ip->is_v4())
      return std::nullopt;
    out.host = to_string(*ip);
    return out;
  }
  auto is_letter = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
  };
  if (
    text.empty() || text.size() > longest_name || text.front() == '.'
    || !std::all_of(text.begin(), text.end(), is_letter))
    return std::nullopt;
  for (auto each : text)
    out.host += static_cast<char>(
      std::tolower(static_cast<unsigned char>(each)));
  if (out.host.ends_with('.'))
    out.host.pop_back();
  return out;
}

http_result<void> read_connect(request_head& into, std::string_view target) {
  auto at = read_authority(target, 0);
  if (!at || at->port == 0)
    return bad("CONNECT to something else than HOST:PORT");
  into.what.what = proxy_request::kind::connect;
  into.what.host = at->host;
  into.what.port = at->port;
  into.authority = std::string{target};
  if (into.facts.body.how != framing::kind::none)
    return bad("CONNECT with a body");
  return {};
}

http_result<void> read_absolute(request_head& into, std::string_view target) {
  if (starts_alike(target, "https://"))
    return bad("an https URL is not asked for in the clear: use CONNECT");
  if (!starts_alike(target, http_scheme))
    return bad(
      "this is an HTTP proxy: ask for a whole URL, http://HOST/…, or CONNECT "
      "HOST:PORT");
  target.remove_prefix(http_scheme.size());
  auto end = std::min(target.find_first_of("/?#"), target.size());
  into.authority = std::string{target.substr(0, end)};
  auto at = read_authority(into.authority, 80);
  if (!at)
    return bad("a URL whose host cannot be read");
  into.what.host = at->host;
  into.what.port = at->port;
  auto rest = target.substr(end);
  rest = rest.substr(0, rest.find('#'));
  into.target = (rest.starts_with('/') ? "" : "/") + std::string{rest};
  if (rest.empty() && into.method == "OPTIONS")
    into.target = "*";
  return {};
}

/// The Host field of HTTP/1.1 is there, once, and is one.
http_result<void> check_host(const request_head& of) {
  auto count = of.fields.count(http::field::host);
  if (count > 1)
    return bad("two Host fields: send one");
  if (count == 0)
    return of.facts.is_http11
      ? http_result<void>{bad("no Host field: HTTP/1.1 has one")}
      : http_result<void>{};
  if (!read_authority(of.fields[http::field::host], 80))
    return bad("a Host field that names no host");
  return {};
}

unsigned status_of(const boost::system::error_code& why) {
  if (why == http::error::bad_version)
    return 505;
  return why == http::error::header_limit ? 431 : 400;
}

http_result<request_head>
read_common(std::string_view head, std::string& target) {
  if (const auto* fault = fault_of_lines(head))
    return bad(fault);
  http::request_parser<http::empty_body> parser;
  parser.header_limit(longest_head);
  parser.skip(true);
  boost::system::error_code why;
  parser.put(boost::asio::buffer(head.data(), head.size()), why);
  if (why && why != http::error::need_more)
    return http_refusal{
      status_of(why), "the request cannot be read: " + why.message()};
  if (!parser.is_header_done())
    return bad("the request's head has no end");
  auto& message = parser.get();
  request_head out;
  if (std::distance(message.begin(), message.end()) > ptrdiff_t{most_fields})
    return http_refusal{431, "more than 256 fields"};
  out.method = std::string{message.method_string()};
  out.what.method = out.method;
  target = std::string{message.target()};
  auto facts = read_facts(message.base(), message.version(), true);
  if (!facts)
    return facts.error();
  out.facts = std::move(*facts);
  out.fields = std::move(message.base());
  if (auto good = check_host(out); !good)
    return good.error();
  return out;
}

} // namespace

http_result<request_head> read_request(std::string_view head) {
  std::string target;
  auto out = read_common(head, target);
  if (!out)
    return out;
  auto good = out->method == "CONNECT" ? read_connect(*out, target)
                                       : read_absolute(*out, target);
  if (!good)
    return good.error();
  return out;
}

http_result<request_head>
read_led_request(std::string_view head, uint16_t port) {
  std::string target;
  auto out = read_common(head, target);
  if (!out)
    return out;
  if (!target.starts_with('/') && target != "*")
    return bad("a request to a server asks for a path");
  out->target = target;
  out->authority = std::string{out->fields[http::field::host]};
  auto at = read_authority(out->authority, port);
  if (!at)
    return bad("no Host field to go by");
  out->what.host = at->host;
  out->what.port = port;
  return out;
}

std::string url_of(const request_head& what) {
  return std::string{http_scheme} + what.authority
    + (what.target == "*" ? std::string{} : what.target);
}

request_head without_body(request_head what) {
  what.facts.body = {framing::kind::length, 0};
  what.fields.erase(http::field::expect);
  what.fields.erase(http::field::trailer);
  return what;
}

std::string onward_request(
  const request_head& what, bool to_proxy, const std::string& credentials) {
  auto target = to_proxy ? url_of(what) : what.target;
  auto out = what.method + " " + target + " HTTP/1.1\r\n";
  // Of the URL, whatever the field said (RFC 9112, 3.2.2).
  out += "Host: " + what.authority + "\r\n";
  auto rest = what.fields;
  rest.erase(http::field::host);
  out += onward_fields(rest) + field_of(what.facts.body);
  if (to_proxy && !credentials.empty())
    out += "Proxy-Authorization: " + credentials + "\r\n";
  if (!what.facts.upgrade.empty())
    out += "Connection: upgrade\r\nUpgrade: " + what.facts.upgrade + "\r\n";
  return out + "\r\n";
}

} // namespace pier::net
