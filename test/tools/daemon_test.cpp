// The daemon: who starts whom, who ends with whom, and what is said.

#include "test/support/show.hpp"
#include "test/tools/person.hpp"
#include "tools/control/client.hpp"
#include "tools/control/json.hpp"
#include "tools/pierd/notify.hpp"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <memory>

using namespace pier;
using namespace pier::test;

TEST_CASE_METHOD(person, "with a daemon a run lives there, and ends with us") {
  auto daemon = pierd();
  auto run = start(with({"run", "-i", "--name", "web"}, until_read));
  REQUIRE(run->says("READY"));
  CHECK_FALSE(exists("run-" + std::to_string(run->pid()) + ".sock"));
  CHECK(state("web") == "running");
  SECTION("by itself") {
    run->type("x\n");
    CHECK(run->finish() == 0);
    CHECK(run->out() == "READY\ngot:x\n");
  }
  SECTION("when we are killed") {
    run->signal(SIGKILL);
    CHECK(run->finish() == 128 + SIGKILL);
    // Answered when it has ended, and nobody else ends it.
    boost::asio::io_context io{1};
    auto other = control::client::connect(io, dir / "pierd.sock");
    REQUIRE(other);
    control::request what;
    what.what = control::verb::wait;
    what.name = "web";
    CHECK((*other)->call(what, std::chrono::seconds{10}));
    CHECK(state("web") == "exited");
  }
  SECTION("when the daemon is killed") {
    daemon->signal(SIGKILL);
    CHECK(run->finish() == 125);
    CHECK(holds(run->err(), "pier: pierd has ended"));
  }
  SECTION("when the daemon is stopped") {
    daemon->signal(SIGTERM);
    CHECK(run->finish() == 128 + SIGTERM);
    CHECK(daemon->finish() == 0);
  }
}

TEST_CASE_METHOD(person, "run -d starts a daemon that ends when it is idle") {
  auto begun = pier({"run", "-d", "--name", "one", "sleep", "60"});
  CHECK(begun.status == 0);
  CHECK(begun.out == "one\n");
  CHECK(begun.err.empty());
  auto facts = control::parse_json(pier({"version", "--json"}).out);
  REQUIRE(facts);
  REQUIRE(facts->at("running").as_array().size() == 1);
  auto pid = static_cast<pid_t>(
    facts->at("running").at(0).at("pid").as_int64());
  // A second one moves in with the first.
  CHECK(pier({"run", "-d", "--name", "two", "sleep", "60"}).status == 0);
  CHECK(pier({"run", "-d", "--name", "two", "true"}).status == 125);
  CHECK(pier({"stop", "one"}).status == 0);
  CHECK(state("two") == "running");
  CHECK(pier({"stop", "two"}).status == 0);
  CHECK(test::ends(pid));
  CHECK_FALSE(exists("pierd.sock"));
  // And another may follow at once.
  CHECK(pier({"run", "-d", "--name", "three", "true"}).status == 0);
}

TEST_CASE_METHOD(person, "a daemon started for a refused container goes") {
  auto refused = pier({"run", "-d", "no-such-command-here"});
  CHECK(refused.status == 127);
  auto pid = 0;
  std::ifstream{dir / "pierd.lock"} >> pid;
  REQUIRE(pid > 0);
  CHECK(test::ends(pid));
}

TEST_CASE_METHOD(person, "a daemon that cannot start says why") {
  environment["PIER_RUNTIME_DIR"] = dir / "missing/deeper";
  auto refused = pier({"run", "-d", "true"});
  CHECK(refused.status == 125);
  CHECK(holds(refused.err, "missing/deeper"));
}

TEST_CASE_METHOD(person, "a second daemon is refused and told of the first") {
  auto first = pierd();
  program second{line("pierd", {}), environment};
  CHECK(second.finish() == 125);
  CHECK(holds(second.err(), "process " + std::to_string(first->pid())));
  CHECK(pier({"ps"}).status == 0);
}

TEST_CASE_METHOD(person, "after a killed daemon another takes its place") {
  auto first = pierd();
  first->signal(SIGKILL);
  CHECK(first->finish() == 128 + SIGKILL);
  CHECK(exists("pierd.sock"));
  CHECK(pier({"ps"}).status == 0);
  auto second = pierd();
  CHECK(pier({"run", "true"}).status == 0);
}

TEST_CASE_METHOD(person, "a daemon stops its containers before it ends") {
  auto daemon = pierd();
  REQUIRE(pier({"run", "-d", "--name", "web", "sleep", "60"}).status == 0);
  auto text = pier({"inspect", "web"}).out;
  auto pid = control::parse_json(text)->at("pid").as_int64();
  daemon->signal(SIGTERM);
  CHECK(daemon->finish() == 0);
  CHECK(test::ends(static_cast<pid_t>(pid)));
  CHECK_FALSE(exists("pierd.sock"));
  CHECK(holds(daemon->err(), "exited web"));
}

TEST_CASE_METHOD(person, "a second signal ends the daemon at once") {
  auto daemon = pierd();
  auto run = start(with({"run"}, listener({})));
  REQUIRE(run->says("READY"));
  daemon->signal(SIGTERM);
  REQUIRE(run->says("SIGTERM"));
  daemon->signal(SIGTERM);
  CHECK(daemon->finish() == 128 + SIGTERM);
}

TEST_CASE_METHOD(person, "the daemon's log has no environment in it") {
  auto daemon = pierd({"--log-level", "trace"});
  REQUIRE(pier({"run", "-e", "TOKEN=hunter2", "true"}).status == 0);
  daemon->signal(SIGTERM);
  CHECK(daemon->finish() == 0);
  CHECK(holds(daemon->err(), "started"));
  CHECK_FALSE(holds(daemon->err(), "hunter2"));
}

TEST_CASE_METHOD(person, "systemd hears that the daemon is ready, and ends") {
  auto abstract = GENERATE(false, true);
  auto name = abstract ? "@pier-test-" + std::to_string(::getpid())
                       : dir / "notify";
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  name.copy(at.sun_path, sizeof(at.sun_path) - 1);
  if (abstract)
    at.sun_path[0] = '\0';
  net::fd heard{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  auto size = static_cast<socklen_t>(
    offsetof(sockaddr_un, sun_path) + name.size());
  REQUIRE(::bind(heard.get(), reinterpret_cast<sockaddr*>(&at), size) == 0);
  timeval patience{10, 0};
  ::setsockopt(
    heard.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  environment["NOTIFY_SOCKET"] = name;
  auto daemon = pierd();
  auto next = [&] {
    char text[100] = "";
    auto count = ::recv(heard.get(), text, sizeof(text), 0);
    return std::string(text, count > 0 ? static_cast<size_t>(count) : 0);
  };
  CHECK(next() == "READY=1");
  daemon->signal(SIGTERM);
  CHECK(next() == "STOPPING=1");
  CHECK(daemon->finish() == 0);
}

TEST_CASE("nobody to notify is no trouble") {
  CHECK_FALSE(daemon::notify("", "READY=1"));
  CHECK_FALSE(daemon::notify("/nowhere/notify", "READY=1"));
  CHECK_FALSE(daemon::notify(std::string(200, 'x'), "READY=1"));
}
