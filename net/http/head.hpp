#pragma once

/// The heads of HTTP/1 messages (RFC 9112), as a proxy that trusts nobody reads
/// them: what two readers could understand in two ways is refused, so that no
/// request hides inside another. Pure and bounded; the grammar is
/// Boost.Beast's, the suspicion ours.

#include "net/http/framing.hpp"

#include <boost/beast/http/fields.hpp>
#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace pier::net {

/// Of a head, its last line's end counted.
constexpr size_t longest_head = 64 * 1024;

/// An answer of our own: what a person reads stands in the body.
struct http_refusal {
  unsigned status = 400;
  std::string text;
};

template <class T>
using http_result = boost::system::result<T, http_refusal>;

[[noreturn]] void throw_exception_from_error(
  const http_refusal& what, const boost::source_location&);

/// Where the head ends, behind its empty line; 0: not yet. Without the empty
/// lines that may stand before a request (RFC 9112, 2.2).
size_t find_head_end(std::string_view bytes);

/// How many bytes before the head mean nothing.
size_t empty_lines_before(std::string_view bytes);

/// What is wrong with the lines of a whole head: a line that ends in another
/// way than by CR LF, or is folded (RFC 9112, 5.2), a byte that is nothing.
/// Null: nothing is.
const char* fault_of_lines(std::string_view head);

using http_fields = boost::beast::http::fields;

/// What the fields say of the body, and of the connection.
struct head_facts {
  framing body;
  /// The version is 1.1, and "close" was not said, or it was asked for.
  bool keep_alive = false;
  bool is_http11 = false;
  /// "Connection: upgrade", and to what.
  std::string upgrade;
};

/// Refused: two lengths, a length beside chunks, an encoding of the transfer
/// that is not chunked alone.
http_result<head_facts>
read_facts(const http_fields& fields, unsigned version, bool is_request);

/// The fields that go on to whoever is next, as lines, without those that are
/// for this hop alone (RFC 9110, 7.6.1): Connection and what it names, and
/// everything about proxies. Framing is for the sender to add.
std::string onward_fields(const http_fields& fields);

/// The same of what came behind the chunks: what says how a message is read
/// comes too late there, and is left out.
std::string onward_trailers(const http_fields& fields);

} // namespace pier::net
