#pragma once

/// All containers, by name. A container's end, even that of one that keeps
/// dying of bugs, never ends its neighbours. Reborn, this actor finds every
/// container's premises in `net` and brings their containers back.

#include "actors/container.hpp"
#include "actors/runtime/pledge.hpp"

#include <map>

namespace pier::actors {

/// What the containers are born with, each time.
struct containers_args {
  net::network* network = nullptr;
  std::shared_ptr<const settings> with;
  policy_ptr rules;
  reporter news;
};

struct containers_state {
  static const char* name;

  health describe() const;

  containers_args args;
  gateway_actor gateway;
  dns_actor dns;
  std::optional<supervision> children;
  /// By name, until the record is written: premises are vacated a moment before
  /// that is heard here, and nobody is to find neither.
  std::map<std::string, std::shared_ptr<net::premises>> there;
  /// Those that ran, the newest run of each name, as a person may ask.
  std::map<std::string, container_info> records;
  std::map<std::string, std::vector<pledge<container_info>>> waiting;
};

caf::error no_such_container(const std::string& name);

containers_actor::behavior_type containers(
  containers_actor::stateful_pointer<containers_state> self,
  containers_args args);

} // namespace pier::actors
