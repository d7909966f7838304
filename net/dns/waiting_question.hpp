#pragma once

/// A question under its ticket, until somebody takes it as an exchange.

#include "net/dns/asker.hpp"
#include "net/dns/cache.hpp"
#include "net/dns/upstream.hpp"
#include "net/network.hpp"

namespace pier::net {

struct waiting_question {
  dns_question what;
  dns_bytes query;
  std::shared_ptr<asker> from;
};

/// The exchange answers once and ignores every later answer; destroyed
/// unanswered, it is SERVFAIL. `resolvers` and `cache` outlive it.
std::unique_ptr<exchange> take_up(
  waiting_question what, upstream& resolvers, dns_cache& cache,
  exchange::sink events);

} // namespace pier::net
