#pragma once

/// What a client says until it is known what it wants, and what it hears.
/// Pure: bytes in, and out what to say and to do. The first byte decides
/// between SOCKS version 5 and HTTP; any other is answered by nothing.

#include "messages/address.hpp"
#include "messages/error.hpp"
#include "net/socks/wire.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace pier::net {

enum class socks_dialect : uint8_t { socks, http };

/// What a client wants, and how it speaks.
struct socks_wish {
  socks_command what = socks_command::connect;
  socks_dialect dialect = socks_dialect::socks;
  socks_address to;
  /// What the far side hears before anything else of the client.
  std::string first;
  /// The far side answers for us: no yes of ours stands before its bytes.
  bool in_silence = false;
};

/// Whom a client talks to.
struct socks_host {
  /// Null: everybody is let in.
  std::function<bool(const socks_login&)> lets_in;
  /// The PAC file, for one who calls us by this name.
  std::function<std::string(const std::string& own_name)> pac;
};

/// One client's words so far, which are no more than the message that it is in.
class socks_talk {
public:
  explicit socks_talk(const socks_host& host) : host_(&host) {}

  struct turn {
    /// The bytes that are done with; none: more of them are needed.
    size_t taken = 0;
    /// For the client.
    std::string said;
    /// It is hung up on after that.
    bool over = false;
    std::optional<socks_wish> wish{};
  };

  /// `bytes`: all that has come and was not taken. To be called again with what
  /// is left, until a turn takes nothing, is over, or has a wish.
  turn hear(std::string_view bytes);

private:
  enum class stage : uint8_t { offer, login, request };

  turn hear_offer(std::string_view bytes);
  turn hear_login(std::string_view bytes);
  turn hear_request(std::string_view bytes);
  turn hear_http(std::string_view bytes) const;

  const socks_host* host_;
  stage now_ = stage::offer;
};

/// The answer to a wish, yes or no; `at`: where it stands, as far as that is
/// known.
std::string
socks_answer(socks_dialect dialect, ec why, const endpoint& at = {});

} // namespace pier::net
