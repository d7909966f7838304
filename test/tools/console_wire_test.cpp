// Everything that a console may be asked crosses between two actor systems.

#include "actors/runtime/refusal.hpp"
#include "test/tools/samples.hpp"
#include "tools/libpier/console_node.hpp"
#include "tools/pier/console/node_client.hpp"

#include <caf/all.hpp>

#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/socket.h>

#include <optional>

namespace pier::cli {

namespace {

using namespace pier::test;
using control::verb;

port_spec plain_port() {
  return {protocol::tcp, {}, {}, {80, 80}};
}

event sample_event() {
  return {event::kind::warning, "web", "mind the gap"};
}

forward_info sample_forward() {
  forward_info out;
  out.listen = {protocol::tcp, ip_address::loopback(family::v6), 8080, ""};
  out.what.to.container = "web";
  out.what.to.at.port = 80;
  out.what.proxy_protocol = true;
  out.refusal = "nobody is there";
  out.clients = 3;
  return out;
}

/// Answers samples, and remembers what it was asked.
console_actor::behavior_type
answering(console_actor::pointer self, std::string* asked) {
  auto noted = [asked](const std::string& what) { *asked = what; };
  return {
    [](atom::status) { return sample_tree(); },
    [](atom::fault) {},
    [](atom::survey) { return sample_tree(); },
    [](atom::list) {
      return std::vector<container_info>{sample_info(), container_info{}};
    },
    [noted](atom::inspect, const std::string& name) {
      noted("inspect " + name);
      return sample_info();
    },
    [](atom::flows, const std::string&) {
      return std::vector<flow_info>{sample_flow()};
    },
    [](atom::enumerate) { return std::vector<forward_info>{sample_forward()}; },
    [](atom::wait, const std::string&) { return sample_info(); },
    [](atom::stop, const std::string& name) -> caf::result<done_t> {
      return actors::to_caf({ec::no_such_container, "no " + name});
    },
    [noted](atom::signal, const std::string& name, int number) {
      noted("signal " + name + " " + std::to_string(number));
      return done_t{};
    },
    [noted](atom::publish, const std::string&, const port_spec& what) {
      noted("publish " + to_string(what));
      return sample_info().ports;
    },
    [noted](atom::unpublish, const std::string&, const port_spec& what) {
      noted("unpublish " + to_string(what));
      return done_t{};
    },
    [noted](atom::fault, const std::string& path) {
      noted("fault " + path);
      return done_t{};
    },
    [self](atom::monitor, const std::string&) {
      return caf::actor_cast<caf::actor>(self);
    },
    [](atom::convey, const std::string& request) {
      return control::encode_reply(
        1, control::json::value{request.find("version") != request.npos});
    },
    [](atom::follow, const caf::actor& whom) {
      caf::anon_send(whom, atom::happened::value, sample_event());
    },
    [](atom::answered, uint64_t, const std::string&) {},
    [](atom::happened, const event&) {},
  };
}

struct two_nodes {
  two_nodes() {
    allow_consoles(config);
    config.set("scheduler.policy", caf::atom("sharing"));
    system.emplace(config);
    console = system->spawn(answering, &asked);
    int pair[2]{};
    REQUIRE(
      ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair)
      == 0);
    adopt_console(*system, net::fd{pair[0]}, console, 1);
    auto done = there.attach("lab", net::fd{pair[1]});
    REQUIRE(done.has_value());
    line = make_node_client(io, there, there.all().front());
  }

  ~two_nodes() {
    line.reset();
    caf::anon_send_exit(console, caf::exit_reason::kill);
    console = nullptr;
    caf::logger::set_current_actor_system(nullptr);
  }

  control::json::value ask(verb what, const port_spec& port = {}) {
    control::request made;
    made.what = what;
    made.name = "web";
    made.number = 15;
    made.port = port;
    auto said = line->call(made);
    REQUIRE(said.has_value());
    return *said;
  }

  std::string asked;
  caf::actor_system_config config;
  std::optional<caf::actor_system> system;
  console_actor console;
  boost::asio::io_context io{1};
  nodes there;
  std::unique_ptr<control::client> line;
};

} // namespace

TEST_CASE_METHOD(two_nodes, "what a console is told crosses as it is") {
  using control::to_json;
  CHECK(ask(verb::tree) == to_json(sample_tree()));
  CHECK(
    ask(verb::list)
    == to_json(std::vector<container_info>{sample_info(), container_info{}}));
  CHECK(ask(verb::inspect) == to_json(sample_info()));
  CHECK(asked == "inspect web");
  CHECK(ask(verb::wait) == to_json(sample_info()));
  CHECK(ask(verb::flows) == to_json(std::vector<flow_info>{sample_flow()}));
  CHECK(
    ask(verb::forwards)
    == to_json(std::vector<forward_info>{sample_forward()}));
}

TEST_CASE_METHOD(two_nodes, "what a console is asked crosses as it is") {
  ask(verb::signal);
  CHECK(asked == "signal web 15");
  for (const auto& port : {sample_port(), plain_port()}) {
    CHECK(ask(verb::publish, port) == control::to_json(sample_info().ports));
    CHECK(asked == "publish " + to_string(port));
    CHECK(ask(verb::unpublish, port).is_null());
    CHECK(asked == "unpublish " + to_string(port));
  }
  CHECK(ask(verb::fault).is_null());
  CHECK(asked == "fault web");
}

TEST_CASE_METHOD(
  two_nodes, "a refusal crosses with its code and its sentence") {
  control::request what;
  what.what = verb::stop;
  what.name = "web";
  auto said = line->call(what);
  REQUIRE(!said.has_value());
  CHECK(said.error() == error{ec::no_such_container, "no web"});
}

TEST_CASE_METHOD(two_nodes, "what no actor answers is conveyed") {
  CHECK(ask(verb::version) == control::json::value{true});
  CHECK(ask(verb::settings) == control::json::value{false});
}

TEST_CASE_METHOD(two_nodes, "events cross to whoever asks for them") {
  std::optional<event> told;
  line->on_event = [&](const event& what) { told = what; };
  ask(verb::events);
  while (!told)
    io.run_one();
  CHECK(control::to_json(*told) == control::to_json(sample_event()));
}

TEST_CASE_METHOD(two_nodes, "whoever asks a node that goes hears of it") {
  control::request what;
  what.what = verb::tree;
  caf::anon_send_exit(console, caf::exit_reason::kill);
  console = nullptr;
  auto said = line->call(what);
  if (!said)
    CHECK(said.error().code == ec::stopped);
  said = line->call(what);
  REQUIRE(!said.has_value());
  CHECK(said.error().code == ec::stopped);
}

} // namespace pier::cli
