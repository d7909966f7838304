#pragma once

/// What a why says. Pure.

#include "messages/why.hpp"
#include "net/network.hpp"

#include <string>
#include <vector>

namespace pier::actors {

/// What a container hears, in the kernel's words; ec::failed: from its DNS
/// server.
std::string hears(ec verdict);

/// "10.0.0.1, fd00::1"
std::string list_of(const std::vector<ip_address>& all);
std::string list_of(const std::vector<endpoint>& all);

/// How a trial to connect has ended: its cause, and the sentence.
struct dial_words {
  std::string cause;
  std::string text;
};
dial_words words_of(const endpoint& to, const error& why);

/// Why a name has no address. `asked`: who was.
dial_words words_of(
  const std::string& name, const found_name& heard, const std::string& asked);

/// Who lives at an address of the guests' network; empty: nobody.
std::string neighbour_at(const net::network& all, const ip_address& ip);

} // namespace pier::actors
