#pragma once

/// The static records of the settings, as they are asked for (RFC 1034, 4.3.2;
/// wildcards as RFC 4592 has them). Pure.

#include "messages/dns.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace pier::net {

class static_names {
public:
  struct finding {
    /// Records of the type, CNAMEs on the way to them first; `no_data` where
    /// the name has others only.
    dns_answer answer;
    /// Where a CNAME leads out of the static names; empty: nowhere.
    std::string leads_to;
  };

  static_names() = default;
  explicit static_names(const std::vector<dns_record>& records);

  /// Nothing: the name has no record. The name is in lower case.
  std::optional<finding> find(const std::string& name, uint16_t type) const;

private:
  using list = std::vector<dns_record>;

  const list* at(const std::string& name) const;

  std::unordered_map<std::string, list> by_name_;
};

} // namespace pier::net
