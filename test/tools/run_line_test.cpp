#include "test/support/show.hpp"
#include "tools/pier/attach.hpp"
#include "tools/pier/commands.hpp"
#include "tools/pier/run_line.hpp"
#include "tools/pierd/daemon_line.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace pier;
using namespace pier::cli;

namespace {

using words = std::vector<std::string>;

const run_context caller{
  {{"PATH", "/bin"},
   {"HOME", "/home/me"},
   {"TERM", "vt100"},
   {"LC_ALL", "C"},
   {"LANG", "C"},
   {"TOKEN", "secret"}},
  "/home/me/site"};

run_line parsed(const words& line) {
  auto made = parse_run(line, caller);
  if (!made)
    FAIL(made.error().text);
  return *made;
}

std::string refused(const words& line) {
  auto made = parse_run(line, caller);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ec::bad_request);
  return made.error().text;
}

bool has(const words& all, const std::string& one) {
  return std::count(all.begin(), all.end(), one) != 0;
}

} // namespace

TEST_CASE("options end at the command") {
  auto line = parsed(
    {"-p", "8000:80", "python3", "-m", "http.server", "--bind", "::", "80"});
  CHECK(
    line.spec.command
    == words{"python3", "-m", "http.server", "--bind", "::", "80"});
  REQUIRE(line.spec.publish.size() == 1);
  CHECK(to_string(line.spec.publish[0]) == "8000:80");
  CHECK_FALSE(line.detach);
}

TEST_CASE("two dashes end the options, too") {
  CHECK(parsed({"--", "-odd", "-p"}).spec.command == words{"-odd", "-p"});
  CHECK(
    parsed({"-d", "--", "sh", "--", "x"}).spec.command
    == words{"sh", "--", "x"});
}

TEST_CASE("short options may be written together") {
  auto line = parsed({"-itp8000:80", "-eA=1", "sh"});
  CHECK(line.interactive);
  CHECK(line.spec.terminal);
  CHECK(line.spec.publish.size() == 1);
  CHECK(has(line.spec.environment, "A=1"));
}

TEST_CASE("the whole line becomes one spec") {
  auto line = parsed(
    {"-d",
     "--rm",
     "--name",
     "web",
     "-p",
     "127.0.0.1:8000:80",
     "--publish",
     "[::1]:53:53/udp",
     "-P",
     "--expose",
     "443",
     "--mount",
     "type=bind,src=data,target=/data,readonly",
     "--add-host",
     "db:10.0.0.7",
     "--add-host",
     "six:[fd00::1]",
     "--add-host",
     "bare:fd00::2",
     "--add-host",
     "me:host-gateway",
     "--network",
     "none",
     "--rootfs",
     "root",
     "--hostname",
     "box",
     "-w",
     "/srv",
     "true"});
  const auto& spec = line.spec;
  CHECK(line.detach);
  CHECK(spec.name == "web");
  REQUIRE(spec.publish.size() == 2);
  CHECK(to_string(spec.publish[1]) == "[::1]:53:53/udp");
  CHECK(spec.publish_all);
  REQUIRE(spec.expose.size() == 1);
  REQUIRE(spec.mounts.size() == 1);
  CHECK(spec.mounts[0].source == "/home/me/site/data");
  CHECK(spec.mounts[0].target == "/data");
  CHECK(spec.mounts[0].read_only);
  REQUIRE(spec.hosts.size() == 3);
  CHECK(spec.hosts[0].first == "db");
  CHECK(to_string(spec.hosts[1].second) == "fd00::1");
  CHECK(to_string(spec.hosts[2].second) == "fd00::2");
  CHECK(line.host_gateway == words{"me"});
  CHECK(spec.network == network_mode::none);
  CHECK(spec.rootfs == "/home/me/site/root");
  CHECK(spec.hostname == "box");
  CHECK(spec.workdir == "/srv");
}

TEST_CASE("with the host's files the command stays where it was called") {
  CHECK(parsed({"true"}).spec.workdir == "/home/me/site");
  CHECK(parsed({"--rootfs", "/r", "true"}).spec.workdir.empty());
}

TEST_CASE("a command inherits a few variables and no secret") {
  auto environment = parsed({"true"}).spec.environment;
  CHECK(has(environment, "PATH=/bin"));
  CHECK(has(environment, "HOME=/home/me"));
  CHECK(has(environment, "TERM=vt100"));
  CHECK(has(environment, "LANG=C"));
  CHECK(has(environment, "LC_ALL=C"));
  CHECK_FALSE(has(environment, "TOKEN=secret"));
}

TEST_CASE("with files of its own a command has an environment of its own") {
  auto environment = parsed({"-t", "--rootfs", "/r", "true"}).spec.environment;
  CHECK_FALSE(has(environment, "PATH=/bin"));
  CHECK(has(environment, "HOME=/root"));
  CHECK(has(environment, "TERM=xterm"));
}

TEST_CASE("-e sets, overrides and passes on") {
  auto environment = parsed({"-e", "A=1", "-e", "A=2=3", "-e", "TOKEN", "-e",
                             "MISSING", "-e", "PATH=/opt", "-e",
                             "EMPTY=", "true"})
                       .spec.environment;
  CHECK(has(environment, "A=2=3"));
  CHECK_FALSE(has(environment, "A=1"));
  CHECK(has(environment, "TOKEN=secret"));
  CHECK(has(environment, "PATH=/opt"));
  CHECK_FALSE(has(environment, "PATH=/bin"));
  CHECK(has(environment, "EMPTY="));
  for (const auto& each : environment)
    CHECK_FALSE(each.starts_with("MISSING"));
}

TEST_CASE("of an option given twice the last one counts") {
  CHECK(parsed({"--name", "a", "--name", "b", "true"}).spec.name == "b");
}

TEST_CASE("a line that cannot be meant is refused in one sentence") {
  CHECK(
    refused({"--publsh", "80", "true"})
    == "unknown option --publsh; see \"pier run --help\"");
  CHECK(refused({}).find("needs a command") != std::string::npos);
  CHECK(
    refused({"-d", "-t", "sh"}).find("cannot go together")
    != std::string::npos);
  CHECK(refused({"-di", "sh"}).find("cannot go together") != std::string::npos);
  CHECK(
    refused({"--network", "weave", "true"})
    == "network \"weave\" not found: choose bridge, host or none");
  CHECK(refused({"-e", "=x", "true"}).find("\"=x\"") != std::string::npos);
  CHECK(
    refused({"--add-host", "db", "true"}).find("\"db\"") != std::string::npos);
  CHECK(
    refused({"--add-host", "db:nope", "true"}).find("\"nope\"")
    != std::string::npos);
  CHECK_FALSE(refused({"-p", "99999:80", "true"}).empty());
  CHECK_FALSE(refused({"-p"}).empty());
  CHECK_FALSE(refused({"--name"}).empty());
}

TEST_CASE("a mount is a bind mount, whole, and lands on an absolute path") {
  auto why = [](const char* text) {
    auto made = parse_mount(text, "/here");
    REQUIRE_FALSE(made);
    CHECK(made.error().text.find(text) != std::string::npos);
    return made.error().text;
  };
  CHECK(why("type=volume,src=a,target=/b").find("volume") != std::string::npos);
  CHECK(why("src=/a").find("target is missing") != std::string::npos);
  CHECK(why("target=/a").find("src is missing") != std::string::npos);
  CHECK(why("src=/a,target=b").find("absolute") != std::string::npos);
  CHECK(
    why("src=/a,target=/b,cache=yes").find("cache=yes") != std::string::npos);
  CHECK(why("src=/a,target=/b,ro=maybe").find("maybe") != std::string::npos);
  auto made = parse_mount("source=/a,dst=/b,readonly=false", "/here");
  REQUIRE(made);
  CHECK_FALSE(made->read_only);
}

TEST_CASE("attach takes a process, a path, and ports") {
  auto made = parse_attach({"--netns", "4711", "-p", "80", "-d"}, "/here");
  REQUIRE(made);
  CHECK(made->spec.netns == "4711");
  CHECK(made->spec.publish.size() == 1);
  CHECK(made->detach);
  CHECK(parse_attach({"--netns", "lab"}, "/here")->spec.netns == "/here/lab");
  CHECK_FALSE(parse_attach({}, "/here"));
  CHECK_FALSE(parse_attach({"--netns", "1", "extra"}, "/here"));
}

TEST_CASE("help is answered whatever else the line says") {
  CHECK(parsed({"--help"}).help);
  CHECK(parsed({"-p", "80:80", "--help"}).help);
  CHECK(parse_attach({"--help"}, "/")->help);
}

TEST_CASE("every command explains itself with an example") {
  for (const auto& each : commands()) {
    INFO(each.name);
    CHECK(
      each.help.find("Usage:  pier " + std::string{each.name})
      != std::string_view::npos);
    CHECK(each.help.find("Examples:\n") != std::string_view::npos);
    CHECK(overview().find("  " + std::string{each.name}) != std::string::npos);
    for (size_t begin = 0; begin < each.help.size();) {
      auto end = each.help.find('\n', begin);
      REQUIRE(end != std::string_view::npos);
      CHECK(end - begin <= 100);
      begin = end + 1;
    }
  }
}

TEST_CASE("pierd's line becomes settings") {
  auto made = daemon::parse_line(
    {"--subnet", "10.9.0.0/16", "--resolv-conf", "/r", "--keeper", "/k",
     "--until-idle", "--runtime-dir", "/d", "--log-level", "debug"},
    {});
  REQUIRE(made);
  CHECK(to_string(made->with.network.subnet) == "10.9.0.0/16");
  CHECK(made->with.paths.resolv_conf == "/r");
  CHECK(made->with.paths.keeper == "/k");
  CHECK(made->until_idle);
  CHECK(made->runtime_dir == "/d");
}

TEST_CASE("pierd's line wins over the file, where it says something") {
  settings file;
  file.network.subnet = *ip_subnet::parse("10.1.0.0/16");
  file.network.mtu = 9000;
  auto made = daemon::parse_line({"--settings", "f"}, file);
  REQUIRE(made);
  CHECK(made->with == file);
  CHECK(made->settings_path == "f");
  made = daemon::parse_line({"--subnet", "10.2.0.0/16"}, file);
  REQUIRE(made);
  CHECK(to_string(made->with.network.subnet) == "10.2.0.0/16");
  CHECK(made->with.network.mtu == 9000);
}

TEST_CASE("pierd refuses what it does not understand") {
  for (const words& line :
       {words{"--subnet", "10.0.0.0"}, words{"--subnet", "10.0.0.0/33"},
        words{"--subnet", "fd00::/64"}, words{"--subnet", "x/24"},
        words{"--log-level", "loud"}, words{"--bogus"}, words{"extra"},
        words{"--keeper"}}) {
    INFO(line.front());
    auto made = daemon::parse_line(line, {});
    REQUIRE_FALSE(made);
    CHECK(made.error().text.find("pierd --help") != std::string::npos);
  }
}
