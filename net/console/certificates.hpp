#pragma once

/// The certificates of consoles: an authority of one daemon's own, which has
/// signed the daemon and each client, and nobody else. Keys are of the curve
/// P-256; texts are PEM. Nothing here touches a file.

#include "messages/error.hpp"

#include <string>
#include <string_view>

namespace pier::net {

/// A certificate and its key.
struct credentials {
  std::string certificate;
  std::string key;
};

/// What a certificate may be used for; neither can stand in for the other.
enum class role : uint8_t { daemon, client };

/// What the daemon is called in its certificate: who it is, is for its
/// authority to say, not for a name.
constexpr auto daemon_name = "pierd";

result<credentials> make_authority();

/// A certificate for `name`, valid for ten years.
result<credentials>
issue(const credentials& authority, std::string_view name, role what);

/// SHA-256 of the certificate, in hexadecimal: what revocation goes by.
result<std::string> fingerprint(const std::string& certificate);

/// A client's bundle: the authority's certificate, and the client's own. Pure.
struct bundle {
  std::string authority;
  credentials client;
};

std::string to_text(const bundle& of);

/// Refused where one of the three is missing. They are not looked into.
result<bundle> read_bundle(std::string_view text);

} // namespace pier::net
