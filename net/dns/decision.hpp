#pragma once

/// Who answers a question, by the settings: static names, then our own zone,
/// then those who are asked for the longest zone that fits. Pure.

#include "messages/settings/dns_settings.hpp"
#include "net/dns/static_names.hpp"
#include "net/dns/zone.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace pier::net {

class dns_decision {
public:
  dns_decision() = default;
  explicit dns_decision(const dns_settings& by);

  /// `has_ipv6`: whether the host has a way to the world for it, which counts
  /// only where the address policy is `automatic` and the question is for AAAA.
  dns_course
  decide(const zone& own, const dns_question& what, bool has_ipv6) const;

  /// Which setting says that: a path of the schema, or what stands behind the
  /// zone.
  std::string
  setting_of(const dns_course& course, const dns_question& what) const;

  /// Whether `has_ipv6` counts.
  bool asks_for_ipv6(const dns_question& what) const noexcept;

private:
  using roster = std::shared_ptr<const std::vector<endpoint>>;

  dns_course
  follow(static_names::finding found, const zone& own, dns_question what) const;
  void lead_on(dns_course& course, const std::string& name) const;
  bool hides(uint16_t type, bool has_ipv6) const noexcept;

  address_policy addresses_ = address_policy::none;
  static_names names_;
  roster servers_; // null: the host's own
  std::unordered_map<std::string, roster> zones_;
};

} // namespace pier::net
