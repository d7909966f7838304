#pragma once

/// A reply put together record by record, for tests.

#include "net/dns/wire.hpp"
#include "test/net/dns/message.hpp"

#include <cstdint>

namespace pier::trials {

class reply {
public:
  explicit reply(
    const net::dns_bytes& query, net::dns_code code = net::dns_code::no_error);

  /// Of the name that was asked for.
  reply& address(const char* ip, uint32_t ttl);
  reply& alias(std::string_view to, uint32_t ttl);
  /// In the authority section.
  reply& start_of_authority(uint32_t ttl, uint32_t minimum);
  /// Last of all.
  reply& edns(const net::dns_bytes& options);

  const net::dns_bytes& bytes() const noexcept {
    return bytes_;
  }

private:
  void
  add(size_t section, uint16_t type, uint32_t ttl, const net::dns_bytes& data);

  net::dns_bytes bytes_;
};

} // namespace pier::trials
