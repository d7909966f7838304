// `pier run -t`: the container gets a terminal, and ours comes back.

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
