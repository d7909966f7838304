#include "net/proxy/http_exchange.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <utility>

namespace pier::net {

namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr uint32_t most_head = 16384;
constexpr int most_interims = 4;

bool stays_open(const http::response<http::string_body>& head, bool to_end) {
  // Older proxies say it by a name of their own.
  auto word = head["Proxy-Connection"];
  if (to_end || boost::beast::iequals(word, "close"))
    return false;
  return head.keep_alive() || boost::beast::iequals(word, "keep-alive");
}

} // namespace

std::string_view http_answer::field(std::string_view name) const {
  auto found = fields.find({name.data(), name.size()});
  if (found == fields.end())
    return {};
  return {found->value().data(), found->value().size()};
}

void http_exchange::ask(std::string request, bool is_connect, taker done) {
  is_connect_ = is_connect;
  interims_ = 0;
  done_ = std::move(done);
  buffer_.clear();
  begin_answer();
  stream_.write(std::move(request), [this](ec why) {
    // Who has hung up may have said why before.
    if (why != ec::ok && why != ec::reset)
      return fail(why, "the connection to it has broken");
    read();
  });
}

void http_exchange::begin_answer() {
  parser_.emplace();
  parser_->header_limit(most_head);
  parser_->body_limit(most_body_);
}

void http_exchange::read() {
  stream_.look([this](ec why, std::string_view seen) {
    if (why != ec::ok)
      return fail(why, "the connection to it has broken");
    if (seen.empty())
      return hear_end();
    hear(seen);
  });
}

void http_exchange::hear(std::string_view seen) {
  buffer_.append(seen);
  size_t used = 0;
  error_code failed;
  auto whole = parse(used, failed);
  auto left = buffer_.size() - used;
  // What was left the last time is seen no more, and is part of this answer.
  stream_.take(whole ? seen.size() - std::min(left, seen.size()) : seen.size());
  buffer_.erase(0, used);
  if (failed == http::error::body_limit)
    return fail(ec::bad_request, "its answer is too long");
  if (failed)
    return fail(ec::bad_request, "its answer is no HTTP: " + failed.message());
  if (whole)
    return finish();
  read();
}

/// Whether the answer is complete.
bool http_exchange::parse(size_t& used, error_code& failed) {
  while (used < buffer_.size()) {
    auto rest = boost::asio::buffer(buffer_) + used;
    auto before_head = !parser_->is_header_done();
    used += parser_->put(rest, failed);
    if (failed == http::error::need_more) {
      failed = {};
      return false;
    }
    if (failed)
      return false;
    auto status = parser_->is_header_done() ? parser_->get().result_int() : 0;
    if (before_head && status / 100 == 1 && status != 101) {
      if (++interims_ > most_interims) {
        failed = http::error::unexpected_body;
        return false;
      }
      begin_answer();
      continue;
    }
    if (parser_->is_done() || (is_connect_ && status / 100 == 2))
      return true;
  }
  return false;
}

void http_exchange::hear_end() {
  error_code failed;
  if (!parser_->got_some())
    return fail(ec::reset, "it has hung up without an answer");
  parser_->put_eof(failed);
  if (failed)
    return fail(ec::reset, "it has hung up in the middle of its answer");
  finish();
}

void http_exchange::finish() {
  auto to_end = parser_->need_eof();
  auto message = parser_->release();
  http_answer out;
  out.status = message.result_int();
  out.keeps_alive = stays_open(message, to_end);
  out.body = std::move(message.body());
  out.fields = std::move(message.base());
  std::exchange(done_, nullptr)(std::move(out));
}

void http_exchange::fail(ec code, std::string why) {
  std::exchange(done_, nullptr)(error{code, std::move(why)});
}

} // namespace pier::net
