#pragma once

/// Who asked, as seen by those who answer: both desks, UDP and TCP, hand their
/// questions in with one of these.

#include "messages/address.hpp"
#include "net/dns/wire.hpp"

#include <functional>
#include <memory>

namespace pier::net {

/// Where an answer goes. It may outlive the guest's interest in it; then the
/// answer goes nowhere.
class asker {
public:
  virtual ~asker() = default;
  virtual void reply(dns_bytes bytes, dns_view query) = 0;
};

/// Takes bytes that should be a question; the view dies with the call.
using dns_hearer = std::function<void(
  dns_view, const endpoint&, std::shared_ptr<asker>)>;

} // namespace pier::net
