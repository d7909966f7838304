#pragma once

/// Who we are to an HTTP proxy: from its challenges (407) to the value of
/// Proxy-Authorization.
///
/// Theory of operation. Of the schemes that are offered the strongest is tried
/// that has something to go by: Negotiate (tickets, or a login), NTLM, Digest,
/// Basic (a login each). One that fails is not tried again; the next one is.
/// What has worked is remembered, so that the next request of the same login
/// begins with it instead of being asked first; a password is never sent in the
/// clear before Basic has been the best that was offered. Negotiate and NTLM
/// are a dialogue on one connection: whoever loses that in the middle begins
/// anew.

#include "messages/error.hpp"
#include "messages/upstream_proxy.hpp"
#include "net/http/proxy_words.hpp"
#include "net/proxy/challenge.hpp"
#include "net/proxy/gss_dialogue.hpp"

#include <boost/asio/io_context.hpp>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pier::net {

/// The strongest first.
enum class login_scheme : uint8_t { negotiate, ntlm, digest, basic, last };

/// What has worked, for each proxy and login; the oldest of 64 is forgotten.
class login_memory {
public:
  struct entry {
    /// Nothing: it has let by whoever said nothing.
    std::optional<login_scheme> by;
    challenge digest;
    uint32_t count = 0;
  };

  /// Null: nothing has yet.
  entry* find(const upstream_proxy& of);
  void keep(const upstream_proxy& of, entry what);
  void forget(const upstream_proxy& of);

private:
  std::vector<std::pair<upstream_proxy, entry>> entries_;
};

/// One connection's, until `reconnect`. Destroyed, it calls nobody back.
class authentication {
public:
  /// Empty: nothing is to be said.
  using taker = std::function<void(result<std::string>)>;

  /// `past` may be null.
  authentication(
    boost::asio::io_context& io, upstream_proxy to,
    std::shared_ptr<login_memory> past);

  /// For a request that nobody has answered by a 407 yet. May answer from
  /// inside the call, as `answer` may.
  void begin(const std::string& method, const std::string& target, taker said);

  /// To a 407. Refused with ec::permission_denied when nothing is left to be
  /// tried; the text is half a sentence: "it wants to know who asks …".
  void answer(
    const std::vector<challenge>& to, const std::string& method,
    const std::string& target, const taker& said);

  /// Of what was said last.
  proxy_words::standing standing() const;

  /// What was said last means nothing on another connection.
  bool is_bound() const noexcept {
    return dialogue_ && dialogue_->steps() > 1;
  }

  /// The proxy has taken it.
  void succeed();

  /// What follows is said on another connection.
  void reconnect();

private:
  using challenges = std::vector<challenge>;
  struct request {
    std::string method;
    std::string target;
  };

  bool hear_no(const challenges& to, const request& what, const taker& said);
  void try_next(const challenges& to, const request& what, const taker& said);
  bool is_possible(login_scheme by, const challenges& to) const;
  void say(login_scheme by, const request& what, const taker& said);
  std::string basic() const;
  std::string digest(const request& what);
  error nothing_left(const challenges& to) const;

  boost::asio::io_context& io_;
  upstream_proxy to_;
  std::shared_ptr<login_memory> past_;
  std::optional<login_scheme> by_;
  std::array<bool, static_cast<size_t>(login_scheme::last)> failed_{};
  bool by_memory_ = false;
  bool taken_ = false;
  /// The last 407, for when a step of the dialogue fails.
  challenges heard_;
  std::unique_ptr<gss_dialogue> dialogue_;
  std::optional<challenge> digest_;
  uint32_t count_ = 0;
  int rounds_ = 0;
  std::string last_failure_;
};

} // namespace pier::net
