#include "tools/control/json.hpp"

#include "tools/control/fields.hpp"

#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace pier::control {

namespace {

constexpr network_mode modes[] = {
  network_mode::bridge, network_mode::host, network_mode::none};
constexpr container_state states[] = {
  container_state::created, container_state::running, container_state::stopping,
  container_state::exited};
constexpr event::kind kinds[] = {
  event::kind::gateway_up,  event::kind::gateway_lost, event::kind::created,
  event::kind::started,     event::kind::exited,       event::kind::removed,
  event::kind::port_opened, event::kind::port_closed,  event::kind::fault};
constexpr protocol protocols[] = {protocol::tcp, protocol::udp};

json::value strings(const std::vector<std::string>& items) {
  json::array array;
  for (const auto& item : items)
    array.emplace_back(item);
  return array;
}

json::value to_json(const port_range& range) {
  return json::array{range.first, range.last};
}

json::value to_json(const bind_mount& mount) {
  return json::object{
    {"source", mount.source},
    {"target", mount.target},
    {"read_only", mount.read_only}};
}

} // namespace

json::value to_json(const port_spec& spec) {
  json::object object{
    {"proto", to_string(spec.proto)},
    {"host", to_json(spec.host)},
    {"container", to_json(spec.container)}};
  if (spec.host_ip)
    object["host_ip"] = to_string(*spec.host_ip);
  return object;
}

json::value to_json(const bound_port& port) {
  return json::object{
    {"proto", to_string(port.proto)},
    {"host_ip", to_string(port.host.ip)},
    {"host_port", port.host.port},
    {"container_port", port.container},
    {"open", port.open}};
}

json::value to_json(const container_spec& spec) {
  json::array mounts;
  for (const auto& mount : spec.mounts)
    mounts.push_back(to_json(mount));
  json::array hosts;
  for (const auto& [name, ip] : spec.hosts)
    hosts.push_back(json::array{name, to_string(ip)});
  return json::object{
    {"name", spec.name},
    {"network", to_string(spec.network)},
    {"publish", to_json(spec.publish)},
    {"expose", to_json(spec.expose)},
    {"publish_all", spec.publish_all},
    {"hosts", std::move(hosts)},
    {"command", strings(spec.command)},
    {"environment", strings(spec.environment)},
    {"mounts", std::move(mounts)},
    {"hostname", spec.hostname},
    {"rootfs", spec.rootfs},
    {"workdir", spec.workdir},
    {"terminal", spec.terminal},
    {"netns", spec.netns}};
}

json::value to_json(const container_info& info) {
  json::value address;
  if (info.address.number != 0)
    address = json::object{
      {"number", info.address.number},
      {"v4", to_string(info.address.v4)},
      {"v6", to_string(info.address.v6)}};
  return json::object{
    {"name", info.name},
    {"state", to_string(info.state)},
    {"network", to_string(info.network)},
    {"address", std::move(address)},
    {"ports", to_json(info.ports)},
    {"command", strings(info.command)},
    {"netns", info.netns},
    {"started", info.started},
    {"pid", info.pid},
    {"exit_status", info.exit_status},
    {"failure", info.failure},
    {"warnings", strings(info.warnings)}};
}

json::value to_json(const health& node) {
  json::array facts;
  for (const auto& [key, value] : node.facts)
    facts.push_back(json::array{key, value});
  return json::object{
    {"name", node.name},         {"kind", node.kind},
    {"state", node.state},       {"restarts", node.restarts},
    {"facts", std::move(facts)}, {"children", to_json(node.children)}};
}

json::value to_json(const event& news) {
  return json::object{
    {"what", to_string(news.what)},
    {"container", news.container},
    {"text", news.text}};
}

json::value to_json(const error& why) {
  return json::object{{"code", to_string(why.code)}, {"text", why.text}};
}

bool read(const json::value& from, std::string& to) {
  const auto* text = from.if_string();
  if (!text || text->find('\0') != json::string::npos)
    return false;
  to.assign(text->data(), text->size());
  return true;
}

bool read(const json::value& from, bool& to) {
  const auto* value = from.if_bool();
  if (value)
    to = *value;
  return value != nullptr;
}

bool read(const json::value& from, int& to) {
  return read_number(from, to);
}

bool read(const json::value& from, uint64_t& to) {
  int64_t value = 0;
  if (!read_number(from, value) || value < 0)
    return false;
  to = static_cast<uint64_t>(value);
  return true;
}

bool read(const json::value& from, int64_t& to) {
  return read_number(from, to);
}

bool read(const json::value& from, uint32_t& to) {
  return read_number(from, to);
}

bool read(const json::value& from, uint16_t& to) {
  return read_number(from, to);
}

bool read(const json::value& from, network_mode& to) {
  return read_name(from, modes, to);
}

bool read(const json::value& from, container_state& to) {
  return read_name(from, states, to);
}

bool read(const json::value& from, event::kind& to) {
  return read_name(from, kinds, to);
}

bool read(const json::value& from, protocol& to) {
  return read_name(from, protocols, to);
}

bool read(const json::value& from, ec& to) {
  const auto* text = from.if_string();
  if (!text)
    return false;
  for (size_t i = 0; i < static_cast<size_t>(ec::last); ++i)
    if (to_string(static_cast<ec>(i)) == std::string_view{*text}) {
      to = static_cast<ec>(i);
      return true;
    }
  return false;
}

bool read(const json::value& from, ip_address& to) {
  const auto* text = from.if_string();
  auto parsed = text ? ip_address::parse(std::string_view{*text})
                     : std::optional<ip_address>{};
  if (parsed)
    to = *parsed;
  return parsed.has_value();
}

bool read(const json::value& from, std::optional<ip_address>& to) {
  return read(from, to.emplace());
}

bool read(const json::value& from, port_range& to) {
  const auto* pair = from.if_array();
  return pair && pair->size() == 2 && read((*pair)[0], to.first)
    && read((*pair)[1], to.last) && to.first <= to.last
    && (to.first != 0 || to.last == 0);
}

bool read(const json::value& from, bind_mount& to) {
  return fields{from}
    .need("source", to.source)
    .need("target", to.target)
    .may("read_only", to.read_only)
    .ok_strictly();
}

bool read(const json::value& from, lease& to) {
  return fields{from}
    .need("number", to.number)
    .need("v4", to.v4)
    .need("v6", to.v6)
    .ok();
}

bool read(const json::value& from, port_spec& to) {
  return fields{from}
           .need("proto", to.proto)
           .may("host_ip", to.host_ip)
           .need("host", to.host)
           .need("container", to.container)
           .ok_strictly()
    && !to.container.any();
}

bool read(const json::value& from, bound_port& to) {
  return fields{from}
    .need("proto", to.proto)
    .need("host_ip", to.host.ip)
    .need("host_port", to.host.port)
    .need("container_port", to.container)
    .need("open", to.open)
    .ok();
}

bool read(const json::value& from, container_spec& to) {
  return fields{from}
    .may("name", to.name)
    .may("network", to.network)
    .may("publish", to.publish)
    .may("expose", to.expose)
    .may("publish_all", to.publish_all)
    .may("hosts", to.hosts)
    .may("command", to.command)
    .may("environment", to.environment)
    .may("mounts", to.mounts)
    .may("hostname", to.hostname)
    .may("rootfs", to.rootfs)
    .may("workdir", to.workdir)
    .may("terminal", to.terminal)
    .may("netns", to.netns)
    .ok_strictly();
}

bool read(const json::value& from, container_info& to) {
  return fields{from}
    .need("name", to.name)
    .need("state", to.state)
    .need("network", to.network)
    .may("address", to.address)
    .need("ports", to.ports)
    .need("command", to.command)
    .may("netns", to.netns)
    .may("started", to.started)
    .may("pid", to.pid)
    .may("exit_status", to.exit_status)
    .may("failure", to.failure)
    .may("warnings", to.warnings)
    .ok();
}

// The depth is that of the parser's limit.
bool read(const json::value& from, health& to) {
  return fields{from}
    .need("name", to.name)
    .need("kind", to.kind)
    .need("state", to.state)
    .may("restarts", to.restarts)
    .may("facts", to.facts)
    .may("children", to.children)
    .ok();
}

bool read(const json::value& from, event& to) {
  return fields{from}
    .need("what", to.what)
    .may("container", to.container)
    .may("text", to.text)
    .ok();
}

bool read(const json::value& from, error& to) {
  return fields{from}.need("code", to.code).need("text", to.text).ok();
}

result<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = 64;
  options.allow_invalid_utf8 = true;
  json::parser parser{json::storage_ptr{}, options};
  boost::system::error_code why;
  parser.write(text.data(), text.size(), why);
  if (why)
    return error{ec::bad_request, "this is not JSON: " + why.message()};
  return parser.release();
}

} // namespace pier::control
