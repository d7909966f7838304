#include "tools/pierd/metrics_visit.hpp"

#include "messages/address.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>

#include <array>
#include <chrono>

namespace pier::daemon {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr auto reading_deadline = std::chrono::seconds{5};
constexpr auto writing_deadline = std::chrono::seconds{10};
constexpr auto lingering_deadline = std::chrono::seconds{1};
constexpr uint32_t largest_head = 8 * 1024;
constexpr size_t most_after = 64 * 1024;

constexpr std::string_view text_type = "text/plain; version=0.0.4; "
                                       "charset=utf-8";

/// "127.0.0.1" of "127.0.0.1:9464", "::1" of "[::1]:9464".
std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) {
    auto end = host.find(']');
    return end == std::string_view::npos ? host : host.substr(1, end - 1);
  }
  return host.substr(0, host.find(':'));
}

} // namespace

bool is_loopback_host(std::string_view host) {
  auto name = without_port(host);
  if (beast::iequals({name.data(), name.size()}, "localhost"))
    return true;
  auto ip = ip_address::parse(name);
  return ip && ip->is_loopback();
}

std::optional<http_refusal>
judge_request(const http::request<http::empty_body>& what) {
  auto host = what[http::field::host];
  if (!host.empty() && !is_loopback_host({host.data(), host.size()}))
    return http_refusal{
      http::status::forbidden,
      "this is read by way of the loopback alone: ask for localhost\n"};
  auto target = what.target();
  if (target.substr(0, target.find('?')) != "/metrics")
    return http_refusal{
      http::status::not_found, "there is nothing here but /metrics\n"};
  if (what.method() != http::verb::get && what.method() != http::verb::head)
    return http_refusal{
      http::status::method_not_allowed, "/metrics is read by GET\n"};
  return std::nullopt;
}

metrics_visit::metrics_visit(socket client, source pages)
  : stream_(std::move(client)), pages_(std::move(pages)) {
  parser_.header_limit(largest_head);
  parser_.body_limit(0);
}

void metrics_visit::start() {
  stream_.expires_after(reading_deadline);
  http::async_read(
    stream_, buffer_, parser_,
    [me = shared_from_this()](const error_code& why, size_t) {
      me->hear(why);
    });
}

void metrics_visit::hear(const error_code& why) {
  reading_ = false;
  if (!on_end)
    return;
  if (why == http::error::header_limit)
    return refuse(
      {http::status::request_header_fields_too_large,
       "a head has at most 8 KiB here\n"});
  if (why == http::error::body_limit || why == http::error::unexpected_body)
    return refuse(
      {http::status::payload_too_large, "a question has no body here\n"});
  // A client that has gone, or has said nothing in time, hears nothing.
  if (why && why.category() != make_error_code(http::error{}).category())
    return end();
  if (why == http::error::end_of_stream || why == http::error::partial_message)
    return end();
  if (why)
    return refuse({http::status::bad_request, "this is no HTTP\n"});
  is_head_ = parser_.get().method() == http::verb::head;
  if (auto no = judge_request(parser_.get()))
    return refuse(*no);
  pages_(
    [me = shared_from_this()](const result<page>& what) { me->give(what); });
}

void metrics_visit::refuse(const http_refusal& why) {
  body_ = std::make_shared<const std::string>(why.text);
  send(why.status, "text/plain; charset=utf-8");
}

void metrics_visit::give(const result<page>& what) {
  if (!on_end)
    return;
  if (!what)
    return refuse(
      {http::status::service_unavailable, what.error().text + "\n"});
  body_ = *what;
  send(http::status::ok, text_type);
}

void metrics_visit::send(http::status status, std::string_view type) {
  head_ = "HTTP/1.1 " + std::to_string(static_cast<unsigned>(status)) + " "
    + std::string{http::obsolete_reason(status)}
    + "\r\nConnection: close\r\nCache-Control: no-store\r\n";
  if (status == http::status::method_not_allowed)
    head_ += "Allow: GET, HEAD\r\n";
  head_ += "Content-Type: " + std::string{type}
    + "\r\nContent-Length: " + std::to_string(body_->size()) + "\r\n\r\n";
  std::array<asio::const_buffer, 2> all{
    asio::buffer(head_),
    is_head_ ? asio::const_buffer{} : asio::buffer(*body_)};
  stream_.expires_after(writing_deadline);
  asio::async_write(
    stream_, all, [me = shared_from_this()](const error_code& why, size_t) {
      if (why || !me->on_end)
        return me->end();
      error_code ignored;
      me->stream_.socket().shutdown(socket::shutdown_send, ignored);
      me->left_to_read_ = most_after;
      me->stream_.expires_after(lingering_deadline);
      me->linger();
    });
}

void metrics_visit::linger() {
  buffer_.clear();
  stream_.async_read_some(
    buffer_.prepare(largest_head),
    [me = shared_from_this()](const error_code& why, size_t got) {
      if (why || got >= me->left_to_read_ || !me->on_end)
        return me->end();
      me->left_to_read_ -= got;
      me->linger();
    });
}

void metrics_visit::drop() {
  on_end = nullptr;
  stream_.close();
}

void metrics_visit::end() {
  stream_.close();
  if (auto told = std::exchange(on_end, nullptr))
    told(this);
}

} // namespace pier::daemon
