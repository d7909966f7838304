#pragma once

/// How name servers and static records are written. Pure.

#include "config/grammar.hpp"
#include "messages/dns_record.hpp"

namespace pier::config {

/// A list of addresses, with or without a port; "system", the host's own
/// resolvers, is none.
grammar<std::vector<endpoint>> name_servers();

/// Without its name: "A 10.0.0.7", "AAAA fd00::7", "CNAME other.example",
/// "SRV 1 2 443 other.example", "TXT any text".
grammar<dns_record> dns_value();

/// A name, or "*." before one.
grammar<std::string> dns_owner();

} // namespace pier::config
