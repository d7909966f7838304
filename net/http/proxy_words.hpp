#pragma once

/// What a proxy is told of who asks, and how likely it asks for more. Of a body
/// that it has heard in vain only the beginning can be sent once more: how much
/// of one is risked depends on it.

#include <cstdint>
#include <string>

namespace pier::net {

struct proxy_words {
  enum class standing : uint8_t {
    lasting,    // they have done there, and do for every request
    proven,     // such words have done there, or it has let by without any
    untried,    // it may ask
    unfinished, // it will ask: a dialogue has begun
  };

  /// For Proxy-Authorization; empty: nothing is said.
  std::string credentials;
  standing as = standing::proven;

  /// For the next request on the same connection, too.
  bool will_do() const noexcept {
    return credentials.empty() || as == standing::lasting;
  }
};

} // namespace pier::net
