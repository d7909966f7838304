#pragma once

/// The answers that we make ourselves (RFC 1035, 2782, 8914). Pure. Built on
/// ldns, where records are made.

#include "net/dns/wire.hpp"

#include <string>

namespace pier::net {

dns_bytes make_answer(dns_view query, const dns_answer& what);

/// REFUSED, and why, where the asker understands it.
dns_bytes make_refusal(dns_view query, dns_refusal why);

/// A question of our own; empty: that is no name.
dns_bytes make_question(const std::string& name, uint16_t type);

/// The same question about another name; empty: that is none.
dns_bytes ask_instead(dns_view query, const std::string& name);

/// What was heard of the other name, behind the CNAMEs that lead to it.
dns_bytes tell_alias(dns_view query, const dns_answer& way, dns_view reply);

} // namespace pier::net
