// The two programs as people use them, over a supervisor without a kernel:
// who starts whom, who ends with whom, and what is said. Here a killed
// supervisor leaves its commands alive, so each of them must end by itself:
// with its input, or after a minute.

#include "test/tools/program.hpp"
#include "test/tools/show.hpp"
#include "test/tools/temp_dir.hpp"
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
using test::program;

namespace {

using words = std::vector<std::string>;

struct said {
  int status;
  std::string out;
  std::string err;
};

/// A user with a runtime directory of his own.
struct person {
  test::temp_dir dir;
  std::map<std::string, std::string> environment{
    {"PIER_RUNTIME_DIR", dir.path()}, {"PIER_LOG", "off"}};

  words line(const std::string& name, const words& rest) {
    words all{std::string{PIER_BINARY_DIR} + "/../fake/" + name};
    all.insert(all.end(), rest.begin(), rest.end());
    return all;
  }

  std::unique_ptr<program> start(const words& rest, bool terminal = false) {
    return std::make_unique<program>(line("pier", rest), environment, terminal);
  }

  said pier(const words& rest) {
    program one{line("pier", rest), environment};
    one.close_input();
    auto status = one.finish();
    return {status, one.out(), one.err()};
  }

  std::unique_ptr<program> pierd(const words& rest = {}) {
    auto made = std::make_unique<program>(line("pierd", rest), environment);
    REQUIRE(made->says("pierd: ready on " + dir.path() + "/pierd.sock\n"));
    return made;
  }

  std::string state(const std::string& name) {
    auto told = pier({"inspect", name});
    if (told.status != 0)
      return "missing";
    return control::parse_json(told.out)->at("state").as_string().c_str();
  }

  bool exists(const std::string& name) {
    struct stat facts {};
    return ::stat((dir / name).c_str(), &facts) == 0;
  }
};

const words until_read{"sh", "-c", "echo READY; read x; echo got:$x"};

/// Says every signal that reaches it, and ends with status 42 at one of
/// `last`, or after twenty seconds without any. The signals are blocked, so
/// that none comes too early to be heard.
words listener(const words& last) {
  words all{"python3", "-c", R"(import os, signal, sys
heard = {signal.SIGHUP, signal.SIGINT, signal.SIGUSR1, signal.SIGTERM,
         signal.SIGWINCH}
signal.pthread_sigmask(signal.SIG_BLOCK, heard)
print("READY", flush=True)
while got := signal.sigtimedwait(heard, 20):
    name = signal.Signals(got.si_signo).name
    print(name, flush=True)
    if name == "SIGWINCH":
        print(*os.get_terminal_size(0), flush=True)
    if name in sys.argv:
        sys.exit(42)
)"};
  all.insert(all.end(), last.begin(), last.end());
  return all;
}

words with(words options, const words& command) {
  options.insert(options.end(), command.begin(), command.end());
  return options;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

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

TEST_CASE_METHOD(person, "-it needs a terminal") {
  auto done = pier({"run", "-it", "true"});
  CHECK(done.status == 125);
  CHECK(done.err == "pier: the input device is not a TTY\n");
}

TEST_CASE_METHOD(person, "-t gives a terminal of our size, and ours back") {
  auto through_daemon = GENERATE(false, true);
  CAPTURE(through_daemon);
  auto daemon = through_daemon ? pierd() : nullptr;
  auto run = start(with({"run", "-it"}, listener({"SIGTERM"})), true);
  REQUIRE(run->says("READY"));
  termios now{};
  winsize size{33, 77, 0, 0};
  REQUIRE(::ioctl(run->master(), TIOCSWINSZ, &size) == 0);
  REQUIRE(run->says("77 33"));
  // By then our own terminal is raw.
  REQUIRE(::tcgetattr(run->master(), &now) == 0);
  CHECK((now.c_lflag & ICANON) == 0);
  net::fd terminal{::dup(run->master())};
  run->signal(SIGTERM);
  CHECK(run->finish() == 42);
  REQUIRE(::tcgetattr(terminal.get(), &now) == 0);
  CHECK((now.c_lflag & (ICANON | ECHO)) == (ICANON | ECHO));
}

TEST_CASE_METHOD(person, "what is typed into a terminal reaches the command") {
  auto run = start(
    {"run", "-it", "sh", "-c", "tty; echo READY; read x; echo got:$x"}, true);
  REQUIRE(run->says("READY"));
  run->type("hello\r");
  CHECK(run->finish() == 0);
  CHECK(holds(run->out(), "/dev/pts/"));
  CHECK(holds(run->out(), "got:hello"));
}

TEST_CASE_METHOD(person, "Ctrl-C in a terminal is the command's") {
  auto run = start(with({"run", "-it"}, listener({"SIGINT"})), true);
  // What it says comes through the pump, which begins when our own terminal
  // is raw.
  REQUIRE(run->says("READY"));
  run->type("\x03");
  CHECK(run->finish() == 42);
  CHECK(holds(run->out(), "SIGINT"));
}

TEST_CASE_METHOD(person, "a terminal's last words are not lost") {
  auto done = pier({"run", "-t", "sh", "-c", "seq 1 20000"});
  CHECK(done.status == 0);
  CHECK(holds(done.out, "\n20000\r\n"));
  CHECK(done.out.substr(0, 6) == "1\r\n2\r\n");
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
  auto events = start({"events"});
  // Its request has been heard when a later one is answered.
  REQUIRE(pier({"run", "--name", "web", "true"}).status == 0);
  for (auto tries = 0; tries < 50 && !holds(events->out(), "exited"); ++tries) {
    REQUIRE(pier({"run", "--name", "web", "true"}).status == 0);
    REQUIRE(events->says("web"));
  }
  CHECK(holds(events->out(), "started       web   started\n"));
  daemon->signal(SIGTERM);
  CHECK(daemon->finish() == 0);
  CHECK(events->finish() == 0);
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
