#pragma once

/// The bodies of HTTP/1 messages, piece by piece: taken out of their framing,
/// and put into another one. Pure; the grammar of chunks is Boost.Beast's.

#include "net/http/head.hpp"

#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pier::net {

/// Role: reads one body. What it has not taken is the next message's.
class body_reader {
public:
  explicit body_reader(const framing& how);

  /// What one look has come to: bytes of the connection, and bytes of the body.
  struct piece {
    size_t taken = 0;
    size_t given = 0;
  };

  bool is_done() const noexcept {
    return done_;
  }

  /// Reads from what has come into `out`. Nothing taken and nothing given: more
  /// must come. Refused with 400.
  http_result<piece> read(std::string_view come, std::span<char> out);

  /// The connection has ended, which ends a body too, or breaks it off.
  http_result<void> end();

  /// What came behind the chunks, to be sent on behind ours.
  std::string trailers() const;

private:
  using parser = boost::beast::http::response_parser<
    boost::beast::http::buffer_body>;

  /// Beast's parser, at the beginning of the body.
  std::unique_ptr<parser> parser_;
  bool done_ = false;
  /// Nothing of a first chunk has been read.
  bool fresh_ = false;
};

/// "1f40\r\n"; the data, and its line's end, follow.
std::string chunk_head(size_t size);

/// The last chunk, and what comes behind it.
std::string last_chunk(const std::string& trailers);

} // namespace pier::net
