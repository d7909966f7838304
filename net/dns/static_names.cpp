#include "net/dns/static_names.hpp"

#include <algorithm>

namespace pier::net {

namespace {

constexpr uint16_t type_any = 255;
/// CNAMEs in a row; those that lead in a circle end here, too.
constexpr int most_hops = 8;

bool is_cname(const dns_record& what) {
  return what.type == dns_record::kind::cname;
}

} // namespace

static_names::static_names(const std::vector<dns_record>& records) {
  for (const auto& each : records)
    by_name_[each.name].push_back(each);
}

const static_names::list* static_names::at(const std::string& name) const {
  if (by_name_.empty())
    return nullptr;
  if (auto found = by_name_.find(name); found != by_name_.end())
    return &found->second;
  // The closest name above that has a wildcard, unless one between is there
  // itself.
  for (auto dot = name.find('.'); dot != std::string::npos;
       dot = name.find('.', dot + 1)) {
    auto above = name.substr(dot + 1);
    if (auto found = by_name_.find("*." + above); found != by_name_.end())
      return &found->second;
    if (by_name_.contains(above))
      return nullptr;
  }
  return nullptr;
}

std::optional<static_names::finding>
static_names::find(const std::string& name, uint16_t type) const {
  const auto* records = at(name);
  if (records == nullptr)
    return std::nullopt;
  finding out;
  auto& told = out.answer.records;
  auto take = [&](const dns_record& each, const std::string& owner) {
    told.push_back(each);
    told.back().name = owner;
  };
  auto wants_aliases = type == type_any
    || type == static_cast<uint16_t>(dns_record::kind::cname);
  auto owner = name;
  for (int hop = 0; records != nullptr; ++hop) {
    auto alias = std::find_if(records->begin(), records->end(), is_cname);
    if (alias == records->end() || wants_aliases) {
      for (const auto& each : *records)
        if (type == type_any || type == static_cast<uint16_t>(each.type))
          take(each, owner);
      break;
    }
    take(*alias, owner);
    if (hop == most_hops)
      break;
    owner = alias->text;
    records = at(owner);
    if (records == nullptr)
      out.leads_to = owner;
  }
  out.answer.what = told.empty() ? dns_answer::kind::no_data
                                 : dns_answer::kind::records;
  return out;
}

} // namespace pier::net
