#pragma once

/// What a server asks for that wants to know who we are (RFC 9110, 11.3: the
/// value of Proxy-Authenticate). Pure; every byte may be hostile.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pier::net {

struct challenge {
  /// In lower case: "basic".
  std::string scheme;
  /// What NTLM and Negotiate have to say.
  std::string token;
  /// Names in lower case, values without their quotes.
  std::vector<std::pair<std::string, std::string>> parameters;

  /// The first one of that name; empty: there is none.
  std::string_view parameter(std::string_view name) const;

  friend bool operator==(const challenge&, const challenge&) = default;
};

/// Those of one header field, at most 16 with 32 parameters each. Where it
/// makes no sense any more the rest is passed over.
std::vector<challenge> parse_challenges(std::string_view value);

} // namespace pier::net
