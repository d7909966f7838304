#pragma once

/// Whom a client means that does not know of us: by its first bytes. Pure and
/// bounded.

#include <cstdint>
#include <span>
#include <string>

namespace pier::net {

/// Of what is looked at; what says no name within that says none.
constexpr size_t most_first_words = 16 * 1024;

struct first_words {
  enum class kind : uint8_t {
    incomplete, // more may say it
    unknown,    // no name: it goes by its address
    tls,        // a ClientHello with a name
    http,       // a request with a Host
  };
  kind what = kind::incomplete;
  /// In lower case.
  std::string host;

  friend bool operator==(const first_words&, const first_words&) = default;
};

first_words read_first_words(std::span<const uint8_t> bytes);

} // namespace pier::net
