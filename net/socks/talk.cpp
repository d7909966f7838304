#include "net/socks/talk.hpp"

#include "net/http/tunnel_opened.hpp"
#include "net/socks/http_head.hpp"
#include "net/socks/users.hpp"

namespace pier::net {

namespace {

constexpr char socks_version = 5;
constexpr std::string_view pac_path = "/proxy.pac";
constexpr std::string_view pac_type = "application/x-ns-proxy-autoconfig";

using turn = socks_talk::turn;

turn hang_up(std::string said = {}) {
  return {0, std::move(said), true};
}

std::string http_answer(
  std::string_view status, std::string_view type, std::string_view body,
  std::string_view fields = {}) {
  std::string out{"HTTP/1.1 "};
  out += status;
  out += "\r\nContent-Type: ";
  out += type;
  out += "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  out += fields;
  out += "Connection: close\r\n\r\n";
  out += body;
  return out;
}

std::string http_refusal(
  std::string_view status, std::string_view text,
  std::string_view fields = {}) {
  return http_answer(status, "text/plain", text, fields);
}

/// Who speaks HTTP otherwise than one may.
turn answer_malformed(ec why) {
  return hang_up(
    why == ec::exhausted
      ? http_refusal(
        "431 Request Header Fields Too Large",
        "A head of more than 16 KiB is not taken.\n")
      : http_refusal(
        "400 Bad Request", "This is no request to a proxy of HTTP.\n"));
}

std::string http_no(ec why) {
  switch (why) {
    case ec::forbidden:
      return http_refusal(
        "403 Forbidden",
        "It is outside the containers' network: see socks.outside.\n");
    case ec::refused:
    case ec::reset:
      return http_refusal(
        "502 Bad Gateway", "The container refuses connections there.\n");
    case ec::host_unreachable:
    case ec::network_unreachable:
      return http_refusal(
        "502 Bad Gateway", "No container is there: see pier ps.\n");
    case ec::timed_out:
      return http_refusal("504 Gateway Timeout", "It does not answer.\n");
    default:
      return http_refusal("502 Bad Gateway", "It cannot be reached for now.\n");
  }
}

} // namespace

turn socks_talk::hear(std::string_view bytes) {
  if (bytes.empty())
    return {};
  if (now_ == stage::login)
    return hear_login(bytes);
  if (now_ == stage::request)
    return hear_request(bytes);
  if (bytes.front() == socks_version)
    return hear_offer(bytes);
  auto is_http = bytes.front() >= 'A' && bytes.front() <= 'Z';
  return is_http ? hear_http(bytes) : hang_up();
}

turn socks_talk::hear_offer(std::string_view bytes) {
  auto offer = read_socks_offer(bytes);
  if (!offer)
    return hang_up();
  if (offer->size == 0)
    return {};
  auto chosen = socks_method::no_method;
  if (offer->what.none && !host_->lets_in) {
    chosen = socks_method::none;
    now_ = stage::request;
  } else if (offer->what.password) {
    // Who has no users lets everybody be one.
    chosen = socks_method::password;
    now_ = stage::login;
  }
  return {offer->size, to_wire(chosen), chosen == socks_method::no_method};
}

turn socks_talk::hear_login(std::string_view bytes) {
  auto login = read_socks_login(bytes);
  if (!login)
    return hang_up();
  if (login->size == 0)
    return {};
  auto right = !host_->lets_in || host_->lets_in(login->what);
  now_ = stage::request;
  return {login->size, socks_welcome(right), !right};
}

turn socks_talk::hear_request(std::string_view bytes) {
  auto no = [](socks_status how) {
    return hang_up(to_wire(socks_reply{how, {}}));
  };
  auto request = read_socks_request(bytes);
  if (!request)
    return request.error().code == ec::not_supported
      ? no(socks_status::unknown_address)
      : hang_up();
  if (request->size == 0)
    return {};
  socks_wish wish;
  wish.what = request->what.what;
  wish.to = std::move(request->what.to);
  switch (wish.what) {
    case socks_command::connect:
    case socks_command::bind:
    case socks_command::associate:
      return {request->size, {}, false, std::move(wish)};
    default:
      return no(socks_status::unknown_command);
  }
}

turn socks_talk::hear_http(std::string_view bytes) const {
  using kind = http_request::kind;
  auto read = read_http_head(bytes);
  if (!read)
    return answer_malformed(read.error().code);
  if (read->size == 0)
    return {};
  auto& asked = read->what;
  // A browser asks for it before it knows of any proxy.
  if (asked.what == kind::own) {
    if (asked.path != pac_path)
      return hang_up(http_refusal(
        "404 Not Found", "Only /proxy.pac is here, and a proxy.\n"));
    if (asked.method != "GET" && asked.method != "HEAD")
      return hang_up(http_refusal(
        "405 Method Not Allowed", "It can be read only.\n", "Allow: GET\r\n"));
    auto whole = http_answer("200 OK", pac_type, host_->pac(asked.host));
    if (asked.method == "HEAD")
      whole.erase(whole.find("\r\n\r\n") + 4);
    return {read->size, std::move(whole), true};
  }
  auto who = read_basic(asked.credentials);
  if (host_->lets_in && (!who || !host_->lets_in(*who)))
    return hang_up(http_refusal(
      "407 Proxy Authentication Required", "Who are you?\n",
      "Proxy-Authenticate: Basic realm=\"pier\"\r\n"));
  socks_wish wish;
  wish.dialect = socks_dialect::http;
  wish.to = std::move(asked.to);
  wish.first = std::move(asked.rewritten);
  wish.in_silence = asked.what == kind::forward;
  return {read->size, {}, false, std::move(wish)};
}

std::string socks_answer(socks_dialect dialect, ec why, const endpoint& at) {
  if (dialect == socks_dialect::socks)
    return to_wire(socks_reply{socks_status_of(why), {at}});
  return why == ec::ok ? std::string{tunnel_opened} : http_no(why);
}

} // namespace pier::net
