#include "net/http/response_head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>

namespace pier::net {

namespace http = boost::beast::http;

namespace {

constexpr unsigned no_content = 204, not_modified = 304, switching = 101;

http_refusal bad(const std::string& why) {
  return {502, "the server's answer cannot be passed on: " + why};
}

/// RFC 9112, 6.3: these have none, whatever the fields say of another one.
bool has_no_body(unsigned status, const std::string& method) {
  return method == "HEAD" || status < 200 || status == no_content
    || status == not_modified;
}

std::string status_line(unsigned status, std::string_view reason) {
  return "HTTP/1.1 " + std::to_string(status) + " " + std::string{reason}
  + "\r\n";
}

} // namespace

http_result<response_head>
read_response(std::string_view head, const std::string& method) {
  if (const auto* fault = fault_of_lines(head))
    return bad(fault);
  http::response_parser<http::empty_body> parser;
  parser.header_limit(longest_head);
  parser.skip(true);
  boost::system::error_code why;
  parser.put(boost::asio::buffer(head.data(), head.size()), why);
  if (why && why != http::error::need_more)
    return bad(why.message());
  if (!parser.is_header_done())
    return bad("its head has no end");
  auto& message = parser.get();
  response_head out;
  out.status = message.result_int();
  if (out.status < 100) // RFC 9110, 15
    return bad("its status is no number of three digits");
  out.reason = std::string{message.reason()};
  auto facts = read_facts(message.base(), message.version(), false);
  if (!facts)
    return bad(facts.error().text);
  out.facts = std::move(*facts);
  if (has_no_body(out.status, method))
    // The length that a GET's would have goes on as it is.
    out.facts.body.how = framing::kind::none;
  if (out.facts.body.how == framing::kind::until_end)
    out.facts.keep_alive = false;
  out.fields = std::move(message.base());
  return out;
}

framing onward_framing(const response_head& what, bool client_is_http11) {
  auto out = what.facts.body;
  if (out.how == framing::kind::until_end && client_is_http11)
    out.how = framing::kind::chunked;
  else if (out.how == framing::kind::chunked && !client_is_http11)
    out.how = framing::kind::until_end;
  return out;
}

std::string onward_response(
  const response_head& what, const framing& as, bool client_is_http11,
  bool keeps) {
  auto out = status_line(what.status, what.reason) + onward_fields(what.fields);
  auto length = what.fields[http::field::content_length];
  if (as.how == framing::kind::none && !length.empty())
    out += "Content-Length: " + std::string{length} + "\r\n";
  else
    out += field_of(as);
  if (what.status == switching)
    return out + "Connection: upgrade\r\nUpgrade: " + what.facts.upgrade
      + "\r\n\r\n";
  if (what.is_interim())
    return out + "\r\n";
  if (!keeps)
    out += "Connection: close\r\n";
  else if (!client_is_http11)
    out += "Connection: keep-alive\r\n";
  return out + "\r\n";
}

std::string own_response(const http_refusal& why) {
  auto reason = http::obsolete_reason(http::int_to_status(why.status));
  auto body = "pier: " + why.text + "\n";
  return status_line(why.status, {reason.data(), reason.size()})
    + "Content-Type: text/plain; charset=utf-8\r\nContent-Length: "
    + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

http_refusal refusal_of(const error& why) {
  switch (why.code) {
    case ec::bad_request:
      return {400, why.text};
    case ec::forbidden:
      return {403, why.text};
    case ec::timed_out:
      return {504, why.text};
    case ec::exhausted:
    case ec::interrupted:
      return {503, why.text};
    default:
      return {502, why.text};
  }
}

} // namespace pier::net
