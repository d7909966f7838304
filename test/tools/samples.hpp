#pragma once

/// Values with every field filled, for round trips.

#include "tools/control/protocol.hpp"

namespace pier::test {

inline port_spec sample_port() {
  return {protocol::udp,         ip_address::loopback(family::v6),
          {8000, 8010},          {80, 90},
          port_source::preserve, proxy_protocol::none};
}

inline container_spec sample_spec() {
  container_spec spec;
  spec.name = "web";
  spec.network = network_mode::none;
  spec.publish = {sample_port(), {protocol::tcp, {}, {}, {80, 80}}};
  spec.expose = {{protocol::tcp, {}, {}, {443, 443}}};
  spec.publish_all = true;
  spec.hosts = {{"db", *ip_address::parse("10.0.0.7")}};
  spec.command = {"sh", "-c", "echo \"ä\"\n", "\xff\xfe"};
  spec.environment = {"A=1", "B="};
  spec.mounts = {{"/srv", "/data", true}};
  spec.hostname = "inside";
  spec.rootfs = "/var/roots/web";
  spec.workdir = "/data";
  spec.terminal = true;
  return spec;
}

inline container_info sample_info() {
  container_info info;
  info.name = "web";
  info.state = container_state::stopping;
  info.network = network_mode::bridge;
  info.address = {
    3, *ip_address::parse("192.168.65.3"), *ip_address::parse("fd07::3")};
  info.ports = {
    {protocol::tcp, {ip_address{}, 8000}, 80, true},
    {protocol::udp, {ip_address::any(family::v6), 53}, 5353, false}};
  info.command = {"python3", "-m", "http.server"};
  info.netns = "/run/netns/x";
  info.started = 1700000000;
  info.pid = 4711;
  info.exit_status = 137;
  info.failure = "no";
  info.warnings = {"careful"};
  return info;
}

inline flow_info sample_flow() {
  flow_info out;
  out.container = "web";
  out.path = "containers/web/sessions/tcp-12";
  out.what = {
    direction::outbound,
    protocol::tcp,
    {*ip_address::parse("192.168.65.3"), 4711},
    {*ip_address::parse("192.168.65.254"), 80}};
  out.state = "open";
  out.to = {ip_address::loopback(family::v4), 80};
  out.names = {"host.iechor.internal"};
  out.rule = "allow all";
  out.bytes = {1500, 2'345'678};
  out.guest_rtt = 84;
  out.peer_rtt = 12'345;
  out.milliseconds = 61'000;
  return out;
}

inline health sample_tree() {
  health session{"17", "session", "up", 0, {{"tcp", "a → b"}}, {}};
  health port{"8000:80", "published_port", "up", 2, {{"clients", "3"}}, {}};
  health web{"web", "container", "restarting", 0, {}, {session, port}};
  health dns{"dns", "dns", "no answer", 0, {}, {}};
  return {"root", "root", "up", 0, {}, {dns, web}};
}

} // namespace pier::test
