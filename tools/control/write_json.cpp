#include "config/conceal.hpp"
#include "config/difference.hpp"
#include "tools/control/json.hpp"

namespace pier::control {

namespace {

json::value strings(const std::vector<std::string>& items) {
  json::array array;
  for (const auto& item : items)
    array.emplace_back(item);
  return array;
}

json::value or_null(const std::optional<uint32_t>& number) {
  return number ? json::value(*number) : json::value(nullptr);
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
  if (spec.source)
    object["source"] = to_string(*spec.source);
  if (spec.proxy)
    object["proxy_protocol"] = to_string(*spec.proxy);
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
  if (info.address.number != 0) {
    json::object lease{
      {"number", info.address.number}, {"link", info.address.link}};
    for (const auto& ip : info.address.addresses())
      lease[ip.is_v4() ? "v4" : "v6"] = to_string(ip);
    address = std::move(lease);
  }
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

json::value to_json(const forward_info& info) {
  return json::object{
    {"listen", to_string(info.listen)},
    {"to", to_string(info.what.to)},
    {"proxy_protocol", info.what.proxy_protocol ? "v2" : "none"},
    {"open", info.open},
    {"refusal", info.refusal},
    {"clients", info.clients},
    {"served", info.served},
    {"refused", info.refused}};
}

json::value to_json(const flow_info& of) {
  return json::object{
    {"container", of.container},
    {"path", of.path},
    {"direction", to_string(of.what.way)},
    {"proto", to_string(of.what.proto)},
    {"guest_ip", to_string(of.what.guest.ip)},
    {"guest_port", of.what.guest.port},
    {"peer_ip", to_string(of.what.peer.ip)},
    {"peer_port", of.what.peer.port},
    {"state", of.state},
    {"dialed_ip", to_string(of.to.ip)},
    {"dialed_port", of.to.port},
    {"names", strings(of.names)},
    {"rule", of.rule},
    {"sent", of.bytes.sent},
    {"received", of.bytes.received},
    {"guest_rtt_microseconds", or_null(of.guest_rtt)},
    {"peer_rtt_microseconds", or_null(of.peer_rtt)},
    {"milliseconds", of.milliseconds}};
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

json::value to_json(const act& what) {
  json::object object{
    {"what", to_string(what.what)},
    {"path", what.path},
    {"reason", what.reason},
    {"patience", what.patience.count()}};
  if (what.level)
    object["level"] = to_string(*what.level);
  return object;
}

json::value to_json(const log_rule& rule) {
  return json::object{
    {"path", rule.path.empty() ? "root" : rule.path},
    {"level", to_string(rule.level)}};
}

json::value to_json(const explanation& what) {
  json::array steps;
  for (const auto& each : what.steps)
    steps.push_back(json::object{
      {"what", each.what},
      {"good", each.good},
      {"detail", each.detail},
      {"microseconds", each.microseconds}});
  return json::object{
    {"cause", what.cause},
    {"verdict", to_string(what.verdict)},
    {"text", what.text},
    {"steps", std::move(steps)}};
}

json::value to_json(const capture_grant& what) {
  return json::object{
    {"container", what.container},
    {"link", what.link},
    {"filter", what.filter},
    {"text", what.text}};
}

json::value to_json(const audit_row& what) {
  return json::object{
    {"what", to_string(what.what)},
    {"where", what.where},
    {"thing", what.thing},
    {"owner", what.owner},
    {"fault", what.fault}};
}

json::value to_json(const event& news) {
  return json::object{
    {"what", to_string(news.what)},
    {"container", news.container},
    {"text", news.text},
    {"path", news.path},
    {"at", news.at}};
}

json::value to_json(const error& why) {
  return json::object{{"code", to_string(why.code)}, {"text", why.text}};
}

json::value to_json(const setting_change& change) {
  auto text = [](const std::optional<std::string>& of) {
    return of ? json::value(config::conceal(*of)) : json::value(nullptr);
  };
  return json::object{
    {"key", config::full_path(change)},
    {"was", text(change.was)},
    {"is", text(change.is)}};
}

json::value to_json(const adoption& what) {
  return json::object{
    {"changes", to_json(what.changes)}, {"ended", what.ended}};
}

} // namespace pier::control
