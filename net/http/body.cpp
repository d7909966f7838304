#include "net/http/body.hpp"

#include <boost/asio/buffer.hpp>

#include <array>
#include <charconv>
#include <limits>

namespace pier::net {

namespace http = boost::beast::http;

namespace {

http_refusal broken(const boost::system::error_code& why) {
  return {400, "the body cannot be read: " + why.message()};
}

} // namespace

/// A head of our own stands for the message's, which somebody has read.
body_reader::body_reader(const framing& how) {
  done_ = how.how == framing::kind::none
    || (how.how == framing::kind::length && how.length == 0);
  if (done_)
    return;
  fresh_ = how.how == framing::kind::chunked;
  parser_ = std::make_unique<parser>();
  parser_->body_limit(std::numeric_limits<uint64_t>::max());
  auto head = "HTTP/1.1 200 OK\r\n" + field_of(how) + "\r\n";
  boost::system::error_code why;
  parser_->put(boost::asio::buffer(head), why);
  // What is left of the fields in the end are the trailers.
  parser_->get().base().clear();
}

http_result<body_reader::piece>
body_reader::read(std::string_view come, std::span<char> out) {
  piece sum;
  // Beast asserts so much of a first chunk that is the last one; the shortest
  // body is as long.
  constexpr size_t shortest = 5;
  if (fresh_ && come.size() < shortest)
    return sum;
  while (!done_ && sum.given < out.size()) {
    auto& body = parser_->get().body();
    body.data = out.data() + sum.given;
    body.size = out.size() - sum.given;
    body.more = true;
    boost::system::error_code why;
    auto before = body.size;
    auto rest = come.substr(sum.taken);
    auto taken = rest.empty()
      ? size_t{0}
      : parser_->put(boost::asio::buffer(rest.data(), rest.size()), why);
    auto given = before - body.size;
    fresh_ = fresh_ && taken == 0;
    sum.taken += taken;
    sum.given += given;
    done_ = parser_->is_done();
    if (why && why != http::error::need_more && why != http::error::need_buffer)
      return broken(why);
    if (taken == 0 && given == 0)
      break;
  }
  return sum;
}

http_result<void> body_reader::end() {
  if (done_)
    return {};
  boost::system::error_code why;
  parser_->put_eof(why);
  if (why)
    return broken(why);
  done_ = true;
  return {};
}

std::string body_reader::trailers() const {
  return parser_ ? onward_trailers(parser_->get().base()) : std::string{};
}

std::string chunk_head(size_t size) {
  std::array<char, 20> digits{};
  auto [end, why] = std::to_chars(
    digits.data(), digits.data() + digits.size(), size, 16);
  return std::string{digits.data(), end} + "\r\n";
}

std::string last_chunk(const std::string& trailers) {
  return "0\r\n" + trailers + "\r\n";
}

} // namespace pier::net
