#pragma once

/// The control protocol: one JSON object a line, over a Unix stream socket.
///
///     → {"id":1,"do":"stop","name":"web"}
///     ← {"id":1,"ok":null}
///     → {"id":2,"do":"stop","name":"web"}
///     ← {"id":2,"error":{"code":"no_such_container","text":"…"}}
///     ← {"event":{"what":"exited","container":"web","text":"…"}}
///
/// Requests are answered in any order; the id, chosen by the client, joins the
/// two. `run` with "stdio" takes three descriptors, sent along with its first
/// byte (SCM_RIGHTS): in, out, err. `capture` is answered with two: a packet
/// socket and a line, as supervisor::capture says. With "hold" the container
/// lives no longer than the connection. After `events`, news follows until the
/// end; with "kept" it begins with what a journal has kept, and without
/// "follow" it ends there, with the answer.
///
/// This file is pure: text to value and back.

#include "messages/container.hpp"
#include "messages/error.hpp"
#include "tools/control/json.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace pier::control {

/// A client may not say more than this in one line.
constexpr size_t request_limit = 1 << 20;

/// A tree of many thousand sessions is larger than any request.
constexpr size_t reply_limit = 32 << 20;

enum class verb : uint8_t {
  run,
  wait,
  stop,
  signal,
  publish,
  unpublish,
  list,
  inspect,
  flows,
  forwards,
  tree,
  fault,
  obey,
  log,
  metrics,
  why,
  capture,
  audit,
  events,
  version,
  settings,
  reload,
  weigh,
  rollback,
  shutdown,
  last
};

std::string_view to_string(verb what) noexcept;

/// Which news a client wants.
struct news_wish {
  /// What has been kept comes first.
  bool kept = false;
  /// What comes later follows.
  bool follow = true;
  /// Of what is kept, what is not older; milliseconds since the epoch.
  int64_t since = 0;
  /// About an actor at this path or below, or a container of this name; empty:
  /// all.
  std::string path;

  bool wants(const event& news) const;
};
/// Nothing is another after it than before.
bool only_reads(verb what) noexcept;

/// What somebody may ask who may look, and nothing else.
bool is_for_observers(verb what) noexcept;

/// What a client asks. Only the fields of its verb are sent and read.
struct request {
  uint64_t id = 0;
  verb what = verb::last;
  /// Of a container, where `flows` means all by an empty one, and `why` a port
  /// of the host; for `capture` a container or a port of the host, for `fault`
  /// a path in the tree, for `weigh` the text of a settings file.
  std::string name;
  std::string to;      // why
  int number = 0;      // signal, rollback
  port_spec port;      // publish, unpublish
  container_spec spec; // run
  act deed;            // obey
  news_wish news;      // events
  bool stdio = false;  // run
  bool hold = false;   // run
};

std::string encode(const request& what);

/// A request, or why it is none; the id is known even then, where there was
/// one to be read, so that the refusal finds its asker.
struct decoded_request {
  uint64_t id = 0;
  result<request> what;
};

decoded_request decode_request(std::string_view line);

std::string encode_reply(uint64_t id, const result<json::value>& what);
std::string encode_event(const event& news);

/// What a server says: an answer, or news.
struct message {
  uint64_t id = 0;
  result<json::value> answer = json::value{};
  std::optional<event> news;
};

result<message> decode_message(std::string_view line);

} // namespace pier::control
