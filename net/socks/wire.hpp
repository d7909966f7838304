#pragma once

/// SOCKS version 5 (RFC 1928) with users and passwords (RFC 1929): what is
/// said, by either side. Pure; every byte may be hostile.
///
///     client                              server
///     socks_offer             ─────────▶
///                             ◀─────────  socks_method
///     socks_login             ─────────▶                 where that was chosen
///                             ◀─────────  whether it is right
///     socks_request           ─────────▶
///                             ◀─────────  socks_reply, two of them for `bind`
///
/// Datagrams of an association begin with a head each, both ways. No message
/// is longer than `max_socks_message`: whoever has so many bytes and no message
/// has none.

#include "messages/address.hpp"
#include "messages/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pier::net {

constexpr size_t max_socks_message = 3 + 2 * 255;

/// What stands at the front of some bytes.
template <class T>
struct socks_part {
  /// How many they are; 0: more of them are needed, unless it is a datagram.
  size_t size = 0;
  T what{};
};

/// Refused with ec::bad_request: it is no such message; with ec::not_supported:
/// it is one, with an address of a kind that is unknown.
template <class T>
using socks_reading = result<socks_part<T>>;

enum class socks_method : uint8_t { none = 0, password = 2, no_method = 0xff };

/// The methods that the client could do, of those that are known here.
struct socks_offer {
  bool none = false;
  bool password = false;

  friend bool operator==(const socks_offer&, const socks_offer&) = default;
};

/// Each of 255 bytes at most: what is longer is cut. An empty one is of the
/// RFC's grammar no more, but is sent and understood.
struct socks_login {
  std::string user;
  std::string password;

  friend bool operator==(const socks_login&, const socks_login&) = default;
};

enum class socks_command : uint8_t { connect = 1, bind = 2, associate = 3 };

/// An address, or a name of 255 bytes at most: what is longer is cut. A name
/// that is an address' text is read as that address; one with blanks or
/// control characters is none.
struct socks_address {
  endpoint at;
  /// Empty: only `at` counts; else of that only the port.
  std::string name{};

  friend bool operator==(const socks_address&, const socks_address&) = default;
};

/// As it came: the command may be one that nobody knows.
struct socks_request {
  socks_command what = socks_command::connect;
  socks_address to;

  friend bool operator==(const socks_request&, const socks_request&) = default;
};

enum class socks_status : uint8_t {
  succeeded = 0,
  failed = 1,
  forbidden = 2,
  network_unreachable = 3,
  host_unreachable = 4,
  refused = 5,
  timed_out = 6, // "TTL expired"
  unknown_command = 7,
  unknown_address = 8,
};

/// As it came: the status may be one that nobody knows.
struct socks_reply {
  socks_status how = socks_status::failed;
  socks_address at{};

  friend bool operator==(const socks_reply&, const socks_reply&) = default;
};

/// The head of a datagram; its bytes follow.
struct socks_datagram {
  /// Not 0: one of several, which nobody is obliged to put together.
  uint8_t fragment = 0;
  socks_address to;

  friend bool operator==(const socks_datagram&, const socks_datagram&)
    = default;
};

/// How a server says it. What has no word of its own is `failed`.
socks_status socks_status_of(ec why) noexcept;

/// How a client understands it.
ec ec_of(socks_status how) noexcept;

// -- reading: wire.cpp --------------------------------------------------------

socks_reading<socks_offer> read_socks_offer(std::string_view bytes);
socks_reading<socks_method> read_socks_choice(std::string_view bytes);
socks_reading<socks_login> read_socks_login(std::string_view bytes);
/// Whether the login is right.
socks_reading<bool> read_socks_welcome(std::string_view bytes);
socks_reading<socks_request> read_socks_request(std::string_view bytes);
socks_reading<socks_reply> read_socks_reply(std::string_view bytes);
socks_reading<socks_datagram> read_socks_datagram(std::string_view bytes);

// -- writing: write_wire.cpp --------------------------------------------------

std::string to_wire(const socks_offer& what);
std::string to_wire(socks_method chosen);
std::string to_wire(const socks_login& what);
std::string socks_welcome(bool right);
std::string to_wire(const socks_request& what);
std::string to_wire(const socks_reply& what);
std::string to_wire(const socks_datagram& head);

} // namespace pier::net
