#include "net/proxy/connect_answer.hpp"

#include <boost/beast/http/status.hpp>

#include <charconv>
#include <optional>

namespace pier::net {

namespace {

struct known_word {
  std::string_view word;
  ec code;
};

/// RFC 9209, 2.3.
constexpr known_word status_words[] = {
  {"connection_refused", ec::refused},
  {"connection_timeout", ec::timed_out},
  {"connection_terminated", ec::reset},
  {"connection_limit_reached", ec::exhausted},
  {"connection_read_timeout", ec::timed_out},
  {"connection_write_timeout", ec::timed_out},
  {"dns_timeout", ec::timed_out},
  {"dns_error", ec::host_unreachable},
  {"destination_not_found", ec::host_unreachable},
  {"destination_unavailable", ec::host_unreachable},
  {"destination_ip_prohibited", ec::forbidden},
  {"destination_ip_unroutable", ec::network_unreachable},
  {"http_request_denied", ec::forbidden},
};

std::optional<ec> of_proxy_status(std::string_view value) {
  constexpr std::string_view key = "error=";
  auto at = value.find(key);
  if (at == std::string_view::npos)
    return std::nullopt;
  auto word = value.substr(at + key.size());
  word = word.substr(0, word.find_first_of(";, "));
  for (const auto& each : status_words)
    if (each.word == word)
      return each.code;
  return std::nullopt;
}

/// "ERR_CONNECT_FAIL 111": the number is an errno.
std::optional<ec> of_squid(std::string_view value) {
  if (value.starts_with("ERR_ACCESS_DENIED"))
    return ec::forbidden;
  if (value.starts_with("ERR_DNS_FAIL"))
    return ec::host_unreachable;
  auto blank = value.find(' ');
  if (blank == std::string_view::npos || !value.starts_with("ERR_CONNECT_FAIL"))
    return std::nullopt;
  int number = 0;
  auto digits = value.substr(blank + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  auto code = from_errno(number);
  if (number == 0 || code == ec::failed)
    return std::nullopt;
  return code;
}

ec of_status(unsigned status) {
  switch (status) {
    case 403:
    case 405:
    case 451:
      return ec::forbidden;
    case 401:
    case 407:
      return ec::permission_denied;
    case 400:
    case 501:
    case 505:
      return ec::bad_request;
    case 408:
    case 504:
      return ec::timed_out;
    case 429:
      return ec::exhausted;
    default:
      return ec::host_unreachable;
  }
}

} // namespace

error refusal_of(const http_answer& answer) {
  auto code = of_proxy_status(answer.field("Proxy-Status"));
  if (!code)
    code = of_squid(answer.field("X-Squid-Error"));
  auto reason = boost::beast::http::obsolete_reason(
    static_cast<boost::beast::http::status>(answer.status));
  return {
    code.value_or(of_status(answer.status)),
    "it says " + std::to_string(answer.status) + ": "
      + std::string{reason.data(), reason.size()}};
}

} // namespace pier::net
