#pragma once

/// The host ports of one published spec: which numbers they get, and their
/// sockets, parked at birth.

#include "messages/settings/port_settings.hpp"
#include "net/fd.hpp"
#include "net/port/allocations.hpp"
#include "net/port/unix_name.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pier::net {

/// One host port of one family, or a Unix socket.
struct reserved_port {
  bound_port what;
  fd socket;
  /// Of a Unix socket.
  std::optional<unix_name> name{};
};

class reservation {
public:
  /// Takes nothing yet. `taken` must outlive this.
  reservation(allocations& taken, const port_spec& spec, port_settings by);
  ~reservation();
  reservation(const reservation&) = delete;
  reservation& operator=(const reservation&) = delete;

  /// Once, before anything refers to `ports`. After a refusal only the
  /// destructor is left to call.
  result<void> take_all(const std::string& owner);

  /// The same for a Unix socket, which needs no number; the spec says nothing
  /// of it.
  result<void> take_path(const std::string& path);

  const port_spec& spec() const noexcept {
    return spec_;
  }
  std::vector<reserved_port>& ports() noexcept {
    return ports_;
  }

private:
  result<void>
  take_one(uint16_t host, uint16_t container, const std::string& owner);
  result<void> take_any_of(
    const port_range& range, uint16_t container, const std::string& owner);
  void give_back(uint16_t host);

  allocations& taken_;
  port_spec spec_;
  port_settings by_;
  std::vector<ip_address> addresses_;
  std::vector<reserved_port> ports_;
};

} // namespace pier::net
