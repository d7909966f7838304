#pragma once

/// One request and its answer, between a client and a server that are both
/// connected. Nothing is kept of either: heads go on rewritten, bodies piece by
/// piece, and both ways at once, so that a server may answer before it has
/// heard all.
///
/// Interim answers (1xx) go on as they come, to whoever speaks 1.1. The
/// server's 100 is what a client waits for that expects it, so that whether a
/// body is sent remains between the two of them.
///
/// A proxy may want to know who asks when it has heard a body in part. So a
/// long one stops where it could still be given back, for half a second, until
/// a proxy that may ask has had the time to; and while a dialogue with it has
/// only begun there is none.

#include "net/http/body_pump.hpp"
#include "net/http/proxy_words.hpp"
#include "net/http/request_head.hpp"
#include "net/http/response_head.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pier::net {

/// Bytes by direction, seen from the guest.
struct http_counts {
  std::atomic<uint64_t> sent{0};
  std::atomic<uint64_t> received{0};
};

/// Role: a part of its client's session; both streams outlive it.
class relayed_exchange {
public:
  struct outcome {
    enum class kind : uint8_t {
      done,     // an answer has gone on as a whole
      upgraded, // both have agreed on another protocol; heads have gone on
      refused,  // the client has heard nothing yet; `why` is for it
      stale,    // the same, and the server had ended before it said a word
      asked,    // the same, and the proxy wants to know who asks
      broken,   // in the middle
    };
    kind what = kind::broken;
    bool keeps_client = false;
    bool keeps_server = false;
    http_refusal why{};
    /// Of `asked`: its challenges. Where the server is kept, the same request
    /// may be sent again.
    std::vector<std::string> challenges{};
  };
  using taker = std::function<void(outcome)>;

  struct parts {
    boost::asio::io_context& io;
    http_stream& client;
    http_stream& server;
    http_counts& counts;
    const request_head& request;
    bool to_proxy = false;
    proxy_words words;
  };

  relayed_exchange(parts with, taker done);

  /// Neither stream calls it back.
  ~relayed_exchange();

  relayed_exchange(const relayed_exchange&) = delete;
  relayed_exchange& operator=(const relayed_exchange&) = delete;

  void begin();

private:
  bool has_body() const;
  /// The server will ask, and hears the body then.
  bool leaves_body() const;
  void send_body();
  void await_question();
  void hear_uploaded(body_pump::outcome how);
  void read_head();
  void hear_head(response_head head);
  void pass_interim(const response_head& head);
  void pass(response_head head);
  void send_answer(const response_head& head, const framing& as);
  void hear_downloaded(body_pump::outcome how);
  void hear_challenge(const response_head& head);
  void pass_over();
  void fail(const std::string& why);
  void finish(outcome how);

  parts with_;
  taker done_;
  boost::asio::steady_timer patience_;
  loop_room::piece room_;
  body_pump up_;
  body_pump down_;
  /// The client's body has gone on as a whole, or was never there.
  bool uploaded_ = false;
  /// The server has said a word.
  bool answers_ = false;
  int interims_ = 0;
  /// The page of a proxy that wants to know who asks.
  body_reader page_{framing{}};
  size_t passed_over_ = 0;
  outcome out_;
  lifeline life_;
};

} // namespace pier::net
