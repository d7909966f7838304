#include "net/premises/guest_files.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace pier;

container_spec web() {
  container_spec out;
  out.name = "web";
  return out;
}

const lease third{
  3, *ip_address::parse("192.168.65.3"),
  *ip_address::parse("fd07:b51a:cc66::3")};

bool has(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

} // namespace

TEST_CASE("a guest asks the gateway, in both families") {
  auto text = net::guest_resolv_conf(net::plan_network({}), {});
  CHECK(has(text, "nameserver 192.168.65.1"));
  CHECK(has(text, "nameserver fd07:b51a:cc66::1"));
  CHECK(has(text, "options ndots:0"));
  CHECK(text.find("search") == std::string::npos);
}

TEST_CASE("a guest keeps the host's search list") {
  auto text = net::guest_resolv_conf(
    net::plan_network({}), {"corp.example", "example"});
  CHECK(has(text, "search corp.example example"));
}

TEST_CASE("a guest knows itself by name, and the hosts that were added") {
  auto spec = web();
  spec.hosts = {{"db", *ip_address::parse("10.0.0.7")}};
  auto text = net::guest_hosts(spec, third);
  CHECK(has(text, "192.168.65.3\tweb"));
  CHECK(has(text, "fd07:b51a:cc66::3\tweb"));
  CHECK(has(text, "10.0.0.7\tdb"));
  CHECK(has(text, "127.0.0.1\tlocalhost"));
}

TEST_CASE("a host name of its own stands before the container's name") {
  auto spec = web();
  spec.hostname = "front";
  CHECK(has(net::guest_hosts(spec, third), "192.168.65.3\tfront web"));
}

TEST_CASE("a guest without a network knows no address of its own") {
  auto spec = web();
  spec.network = network_mode::none;
  CHECK(
    net::guest_hosts(spec, third).find("192.168.65.3") == std::string::npos);
}
