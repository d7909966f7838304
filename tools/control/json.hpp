#pragma once

/// Our values as JSON and back: what travels on the control socket and what
/// `--json` prints, spelled in one place.
///
/// `read` believes nothing: it answers whether `from` is a well-formed T. What
/// a client may send (container_spec, port_spec) must have no field that we do
/// not know, since a wish that is not understood must not be dropped in
/// silence; what a server tells may have more than we know.

#include "messages/act.hpp"
#include "messages/adoption.hpp"
#include "messages/audit.hpp"
#include "messages/capture.hpp"
#include "messages/container.hpp"
#include "messages/error.hpp"
#include "messages/flow_info.hpp"
#include "messages/forward.hpp"
#include "messages/health.hpp"
#include "messages/log.hpp"
#include "messages/why.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pier::control {

namespace json = boost::json;

json::value to_json(const port_spec& spec);
json::value to_json(const bound_port& port);
json::value to_json(const container_spec& spec);
json::value to_json(const container_info& info);
json::value to_json(const flow_info& of);
json::value to_json(const health& node);
json::value to_json(const forward_info& info);
json::value to_json(const act& what);
json::value to_json(const explanation& what);
json::value to_json(const log_rule& rule);
json::value to_json(const capture_grant& what);
json::value to_json(const audit_row& what);
json::value to_json(const event& news);
json::value to_json(const error& why);
json::value to_json(const setting_change& change);
json::value to_json(const adoption& what);

template <class T>
json::value to_json(const std::vector<T>& items) {
  json::array array;
  array.reserve(items.size());
  for (const auto& item : items)
    array.push_back(to_json(item));
  return array;
}

/// No string of ours holds a NUL: it would end early in the kernel.
bool read(const json::value& from, json::value& to);
bool read(const json::value& from, std::string& to);
bool read(const json::value& from, bool& to);
bool read(const json::value& from, int& to);
bool read(const json::value& from, int64_t& to);
bool read(const json::value& from, uint16_t& to);
bool read(const json::value& from, uint32_t& to);
bool read(const json::value& from, uint64_t& to);
bool read(const json::value& from, std::optional<uint32_t>& to);
bool read(const json::value& from, ec& to);
bool read(const json::value& from, network_mode& to);
bool read(const json::value& from, container_state& to);
bool read(const json::value& from, event::kind& to);
bool read(const json::value& from, act::kind& to);
bool read(const json::value& from, protocol& to);
bool read(const json::value& from, direction& to);
bool read(const json::value& from, ip_address& to);
bool read(const json::value& from, std::optional<ip_address>& to);
bool read(const json::value& from, std::optional<port_source>& to);
bool read(const json::value& from, std::optional<proxy_protocol>& to);
bool read(const json::value& from, port_range& to);
bool read(const json::value& from, bind_mount& to);
bool read(const json::value& from, lease& to);
bool read(const json::value& from, port_spec& to);
bool read(const json::value& from, bound_port& to);
bool read(const json::value& from, container_spec& to);
bool read(const json::value& from, container_info& to);
bool read(const json::value& from, flow_info& to);
bool read(const json::value& from, forward_info& to);
bool read(const json::value& from, health& to);
bool read(const json::value& from, event& to);
bool read(const json::value& from, act& to);
bool read(const json::value& from, log_level& to);
bool read(const json::value& from, std::optional<log_level>& to);
bool read(const json::value& from, log_rule& to);
bool read(const json::value& from, why_step& to);
bool read(const json::value& from, explanation& to);
bool read(const json::value& from, capture_grant& to);
bool read(const json::value& from, audit_row::kind& to);
bool read(const json::value& from, audit_row& to);
bool read(const json::value& from, error& to);

template <class Second>
bool read(const json::value& from, std::pair<std::string, Second>& to) {
  const auto* pair = from.if_array();
  return pair && pair->size() == 2 && read((*pair)[0], to.first)
    && read((*pair)[1], to.second);
}

template <class T>
bool read(const json::value& from, std::vector<T>& to) {
  const auto* array = from.if_array();
  if (!array)
    return false;
  to.clear();
  for (const auto& item : *array)
    if (!read(item, to.emplace_back()))
      return false;
  return true;
}

/// Indented for a person, with a final newline.
std::string pretty(const json::value& what);

/// Parses one text, at most 64 levels deep. Bytes that are no UTF-8 pass: file
/// names may have them.
result<json::value> parse_json(std::string_view text);

} // namespace pier::control
