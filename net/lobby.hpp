#pragma once

/// Where near sides wait: held packets, accepted connections, first datagrams.
/// Each has a ticket; an actor that knows the number claims what it stands
/// for. So messages stay values, and whoever dies on the way loses nothing.

#include "messages/flow.hpp"
#include "net/network.hpp"

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace pier::net {

class caller;

/// One that waits. Destroyed unclaimed, it refuses itself.
class near_side {
public:
  virtual ~near_side() = default;

  /// Hands itself over to a circuit.
  virtual std::unique_ptr<circuit> become_circuit(circuit::sink events) = 0;

  /// Hands itself over to whoever accepts it before anything is dialled. Null:
  /// it is no guest's TCP connection.
  virtual std::unique_ptr<caller> become_caller();

  virtual void refuse(ec why) = 0;

  /// See network::lead. A guest's own flow goes its own way.
  virtual void lead(const passage&) {}
};

class lobby {
public:
  /// `owner` names the one whose end refuses what nobody claimed; null: the
  /// gate.
  ticket enter(flow what, std::unique_ptr<near_side> who, const void* owner);

  /// Null: gone.
  std::unique_ptr<near_side> leave(ticket number);

  /// Does nothing where it is gone.
  void lead(ticket number, const passage& how);

  /// Refuses everything of one owner.
  void clear(const void* owner);

  /// Refuses those of the gate whose flow is like that.
  void refuse(const std::function<bool(const flow&)>& is_meant, ec why);

  /// What waits at the gate, for a watcher that was reborn.
  std::vector<arrival> waiting_at_gate() const;

  size_t size() const noexcept {
    return waiting_.size();
  }

private:
  struct entry {
    flow what;
    std::unique_ptr<near_side> who;
    const void* owner = nullptr;
  };
  std::unordered_map<ticket, entry> waiting_;
  ticket last_ = 0;
};

} // namespace pier::net
