#pragma once

/// What a name means to the host itself, by all that it asks (nsswitch.conf(5):
/// its own files, its resolvers), in the order that it prefers.

#include "messages/address.hpp"
#include "messages/error.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <string>
#include <vector>

namespace pier::net {

/// At most 16, at least one; an address' text is that address. That, and what
/// was found in the last ten seconds, is answered from inside the call; else it
/// takes as long as the host's resolver does. Whoever waits has a deadline of
/// his own and guards `found` by a lifeline.
void find_addresses(
  boost::asio::io_context& io, const std::string& name,
  std::function<void(result<std::vector<ip_address>>)> found);

} // namespace pier::net
