#pragma once

/// Why a connection comes about or does not: the chain of decisions as Pier
/// takes them, step by step. Values; how a destination is written is
/// config/destination.

#include "messages/address.hpp"
#include "messages/dns.hpp"
#include "messages/error.hpp"
#include "messages/flow.hpp"
#include "messages/port_spec.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pier {

/// Where a container would connect to, over TCP.
struct destination {
  /// A name, in lower case; empty: it is an address.
  std::string name;
  endpoint at;

  friend bool operator==(const destination&, const destination&) = default;
};

/// A published port or a forward by where the host takes clients in.
struct host_port {
  protocol proto = protocol::tcp;
  /// Absent: on any address.
  std::optional<ip_address> ip;
  uint16_t port = 0;

  friend bool operator==(const host_port&, const host_port&) = default;
};

struct why_step {
  /// "name", "policy", "route", …
  std::string what;
  /// Whether the connection gets past it.
  bool good = true;
  std::string detail;
  uint64_t microseconds = 0;

  friend bool operator==(const why_step&, const why_step&) = default;
};

struct explanation {
  std::vector<why_step> steps;
  /// What decides, in a word: "refused", "no_such_name", …; "ok": nothing is
  /// in the way.
  std::string cause = "ok";
  /// What whoever connects would hear.
  ec verdict = ec::ok;
  /// The whole in a sentence, with the mend where there is one.
  std::string text;

  friend bool operator==(const explanation&, const explanation&) = default;
};

/// How a question would be answered, and which setting says so.
struct name_course {
  dns_course how;
  std::string by;
};

/// What came of a question of our own to name servers.
struct found_name {
  /// ec::ok: somebody has answered.
  error why{ec::ok, {}};
  /// RFC 1035, 4.1.1.
  unsigned code = 0;
  std::vector<ip_address> addresses;
};

/// A client of a published port that has gone.
struct past_client {
  /// The id of its port in the tree.
  std::string port;
  endpoint client;
  /// "dialing": the service never answered it.
  std::string state;
  /// How it ended; ok: both sides were done.
  ec why = ec::ok;
  traffic bytes;
  uint64_t milliseconds = 0;
};

/// "8000/tcp", "127.0.0.1:8000/tcp".
std::string to_string(const host_port& of);

/// "web.test:80".
std::string to_string(const destination& of);

} // namespace pier
