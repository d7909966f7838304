#pragma once

/// The sections [proxy], [containers_proxy] and [container."NAME".proxy]: by
/// which proxies of the network around us connections leave. Values; who goes
/// by which is decided in net/proxy/proxy_rule.

#include "messages/address.hpp"
#include "messages/ip_subnet.hpp"
#include "messages/upstream_proxy.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pier {

enum class proxy_mode : uint8_t {
  system,       // what the environment of this process says
  manual,       // what the settings say
  none,         // nothing goes by a proxy
  same_as_host, // of containers: as [proxy] has it
};

/// What goes by no proxy. Nothing of it set: everything.
struct exclusion {
  /// In lower case, without a dot in front.
  std::string name;
  /// Names below it only, as ".example.com" and "*.example.com" mean it.
  bool below = false;
  std::optional<ip_subnet> net;
  /// Zero: all.
  uint16_t port = 0;

  friend bool operator==(const exclusion&, const exclusion&) = default;
};

/// "*", a name with those below it, ".NAME" or "*.NAME", an address, or
/// NET/BITS; a name or an address may have :PORT. Nothing: it is none of them.
std::optional<exclusion> parse_exclusion(std::string_view text);
std::string to_string(const exclusion& of);

/// Whose connections go by a proxy without asking for one.
struct transparent_ports {
  bool all = false;
  /// In order.
  std::vector<uint16_t> some{80, 443};

  bool has(uint16_t port) const;

  friend bool operator==(const transparent_ports&, const transparent_ports&)
    = default;
};

/// "80,443", "*", or "" for none, with blanks if one likes.
std::optional<transparent_ports> parse_transparent_ports(std::string_view text);
std::string to_string(const transparent_ports& of);

/// One section of them. The URLs are of `manual`.
struct proxy_terms {
  proxy_mode mode = proxy_mode::system;
  /// For http URLs, and for https and everything else. Absent: they go
  /// directly.
  std::optional<upstream_proxy> http;
  std::optional<upstream_proxy> https;
  std::vector<exclusion> exclude;
  /// A file with USER:PASSWORD, for URLs that have none; empty: there is none.
  std::string credentials;
  /// A URL or a file; the text itself goes before it. Empty: there is none.
  std::string pac;
  std::string embedded_pac;

  friend bool operator==(const proxy_terms&, const proxy_terms&) = default;
};

struct containers_proxy {
  proxy_terms terms{proxy_mode::same_as_host, {}, {}, {}, {}, {}, {}};
  transparent_ports transparent;

  friend bool operator==(const containers_proxy&, const containers_proxy&)
    = default;
};

/// What one container says of it. Absent: as for all.
struct own_proxy_terms {
  std::optional<proxy_mode> mode;
  std::optional<std::optional<upstream_proxy>> http;
  std::optional<std::optional<upstream_proxy>> https;
  std::optional<std::vector<exclusion>> exclude;
  std::optional<std::string> credentials;
  std::optional<std::string> pac;
  std::optional<std::string> embedded_pac;
  std::optional<transparent_ports> transparent;

  friend bool operator==(const own_proxy_terms&, const own_proxy_terms&)
    = default;
};

/// One request of a client of ours, or one connection that is led without its
/// client's knowledge.
struct proxy_request {
  enum class kind : uint8_t {
    connect,     // CONNECT: bytes from then on
    exchange,    // an http URL, in absolute form
    transparent, // a connection to `at`, which the client thinks it has
  };
  kind what = kind::exchange;
  /// For a person: "GET", "CONNECT", "TLS".
  std::string method;
  /// A name in lower case, or an address; empty: the connection does not say.
  std::string host;
  uint16_t port = 0;
  /// Of a transparent one.
  endpoint at;

  friend bool operator==(const proxy_request&, const proxy_request&) = default;
};

/// One way to where a request leads.
struct proxy_way {
  /// Absent: `to` is dialled.
  std::optional<upstream_proxy> via;
  /// With its credentials, where it has none: see proxy_terms.
  std::string credentials;
  endpoint to;
  /// It is a guest's address.
  bool to_guest = false;

  friend bool operator==(const proxy_way&, const proxy_way&) = default;
};

/// They are tried in order.
struct proxy_course {
  std::vector<proxy_way> ways;

  friend bool operator==(const proxy_course&, const proxy_course&) = default;
};

/// What a client's talk tells its actor.
struct proxy_event {
  enum class kind : uint8_t {
    asked,    // `what` waits for a yes or a no
    joined,   // the way with this number has led there; bytes flow
    answered, // one exchange is over, and the next request may come
    failed,   // no way has; the client has heard `why`
    ended,    // it is over; `why` is ok, reset, …
  };
  kind news = kind::ended;
  proxy_request what;
  uint64_t way = 0;
  error why{ec::ok, {}};
  /// Of `joined` and `failed`: ways whose proxy was not to be had.
  std::vector<uint64_t> ill{};
};

} // namespace pier
