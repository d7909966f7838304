#pragma once

/// The Digest scheme (RFC 7616; RFC 2069 where a server offers no qop). Pure.

#include "messages/secret.hpp"
#include "net/proxy/challenge.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pier::net {

/// Who asks for what, the how-manieth time with this nonce, and by what random
/// text of ours.
struct digest_request {
  const secret& user;
  const secret& password;
  std::string method;
  std::string target;
  uint32_t count = 1;
  std::string cnonce;
};

/// The strongest of them that we can answer: SHA-256 before MD5, with or
/// without
/// "-sess", and qop "auth" or none. Nothing: there is none.
std::optional<challenge>
strongest_digest(const std::vector<challenge>& offered);

/// "Digest username=…", the value of Proxy-Authorization; to a challenge that
/// `strongest_digest` has chosen.
std::string answer_digest(const challenge& to, const digest_request& with);

} // namespace pier::net
