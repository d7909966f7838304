#pragma once

/// The guests' network becomes another one (RFC 4192 calls it so).

#include "messages/container.hpp"
#include "messages/policy.hpp"
#include "messages/settings/network_settings.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace pier {

/// Who lives where then, by the container's name.
struct renumbering {
  network_settings was;
  network_settings is;
  std::map<std::string, lease> leases;
  /// Addresses at which nobody lives any more.
  std::vector<ip_address> left{};

  /// The container that has this name, and lived there, has this lease then.
  void enter(const std::string& name, const lease& had, const lease& has) {
    leases[name] = has;
    for (const auto& ip : had.addresses())
      if (ip != has.v4 && ip != has.v6)
        left.push_back(ip);
  }
};

/// Handed around as one value, which nobody changes. Null: nothing moves.
using renumbering_ptr = std::shared_ptr<const renumbering>;

/// What flows must satisfy from now on; what is null is as it was.
struct flow_terms {
  policy_ptr rules;
  renumbering_ptr addresses;
};

} // namespace pier
