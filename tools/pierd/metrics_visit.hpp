#pragma once

/// One client of the metrics' door.

#include "messages/error.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pier::daemon {

/// What a page is made of; shared by all who ask at once.
using page = std::shared_ptr<const std::string>;

/// What a request is answered with, when it is not the page.
struct http_refusal {
  boost::beast::http::status status;
  std::string text;
};

/// Nothing: it may have the page. Pure.
std::optional<http_refusal> judge_request(
  const boost::beast::http::request<boost::beast::http::empty_body>& what);

/// Whether a Host names this machine's loopback, with or without a port. A name
/// of the web that leads here is some web page's, which is to read nothing.
bool is_loopback_host(std::string_view host);

/// Role: reads one request, answers it, and closes.
/// Theory of operation: reading and writing have a deadline each, a head has at
/// most 8 KiB, and a body none. After the answer a little more is read, so that
/// no RST overtakes it.
/// Lifetime: as long as it has work; `drop` ends that.
class metrics_visit : public std::enable_shared_from_this<metrics_visit> {
public:
  using socket = boost::asio::ip::tcp::socket;
  /// Called back once, on the same loop.
  using source = std::function<void(std::function<void(const result<page>&)>)>;

  metrics_visit(socket client, source pages);

  /// It is over; called at most once, and not after `drop`.
  std::function<void(const metrics_visit*)> on_end;

  void start();
  void drop();

  /// Its request is not there yet.
  bool is_reading() const noexcept {
    return reading_;
  }

private:
  using response = boost::beast::http::response<
    boost::beast::http::string_body>;
  using error_code = boost::system::error_code;

  void hear(const error_code& why);
  void refuse(const http_refusal& why);
  void give(const result<page>& what);
  void send(boost::beast::http::status status, std::string_view text);
  void linger();
  void end();

  boost::beast::tcp_stream stream_;
  source pages_;
  boost::beast::flat_buffer buffer_;
  boost::beast::http::request_parser<boost::beast::http::empty_body> parser_;
  bool is_head_ = false;
  bool reading_ = true;
  page body_;
  std::string head_;
  size_t left_to_read_ = 0;
};

} // namespace pier::daemon
