#pragma once

/// One request of ours to an HTTP server, and its answer.

#include "net/proxy/handshake_stream.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pier::net {

struct http_answer {
  unsigned status = 0;
  boost::beast::http::fields fields;
  std::string body;
  /// Another request may follow on the same connection.
  bool keeps_alive = false;

  /// The first one of that name; empty: there is none.
  std::string_view field(std::string_view name) const;
};

/// One at a time, on a stream that outlives it. A head has at most 16 KiB, a
/// body `most_body`; up to four interim answers (1xx) are passed over. What
/// comes behind the answer stays in the stream.
class http_exchange {
public:
  using taker = std::function<void(result<http_answer>)>;

  explicit http_exchange(handshake_stream& over, size_t most_body)
    : stream_(over), most_body_(most_body) {}

  /// After a CONNECT that succeeds there is no body, whatever the head says.
  /// ec::reset: the server has hung up before it had answered; ec::bad_request:
  /// that was no HTTP. The texts are halves of a sentence: "it has hung up".
  void ask(std::string request, bool is_connect, taker done);

private:
  using parser = boost::beast::http::response_parser<
    boost::beast::http::string_body>;

  void begin_answer();
  void read();
  void hear(std::string_view seen);
  void hear_end();
  bool parse(size_t& used, boost::system::error_code& failed);
  void finish();
  void fail(ec code, std::string why);

  handshake_stream& stream_;
  size_t most_body_;
  bool is_connect_ = false;
  int interims_ = 0;
  std::optional<parser> parser_;
  std::string buffer_;
  taker done_;
};

} // namespace pier::net
