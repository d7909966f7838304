#include "net/audit/audit.hpp"

#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>

using namespace pier;
using namespace pier::net;

namespace {

using kind = audit_row::kind;

constexpr uint64_t gateway_network = 100, host_network = 1, web_network = 200;

ip_address ip(const char* text) {
  return *ip_address::parse(text);
}

process person(
  int pid, int parent, const char* name, uint64_t network,
  std::vector<std::string> words = {}) {
  return {pid, parent, name, network, std::move(words)};
}

/// A supervisor (10) with its keeper (11), and container web: its shim (12),
/// which is the parent of its command (13), which has a child (14).
audit_subject house() {
  audit_subject out;
  out.self = 10;
  out.keeper = 11;
  out.gateway_network = gateway_network;
  out.net = plan_network({});
  out.processes = {
    person(1, 0, "init", host_network),
    person(10, 1, "pierd", host_network),
    person(11, 10, "pier-keeper", gateway_network),
    person(12, 10, "pier-keeper", host_network),
    person(13, 12, "python3", web_network),
    person(14, 13, "sh", web_network)};
  audited_guest web;
  web.name = "web";
  web.at = {3, ip("192.168.65.3"), ip("fd07:b51a:cc66::3"), 1};
  web.link = "veth3";
  web.pid = 13;
  port_spec spec;
  spec.host = {8000, 8000};
  spec.container = {80, 80};
  web.ports = {{spec, {{protocol::tcp, {ip("0.0.0.0"), 8000}, 80, true}}}};
  out.guests = {web};
  out.links = {"lo", "pier0", "veth3"};
  return out;
}

descriptor inet(
  int number, int protocol, const char* own, uint16_t own_port,
  const char* peer = nullptr, uint16_t peer_port = 0) {
  descriptor out;
  out.number = number;
  out.target = "socket:[" + std::to_string(1000 + number) + "]";
  out.family = AF_INET;
  out.protocol = protocol;
  out.own = endpoint{ip(own), own_port};
  if (peer)
    out.peer = endpoint{ip(peer), peer_port};
  return out;
}

descriptor listening(int number, const char* own, uint16_t port) {
  auto out = inet(number, IPPROTO_TCP, own, port);
  out.listens = true;
  return out;
}

descriptor thing(int number, std::string target) {
  descriptor out;
  out.number = number;
  out.target = std::move(target);
  return out;
}

std::vector<audit_row> faults(const audit_subject& of) {
  std::vector<audit_row> out;
  for (auto& each : reckon(of))
    if (each.fault)
      out.push_back(std::move(each));
  return out;
}

audit_row only_fault(const audit_subject& of) {
  auto all = faults(of);
  REQUIRE(all.size() == 1);
  return all.front();
}

} // namespace

TEST_CASE("in a house where everything has its owner there is no fault") {
  auto of = house();
  of.own = {
    listening(5, "0.0.0.0", 8000),
    inet(6, IPPROTO_TCP, "127.0.0.1", 8000, "127.0.0.1", 40000),
    inet(7, IPPROTO_TCP, "192.168.65.1", 30000, "192.168.65.3", 80),
    inet(8, IPPROTO_UDP, "192.168.65.1", 53),
    thing(9, "anon_inode:[eventpoll]"),
    thing(10, "net:[100]"),
    thing(11, "net:[200]"),
    thing(12, "/run/pier/pierd.lock")};
  of.marks.folder = "/run/pier";
  auto all = reckon(of);
  for (const auto& each : all)
    if (each.fault)
      FAIL(each.thing << ": " << each.owner);
  CHECK(owner_of(of, of.own[0]) == "containers/web/port 8000:80");
  CHECK(owner_of(of, of.own[1]) == "containers/web/port 8000:80");
  CHECK(owner_of(of, of.own[2]) == "containers/web/sessions");
  CHECK(owner_of(of, of.own[3]) == "dns");
  CHECK(owner_of(of, of.own[5]) == "gateway");
  CHECK(owner_of(of, of.own[6]) == "containers/web");
  auto listeners = std::count_if(all.begin(), all.end(), [](const auto& each) {
    return each.what == kind::listener;
  });
  CHECK(listeners == 1);
}

TEST_CASE("whoever claims a descriptor has it, whatever it is") {
  auto of = house();
  of.own = {thing(5, "pipe:[7]"), thing(6, "/tmp/x")};
  of.claims.claim(5, "gateway");
  of.since_start[6] = "/tmp/x";
  CHECK(faults(of).empty());
  // The number is another thing's now.
  of.own[1].target = "/tmp/y";
  CHECK(only_fault(of).thing == "6 /tmp/y");
}

TEST_CASE("a listener that no port has is a fault, twice told") {
  auto of = house();
  of.own = {listening(5, "0.0.0.0", 9999)};
  auto all = faults(of);
  REQUIRE(all.size() == 2);
  CHECK(all[0].what == kind::descriptor);
  CHECK(all[1].what == kind::listener);
  CHECK(all[1].thing == "5 tcp 0.0.0.0:9999 listening");
  CHECK(all[1].owner.find("no port") != std::string::npos);
  of.marks.places = {{ip("0.0.0.0"), 9999}};
  CHECK(faults(of).empty());
}

TEST_CASE("a descriptor that nobody knows is a fault, and what it might be") {
  for (const char* target : {"pipe:[7]", "/etc/passwd", "net:[999]"}) {
    auto of = house();
    of.own = {thing(5, target)};
    CHECK(only_fault(of).owner.starts_with("nobody's"));
  }
  auto of = house();
  of.own = {inet(5, IPPROTO_TCP, "10.0.0.2", 40000, "10.0.0.1", 443)};
  CHECK(only_fault(of).owner.find("flow") != std::string::npos);
}

TEST_CASE("a socket of a flow is its session's while the flow is there") {
  auto of = house();
  of.own = {inet(5, IPPROTO_TCP, "10.0.0.2", 40000, "10.0.0.1", 443)};
  flow_info flow;
  flow.path = "containers/web/sessions/tcp-1";
  flow.state = "open";
  flow.to = {ip("10.0.0.1"), 443};
  of.flows = {flow};
  CHECK(owner_of(of, of.own[0]) == flow.path);
  CHECK(faults(of).empty());
  of.flows[0].to.port = 444;
  CHECK(faults(of).size() == 1);
}

TEST_CASE("a listener in the gateway that we do not hold is a fault") {
  auto of = house();
  of.own = {inet(8, IPPROTO_UDP, "192.168.65.1", 53)};
  of.in_gateway = {{"udp", {ip("192.168.65.1"), 53}, 1008}};
  CHECK(faults(of).empty());
  of.in_gateway.push_back({"tcp", {ip("0.0.0.0"), 4444}, 77});
  auto row = only_fault(of);
  CHECK(row.what == kind::listener);
  CHECK(row.where == "the gateway's network");
  CHECK(row.thing == "tcp 0.0.0.0:4444");
}

TEST_CASE("a link to a container that has gone is a fault") {
  auto of = house();
  of.links.push_back("veth4");
  auto row = only_fault(of);
  CHECK(row.what == kind::link);
  CHECK(row.thing == "veth4");
}

TEST_CASE("a child that is no keeper's and no container's is a fault") {
  auto of = house();
  of.processes.push_back(person(15, 10, "sleep", host_network));
  auto row = only_fault(of);
  CHECK(row.what == kind::process);
  CHECK(row.thing == "15 sleep");
}

TEST_CASE("what a container makes within itself is its own") {
  auto of = house();
  of.processes.push_back(person(15, 14, "unshare", 300));
  CHECK(faults(of).empty());
}

TEST_CASE("a keeper has no children, and they no network") {
  auto of = house();
  of.processes.push_back(person(15, 11, "sleep", 300));
  auto all = faults(of);
  REQUIRE(all.size() == 2);
  CHECK(all[0].what == kind::process);
  CHECK(all[1].what == kind::name_space);
  CHECK(all[1].thing == "300 of 15 sleep");
}

TEST_CASE("somebody who has entered the gateway is a fault") {
  auto of = house();
  of.processes.push_back(person(50, 1, "nc", gateway_network));
  auto row = only_fault(of);
  CHECK(row.what == kind::process);
  CHECK(row.where == "the gateway's network");
  CHECK(row.thing == "50 nc");
}

TEST_CASE("a keeper holds its streams and its channel, and nothing else") {
  auto of = house();
  for (int i = 0; i <= 3; ++i)
    of.of_children[11].push_back(thing(i, "/dev/null"));
  CHECK(faults(of).empty());
  of.of_children[11].push_back(thing(4, "socket:[5]"));
  CHECK(only_fault(of).where == "11 pier-keeper");
}
