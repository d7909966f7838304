#include "test/support/show.hpp"
#include "test/tools/samples.hpp"
#include "tools/control/json.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::control;

namespace {

/// Through text and back; what is lost on the way shows when it is written
/// again.
template <class T>
void check_round_trip(const T& sample) {
  auto text = pretty(to_json(sample));
  auto parsed = parse_json(text);
  REQUIRE(parsed);
  T back;
  REQUIRE(read(*parsed, back));
  CHECK(pretty(to_json(back)) == text);
}

template <class T>
bool reads(const char* text) {
  auto parsed = parse_json(text);
  REQUIRE(parsed);
  T made;
  return read(*parsed, made);
}

} // namespace

TEST_CASE("every value survives the way through JSON") {
  check_round_trip(test::sample_port());
  check_round_trip(test::sample_spec());
  check_round_trip(test::sample_info());
  check_round_trip(test::sample_flow());
  check_round_trip(test::sample_tree());
  check_round_trip(
    event{event::kind::port_opened, "web", "8000", "containers/web", 17});
  check_round_trip(
    act{act::kind::drain, "containers/web", "why", std::chrono::seconds{3}});
  check_round_trip(explanation{
    {{"name", false, "no", 7}}, "no_such_name", ec::failed, "no such name"});
  check_round_trip(
    capture_grant{"web", "veth3", "tcp port 80", "its packets", 0});
  check_round_trip(audit_row{
    audit_row::kind::name_space, "network", "4711", "nobody's", true});
  check_round_trip(error{ec::port_allocated, "taken"});
}

TEST_CASE("a spec read back is the spec that was written") {
  auto sample = test::sample_spec();
  container_spec back;
  REQUIRE(read(to_json(sample), back));
  CHECK(back.publish == sample.publish);
  CHECK(back.expose == sample.expose);
  CHECK(back.hosts == sample.hosts);
  CHECK(back.command == sample.command);
  CHECK(back.environment == sample.environment);
  CHECK(back.mounts.at(0).read_only);
  CHECK(back.network == network_mode::none);
  CHECK(back.terminal);
}

TEST_CASE("every code, state and kind has a name that is read back") {
  for (size_t i = 0; i < static_cast<size_t>(ec::last); ++i) {
    ec back{};
    CHECK(read(json::value(to_string(static_cast<ec>(i))), back));
    CHECK(back == static_cast<ec>(i));
  }
  for (auto state :
       {container_state::created, container_state::running,
        container_state::stopping, container_state::exited}) {
    container_state back{};
    CHECK(read(json::value(to_string(state)), back));
    CHECK(back == state);
  }
  for (auto kind :
       {event::kind::gateway_up,
        event::kind::gateway_lost,
        event::kind::created,
        event::kind::started,
        event::kind::exited,
        event::kind::removed,
        event::kind::port_opened,
        event::kind::port_closed,
        event::kind::forward_up,
        event::kind::forward_refused,
        event::kind::settings_changed,
        event::kind::settings_refused,
        event::kind::console_opened,
        event::kind::console_closed,
        event::kind::console_acted,
        event::kind::warning,
        event::kind::fault,
        event::kind::killed,
        event::kind::restarted,
        event::kind::drained,
        event::kind::paused,
        event::kind::resumed,
        event::kind::log_changed,
        event::kind::missed}) {
    event::kind back{};
    CHECK(read(json::value(to_string(kind)), back));
    CHECK(back == kind);
  }
}

TEST_CASE("a forward is read back as it was") {
  forward_info info;
  info.listen.path = "/run/x";
  info.what.to.container = "web";
  info.what.to.at.port = 80;
  info.what.proxy_protocol = true;
  info.refusal = "no container web is there";
  info.open = true;
  info.clients = 1;
  info.served = 2;
  info.refused = 3;
  forward_info back;
  REQUIRE(read(to_json(info), back));
  CHECK(back.listen == info.listen);
  CHECK(back.what == info.what);
  CHECK(to_json(back) == to_json(info));
}

TEST_CASE("a container without a lease has no address") {
  container_info info;
  CHECK(to_json(info).at("address").is_null());
  container_info back;
  CHECK(read(to_json(info), back));
}

TEST_CASE("a wish that is not understood is not dropped in silence") {
  CHECK(reads<container_spec>(R"({"command":["true"]})"));
  CHECK_FALSE(reads<container_spec>(R"({"command":["true"],"cpus":2})"));
  CHECK_FALSE(reads<port_spec>(
    R"({"proto":"tcp","host":[0,0],"container":[80,80],"mode":"host"})"));
  CHECK_FALSE(reads<port_spec>(
    R"({"proto":"tcp","host":[0,0],"container":[80,80],"source":"who"})"));
}

TEST_CASE("news with fields we do not know yet is still news") {
  CHECK(reads<event>(R"({"what":"exited","container":"a","colour":"red"})"));
}

TEST_CASE("numbers that are no ports are refused") {
  auto port = [](const std::string& host, const std::string& container) {
    auto text = R"({"proto":"tcp","host":)" + host + R"(,"container":)"
      + container + "}";
    return reads<port_spec>(text.c_str());
  };
  CHECK(port("[0,0]", "[80,80]"));
  CHECK(port("[8000,8010]", "[80,90]"));
  CHECK_FALSE(port("[0,0]", "[0,0]"));
  CHECK_FALSE(port("[0,5]", "[80,80]"));
  CHECK_FALSE(port("[9,8]", "[80,80]"));
  CHECK_FALSE(port("[0,0]", "[80,65536]"));
  CHECK_FALSE(port("[0,0]", "[-1,80]"));
  CHECK_FALSE(port("[0,0]", "[80.5,81]"));
  CHECK_FALSE(port("[0,0]", "[80]"));
  CHECK_FALSE(port("\"80\"", "[80,80]"));
}

TEST_CASE("no string has a NUL in it") {
  CHECK_FALSE(reads<container_spec>(R"({"rootfs":"/srv\u0000/etc"})"));
  CHECK_FALSE(reads<container_spec>(R"({"command":["a\u0000b"]})"));
}

TEST_CASE("a host name is no address") {
  CHECK_FALSE(reads<container_spec>(R"({"hosts":[["db","localhost"]]})"));
  CHECK_FALSE(reads<container_spec>(R"({"hosts":[["db"]]})"));
}

TEST_CASE("what is nested too deeply is refused by the parser") {
  CHECK(parse_json(std::string(60, '[') + std::string(60, ']')));
  CHECK_FALSE(parse_json(std::string(100000, '[')));
  CHECK_FALSE(parse_json(std::string(100, '[') + std::string(100, ']')));
}

TEST_CASE("a number that cannot be told on is refused by the parser") {
  CHECK(parse_json("[1e308]"));
  CHECK_FALSE(parse_json("[1e400]"));
  CHECK_FALSE(parse_json(R"({"a":[{"b":-1E700000000}]})"));
}

TEST_CASE("pretty JSON is indented by two and says the same") {
  auto value = *parse_json(R"({"a":[1,{"b":[]}],"c\"d":{}})");
  CHECK(pretty(value) == R"({
  "a": [
    1,
    {
      "b": []
    }
  ],
  "c\"d": {}
}
)");
}
