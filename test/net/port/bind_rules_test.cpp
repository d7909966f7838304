#include "net/port/bind_rules.hpp"
#include "test/support/show.hpp"

#include <catch2/catch.hpp>

using namespace pier;

namespace {

/// The addresses, or the sentence.
std::string told(const char* ip, const port_settings& by) {
  port_spec spec;
  spec.host = {8080, 8080};
  spec.container = {80, 80};
  if (*ip != '\0')
    spec.host_ip = *ip_address::parse(ip);
  auto all = net::bind_addresses(spec, by);
  if (!all) {
    CHECK(all.error().code == ec::forbidden);
    return all.error().text;
  }
  std::string out;
  for (const auto& each : *all)
    out += (out.empty() ? "" : " ") + to_string(each);
  return out;
}

port_settings bound(port_bind how) {
  port_settings out;
  out.bind = how;
  return out;
}

port_settings allowed(const std::vector<const char*>& all) {
  port_settings out;
  for (const auto* each : all)
    out.allowed_binds.push_back(*ip_subnet::parse(each));
  return out;
}

} // namespace

TEST_CASE("a port without an address is bound where ports.bind says") {
  CHECK(told("", bound(port_bind::all)) == "0.0.0.0 ::");
  CHECK(told("", bound(port_bind::local)) == "127.0.0.1 ::1");
  CHECK(told("", bound(port_bind::local_only)) == "127.0.0.1 ::1");
}

TEST_CASE("an address that was asked for holds, unless only local ones may") {
  for (auto how : {port_bind::all, port_bind::local})
    for (const auto* ip : {"10.0.0.5", "0.0.0.0", "::", "127.0.0.2"})
      CHECK(told(ip, bound(how)) == ip);
  auto only = bound(port_bind::local_only);
  CHECK(told("127.0.0.2", only) == "127.0.0.2");
  CHECK(told("::1", only) == "::1");
  for (const auto* ip :
       {"10.0.0.5", "0.0.0.0", "::", "fd00::1", "::ffff:1.2.3.4"})
    CHECK(
      told(ip, only).find("is forbidden: ports.bind is \"local-only\"")
      != std::string::npos);
  CHECK(
    told("fd00::1", only)
    == "Bind for [fd00::1]:8080 is forbidden: ports.bind is \"local-only\", "
       "which leaves 127.0.0.0/8 and ::1");
}

TEST_CASE("an address is bound where a subnet of allowed_binds has it") {
  auto by = allowed({"10.0.0.0/8", "fd00::1"});
  CHECK(told("10.1.2.3", by) == "10.1.2.3");
  CHECK(told("fd00::1", by) == "fd00::1");
  CHECK(
    told("11.0.0.1", by)
    == "Bind for 11.0.0.1:8080 is forbidden: it is in no subnet of "
       "ports.allowed_binds");
  // Of every address, those that are not allowed are some.
  CHECK(told("0.0.0.0", by).find("is forbidden") != std::string::npos);
  CHECK(told("", by).find("Bind for 0.0.0.0:8080 is forbidden") == 0);
}

TEST_CASE("of the addresses nobody asked for the allowed ones are bound") {
  CHECK(told("", allowed({"0.0.0.0"})) == "0.0.0.0");
  CHECK(told("", allowed({"::/0"})) == "::");
  auto local = allowed({"127.0.0.0/8", "::1"});
  CHECK(told("", local).find("is forbidden") != std::string::npos);
  local.bind = port_bind::local;
  CHECK(told("", local) == "127.0.0.1 ::1");
}
