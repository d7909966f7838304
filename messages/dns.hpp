#pragma once

/// A DNS question, how it is answered, and our own answers to one (RFC 1035).
/// The wire format is net/dns/wire.

#include "messages/address.hpp"
#include "messages/dns_record.hpp"
#include "messages/flow.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pier {

/// A question that waits to be claimed by a query.
struct dns_question {
  ticket number = 0;
  /// Who asks.
  endpoint guest;
  bool over_tcp = false;
  /// Lower case, without the final dot.
  std::string name;
  uint16_t type = 0;
  uint16_t klass = 1;
};

/// An answer of our own: addresses or names, or that there are none.
struct dns_answer {
  enum class kind : uint8_t { records, no_data, no_such_name };
  kind what = kind::no_such_name;
  std::vector<ip_address> addresses; // A or AAAA
  std::string pointer;               // PTR
  std::vector<dns_record> records;   // each under a name of its own
  /// Seconds. Zero: what we answer may change at any moment.
  uint32_t ttl = 0;
};

/// Why a question is refused, in the words of RFC 8914, 4.
enum class dns_refusal : uint16_t { blocked = 15, prohibited = 18 };

/// How a question is answered: what the DNS server and the guest's policy
/// decide, and a query does.
struct dns_course {
  enum class kind : uint8_t { own, forward, refuse };
  kind what = kind::forward;
  /// `own`: the answer. `forward` with an alias: the CNAMEs that lead to it.
  dns_answer own;
  /// `forward`: whom to ask; null: the host's own resolvers.
  std::shared_ptr<const std::vector<endpoint>> servers;
  /// `forward`: the name that is asked for instead; empty: that of the
  /// question.
  std::string alias;
  dns_refusal why = dns_refusal::blocked;
  /// Whether the addresses of the answer are told to the query, too.
  bool learn = false;
  /// When it was decided: what a cache knows is as old as that says.
  std::chrono::steady_clock::time_point when;
};

/// What an exchange tells its query.
struct dns_event {
  /// ok: the upstream's answer has been passed on; else why there is none.
  ec why = ec::ok;
  /// Of the answer, where they are to be learned, and how long they are good.
  std::vector<ip_address> addresses;
  std::chrono::seconds ttl{0};
};

} // namespace pier
