#include "config/forward_grammar.hpp"
#include "tools/control/fields.hpp"
#include "tools/control/json.hpp"

namespace pier::control {

namespace {

constexpr network_mode modes[] = {
  network_mode::bridge, network_mode::host, network_mode::none};
constexpr container_state states[] = {
  container_state::created, container_state::running, container_state::stopping,
  container_state::exited};
constexpr protocol protocols[] = {protocol::tcp, protocol::udp};
constexpr port_source sources[] = {port_source::nat, port_source::preserve};
constexpr proxy_protocol headers[] = {proxy_protocol::none, proxy_protocol::v2};
constexpr protocol flow_protocols[] = {
  protocol::tcp, protocol::udp, protocol::icmp};
constexpr direction directions[] = {direction::outbound, direction::inbound};

/// As the settings spell it.
template <class T>
bool read_as(const config::grammar<T>& how, const std::string& text, T& to) {
  config::complaints ignored;
  auto value = how.read({{}, text}, ignored);
  if (value)
    to = std::move(*value);
  return value.has_value();
}

} // namespace

bool read(const json::value& from, json::value& to) {
  to = from;
  return true;
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

bool read(const json::value& from, std::optional<uint32_t>& to) {
  return read_number(from, to.emplace());
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

bool read(const json::value& from, protocol& to) {
  return read_name(from, protocols, to);
}

bool read(const json::value& from, std::optional<port_source>& to) {
  return read_name(from, sources, to.emplace());
}

bool read(const json::value& from, std::optional<proxy_protocol>& to) {
  return read_name(from, headers, to.emplace());
}

bool read(const json::value& from, direction& to) {
  return read_name(from, directions, to);
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
           .may("link", to.link)
           .may("v4", to.v4)
           .may("v6", to.v6)
           .ok()
    && !to.addresses().empty();
}

bool read(const json::value& from, port_spec& to) {
  return fields{from}
           .need("proto", to.proto)
           .may("host_ip", to.host_ip)
           .need("host", to.host)
           .need("container", to.container)
           .may("source", to.source)
           .may("proxy_protocol", to.proxy)
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

bool read(const json::value& from, forward_info& to) {
  std::string listen, target, proxy;
  auto good = fields{from}
                .need("listen", listen)
                .need("to", target)
                .need("proxy_protocol", proxy)
                .need("open", to.open)
                .need("refusal", to.refusal)
                .need("clients", to.clients)
                .need("served", to.served)
                .need("refused", to.refused)
                .ok();
  to.what.proxy_protocol = proxy == "v2";
  return good && read_as(config::forward_listen(), listen, to.listen)
    && read_as(config::forward_to(), target, to.what.to);
}

bool read(const json::value& from, flow_info& to) {
  json::value proto;
  return fields{from}
           .need("container", to.container)
           .need("path", to.path)
           .need("direction", to.what.way)
           .need("proto", proto)
           .need("guest_ip", to.what.guest.ip)
           .need("guest_port", to.what.guest.port)
           .need("peer_ip", to.what.peer.ip)
           .need("peer_port", to.what.peer.port)
           .need("state", to.state)
           .may("dialed_ip", to.to.ip)
           .may("dialed_port", to.to.port)
           .may("names", to.names)
           .may("rule", to.rule)
           .need("sent", to.bytes.sent)
           .need("received", to.bytes.received)
           .may("guest_rtt_microseconds", to.guest_rtt)
           .may("peer_rtt_microseconds", to.peer_rtt)
           .need("milliseconds", to.milliseconds)
           .ok()
    // Nobody publishes ICMP, but it flows.
    && read_name(proto, flow_protocols, to.what.proto);
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

bool read(const json::value& from, error& to) {
  return fields{from}.need("code", to.code).need("text", to.text).ok();
}

} // namespace pier::control
