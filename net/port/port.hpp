#pragma once

/// A published port, or a forward's, at the door to the kernel: a part of
/// net/network.hpp, whose rules it has.

#include "messages/error.hpp"
#include "messages/flow.hpp"
#include "messages/port_spec.hpp"
#include "messages/settings/port_settings.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace pier::net {

/// The host sockets of one published spec: reserved from birth to death, open
/// only while told so. Clients wait in the kernel's backlog while nobody has
/// borrowed it.
class port {
public:
  using sink = std::function<void(const arrival&)>;

  virtual ~port() = default;

  virtual const port_spec& spec() const = 0;

  /// Both families of every port of the range, as bound.
  virtual std::vector<bound_port> bound() const = 0;

  /// Whoever borrows hears of every client, for as long as the loan that is
  /// returned is held. In `arrival.what.guest` only the port is set. There is
  /// one borrower, the last one; an older loan that ends later ends nothing.
  virtual std::shared_ptr<void> borrow(sink arrivals) = 0;

  /// Lets clients of this container port in, or refuses them as the kernel
  /// refuses those of a port that nobody has.
  virtual result<void> open(uint16_t container_port) = 0;
  virtual void park(uint16_t container_port) = 0;

  /// For clients that come from now on. Where it is bound does not change.
  virtual void adopt(const port_settings& by) = 0;

  /// That a person lets no client in: noted here by an actor, for the one that
  /// comes after it.
  bool paused = false;
};

} // namespace pier::net
