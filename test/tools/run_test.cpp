// `pier run` and its relatives as people use them.

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

TEST_CASE_METHOD(person, "run has the command's output and status") {
  auto done = pier({"run", "sh", "-c", "echo out; echo err >&2; exit 7"});
  CHECK(done.status == 7);
  CHECK(done.out == "out\n");
  CHECK(done.err == "err\n");
  CHECK(pier({"run", "sh", "-c", "kill -9 $$"}).status == 137);
}

TEST_CASE_METHOD(person, "what cannot be run is 127, 126 or 125") {
  CHECK(pier({"run", "no-such-command-here"}).status == 127);
  CHECK(pier({"run", "/etc/passwd"}).status == 126);
  auto wrong = pier({"run", "--nme", "x", "true"});
  CHECK(wrong.status == 125);
  CHECK(wrong.err == "pier: unknown option --nme; see \"pier run --help\"\n");
  CHECK(pier({"run"}).status == 125);
  CHECK(pier({"attach"}).status == 125);
  CHECK(pier({"stop"}).status == 1);
  CHECK(pier({"dance"}).status == 1);
}

TEST_CASE_METHOD(person, "without -i the command has nothing to read") {
  auto without = start({"run", "cat"});
  without->type("hello\n");
  CHECK(without->finish() == 0);
  CHECK(without->out().empty());
  auto with_input = start({"run", "-i", "cat"});
  with_input->type("hello\n");
  with_input->close_input();
  CHECK(with_input->finish() == 0);
  CHECK(with_input->out() == "hello\n");
}

TEST_CASE_METHOD(person, "a run is seen and stopped from elsewhere") {
  auto run = start(
    {"run", "-i", "--name", "web", "-p", "8000:80", "sh", "-c",
     "echo READY; read x"});
  REQUIRE(run->says("READY"));
  auto list = pier({"ps"});
  CHECK(holds(list.out, "web"));
  CHECK(holds(list.out, "0.0.0.0:8000->80/tcp"));
  CHECK(pier({"port", "web"}).out == "80/tcp -> 0.0.0.0:8000\n");
  CHECK(pier({"publish", "web", "81:81"}).out == "81/tcp -> 0.0.0.0:81\n");
  CHECK(pier({"unpublish", "web", "81:81"}).status == 0);
  CHECK(pier({"unpublish", "web", "81:81"}).status == 1);
  CHECK(holds(pier({"tree"}).out, "web"));
  CHECK(state("web") == "running");
  auto stopped = pier({"stop", "web", "nobody"});
  CHECK(stopped.status == 1);
  CHECK(stopped.out == "web\n");
  CHECK(holds(stopped.err, "pier: No such container: nobody"));
  CHECK(run->finish() == 128 + SIGTERM);
  CHECK(pier({"ps", "-q"}).out.empty());
  CHECK_FALSE(exists("run-" + std::to_string(run->pid()) + ".sock"));
}

TEST_CASE_METHOD(person, "two runs live beside each other, not of one name") {
  auto one = start(with({"run", "-i", "--name", "a"}, until_read));
  auto two = start(with({"run", "-i", "--name", "b"}, until_read));
  REQUIRE(one->says("READY"));
  REQUIRE(two->says("READY"));
  auto third = pier({"run", "--name", "a", "true"});
  CHECK(third.status == 125);
  CHECK(holds(third.err, "\"a\" is already in use"));
  one->type("\n");
  CHECK(one->finish() == 0);
  CHECK(pier({"run", "--name", "a", "true"}).status == 0);
  CHECK(holds(pier({"tree"}).out, "b"));
  two->type("\n");
  CHECK(two->finish() == 0);
}

TEST_CASE_METHOD(person, "what a killed run left behind is cleared away") {
  auto run = start(with({"run", "-i", "--name", "web"}, until_read));
  REQUIRE(run->says("READY"));
  auto name = "run-" + std::to_string(run->pid()) + ".sock";
  REQUIRE(exists(name));
  run->signal(SIGKILL);
  REQUIRE(run->finish() == 128 + SIGKILL);
  REQUIRE(exists(name));
  CHECK(pier({"ps"}).status == 0);
  CHECK_FALSE(exists(name));
  CHECK(pier({"run", "--name", "web", "true"}).status == 0);
}

TEST_CASE_METHOD(person, "signals reach the command") {
  auto through_daemon = GENERATE(false, true);
  CAPTURE(through_daemon);
  auto daemon = through_daemon ? pierd() : nullptr;
  for (auto [number, name] :
       {std::pair{SIGHUP, "SIGHUP"}, std::pair{SIGINT, "SIGINT"},
        std::pair{SIGUSR1, "SIGUSR1"}}) {
    auto run = start(with({"run"}, listener({name})));
    REQUIRE(run->says("READY"));
    run->signal(number);
    CHECK(run->finish() == 42);
    CHECK(run->out() == "READY\n" + std::string{name} + "\n");
  }
}

TEST_CASE_METHOD(person, "who is asked three times is stopped") {
  auto run = start(with({"run"}, listener({"SIGTERM"})));
  REQUIRE(run->says("READY"));
  for (auto answer : {"SIGINT\n", "SIGINT\nSIGINT\n"}) {
    run->signal(SIGINT);
    REQUIRE(run->says(answer));
  }
  run->signal(SIGINT);
  CHECK(run->finish() == 42);
  CHECK(holds(run->out(), "SIGTERM\n"));
  CHECK(holds(run->err(), "WARNING: "));
}

TEST_CASE_METHOD(person, "attach lives until it is told to go") {
  auto attach = start(
    {"attach", "--netns", "1", "--name", "lab", "-p", "8000:80"});
  REQUIRE(attach->says(
    "lab is attached as 192.168.65.3, publishing 0.0.0.0:8000->80/tcp\n"));
  CHECK(holds(pier({"ps"}).out, "(attached 1)"));
  SECTION("by Ctrl-C") {
    attach->signal(SIGINT);
  }
  SECTION("by stop") {
    CHECK(pier({"stop", "lab"}).out == "lab\n");
  }
  CHECK(attach->finish() == 0);
}

TEST_CASE_METHOD(person, "events follow what happens") {
  auto daemon = pierd();
  auto events = start({"events", "--follow"});
  // Its request has been heard when a later one is answered.
  REQUIRE(pier({"run", "--name", "web", "true"}).status == 0);
  for (auto tries = 0; tries < 50 && !holds(events->out(), "exited"); ++tries) {
    REQUIRE(pier({"run", "--name", "web", "true"}).status == 0);
    REQUIRE(events->says("web"));
  }
  CHECK(holds(events->out(), "started           web   started\n"));
  daemon->signal(SIGTERM);
  CHECK(daemon->finish() == 0);
  CHECK(events->finish() == 0);
}

TEST_CASE_METHOD(person, "what has happened is kept, and can be asked for") {
  auto daemon = pierd();
  REQUIRE(pier({"run", "--name", "web", "true"}).status == 0);
  REQUIRE(pier({"run", "--name", "db", "true"}).status == 0);
  auto all = pier({"events"});
  CHECK(all.status == 0);
  CHECK(holds(all.out, "started           web   started\n"));
  CHECK(holds(all.out, "started           db   started\n"));
  auto some = pier({"events", "db"});
  CHECK_FALSE(holds(some.out, "web"));
  CHECK(holds(some.out, "removed           db"));
  CHECK(holds(pier({"events", "--since", "1h"}).out, "web"));
  CHECK(pier({"events", "--since", "0s", "db"}).status == 0);
  auto wrong = pier({"events", "--since", "soon"});
  CHECK(wrong.status == 1);
  CHECK(holds(wrong.err, "--since soon is no duration"));
}

TEST_CASE_METHOD(person, "what is done by hand is said, and stands in events") {
  auto daemon = pierd();
  auto web = start({"run", "--name", "web", "sleep", "20"});
  for (auto tries = 0; tries < 100 && state("web") != "running"; ++tries) {}
  CHECK(pier({"pause", "web", "--reason", "lunch"}).out == "web\n");
  CHECK(holds(pier({"events"}).out, "paused            web   lunch\n"));
  auto left = pier({"drain", "web", "--timeout", "1"});
  CHECK(left.status == 1);
  CHECK(left.out == "web: 2 flows are left\n");
  CHECK(holds(pier({"drain", "web", "--json"}).out, "\"left\": 2"));
  auto wrong = pier({"kill", "nobody"});
  CHECK(wrong.status == 1);
  CHECK(wrong.err == "pier: no actor at nobody\n");
  web->signal(SIGTERM);
  web->finish();
}

TEST_CASE_METHOD(person, "why is told step by step, and by the exit status") {
  auto daemon = pierd();
  REQUIRE(pier({"run", "--name", "web", "true"}).status == 0);
  auto good = pier({"why", "web", "web.test:80"});
  CHECK(good.status == 0);
  CHECK(
    good.out
    == "ok   policy       1.200 ms   no rule forbids it\n\n"
       "nothing is in the way\n");
  auto bad = pier({"why", "8000"});
  CHECK(bad.status == 1);
  CHECK(holds(bad.out, "NO   holder"));
  CHECK(holds(bad.out, "nobody has port 8000/tcp\n"));
  CHECK(holds(pier({"why", "8000", "--json"}).out, "\"not_published\""));
  CHECK(holds(pier({"why", "web", "x"}).err, "no destination: x"));
  CHECK(holds(pier({"why", "8000-9000"}).err, "no port of the host"));
  CHECK(holds(pier({"why", "nobody", "x:1"}).err, "No such container"));
}

TEST_CASE_METHOD(person, "an actor is broken by its path in the tree") {
  auto daemon = pierd();
  CHECK(pier({"fault", "containers"}).status == 0);
  CHECK(pier({"fault", "root/containers"}).status == 0);
  auto wrong = pier({"fault", "root/nobody"});
  CHECK(wrong.status == 1);
  CHECK(wrong.err == "pier: no actor at nobody\n");
}

TEST_CASE_METHOD(person, "nothing runs, and every command says so kindly") {
  CHECK(pier({"ps"}).out == "NAME   COMMAND   STATUS   ADDRESS   PORTS\n");
  CHECK(pier({"ps", "--json"}).out == "[]\n");
  CHECK(holds(pier({"tree"}).err, "pier: nothing runs here"));
  CHECK(pier({"tree", "--json"}).out == "[]\n");
  CHECK(holds(pier({"stop", "x"}).err, "pier: No such container: x"));
  CHECK(pier({"inspect", "x"}).status == 1);
  CHECK(holds(pier({"version"}).out, "pier "));
  CHECK(pier({"--version"}).status == 0);
  CHECK(pier({"help", "run"}).out == pier({"run", "--help"}).out);
}

TEST_CASE_METHOD(person, "doctor tries the real thing and says what is") {
  auto done = pier({"doctor", "--json"});
  CHECK(done.status == 0);
  auto all = control::parse_json(done.out);
  REQUIRE(all);
  auto tried = 0;
  for (const auto& each : all->as_array())
    if (each.at("subject") == "gateway" || each.at("subject") == "container") {
      ++tried;
      CHECK(each.at("grade") == "ok");
    }
  CHECK(tried == 2);
}
