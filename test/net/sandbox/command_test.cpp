#include "test/net/sandbox/scratch.hpp"
#include "test/net/sandbox/trial.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/ioctl.h>

#include <csignal>
#include <cstdlib>

using namespace pier;
using namespace pier::net;
using namespace pier::net::trials;

TEST_CASE("the status of a container is that of its command", "[sandbox]") {
  trial good{shell("echo hello; exit 0")};
  CHECK(good.to_the_end().status == 0);
  CHECK(good.output == "hello\n");
  CHECK(good.pid.value_or(0) > 1);
  CHECK(trial{shell("exit 42")}.to_the_end().status == 42);
  CHECK(trial{shell("exit 255")}.to_the_end().status == 255);
}

TEST_CASE("a death by signal counts as a shell counts", "[sandbox]") {
  CHECK(trial{shell("kill -SEGV $$")}.to_the_end().status == 128 + SIGSEGV);
  CHECK(trial{shell("kill -KILL $$")}.to_the_end().status == 128 + SIGKILL);
}

TEST_CASE("a command that cannot be run is a failure in words", "[sandbox]") {
  scratch tmp;
  auto plain = tmp.file("plain", "not a program", 0644);
  auto rubbish = tmp.file("rubbish", "\x01\x02 no format", 0755);
  auto orphan = tmp.file("orphan", "#!/no/such/interpreter\n", 0755);
  struct wanted {
    std::string command;
    ec code;
    std::string text;
  };
  const wanted all[] = {
    {"no-such-program", ec::command_not_found,
     "exec: \"no-such-program\": executable file not found in $PATH"},
    {"./nothing", ec::command_not_found,
     "exec: \"./nothing\": stat ./nothing: no such file or directory"},
    {rubbish, ec::command_not_run,
     "exec: \"" + rubbish + "\": exec format error"},
    {plain, ec::command_not_run, "exec: \"" + plain + "\": permission denied"},
    {tmp.path(), ec::command_not_run,
     "exec: \"" + tmp.path() + "\": is a directory"},
    {orphan, ec::command_not_run,
     "exec: \"" + orphan
       + "\": no such file or directory: the interpreter that its first line "
         "names, or its loader, is missing in the container"},
  };
  for (const auto& one : all) {
    auto plan = shell("");
    plan.spec.command = {one.command};
    trial attempt{std::move(plan)};
    attempt.to_the_end();
    REQUIRE(attempt.failure);
    CHECK(attempt.failure->code == one.code);
    CHECK(attempt.failure->text == one.text);
    CHECK_FALSE(attempt.pid);
    CHECK_FALSE(attempt.status);
  }
}

TEST_CASE("a working directory is entered or refused", "[sandbox]") {
  scratch tmp;
  auto plan = shell("pwd");
  plan.spec.workdir = tmp.path();
  CHECK(trial{std::move(plan)}.to_the_end().output == tmp.path() + "\n");
  CHECK(trial{shell("pwd")}.to_the_end().output == "/\n");
  auto bad = shell("pwd");
  bad.spec.workdir = "/no/such/folder";
  trial refused{std::move(bad)};
  refused.to_the_end();
  REQUIRE(refused.failure);
  CHECK(refused.failure->code == ec::command_not_run);
  CHECK(
    refused.failure->text
    == "working directory /no/such/folder: no such file or directory");
}

TEST_CASE("a command has the environment of its plan, complete", "[sandbox]") {
  auto plan = shell("env -u PWD -u OLDPWD -u SHLVL -u _ | sort");
  plan.spec.environment = {"ONE=1", "HOME=/nowhere", "PATH=/usr/bin:/bin"};
  CHECK(
    trial{std::move(plan)}.to_the_end().output
    == "HOME=/nowhere\nHOSTNAME=trial\nONE=1\nPATH=/usr/bin:/bin\n"
       "container=pier\n");
}

TEST_CASE("a command's input is its own and has an end", "[sandbox]") {
  auto plan = shell("cat");
  scratch tmp;
  auto path = tmp.file("input", "from a file");
  plan.in = fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  CHECK(trial{std::move(plan)}.to_the_end().output == "from a file");
}

TEST_CASE("signals are passed on to the command", "[sandbox]") {
  trial box{shell("trap 'exit 42' TERM; echo ready; read x")};
  REQUIRE(box.until([&] { return box.output == "ready\n"; }));
  box.box()->signal(SIGTERM);
  CHECK(box.to_the_end().status == 42);
  trial killed{shell("trap '' TERM INT; echo ready; read x")};
  REQUIRE(killed.until([&] { return killed.output == "ready\n"; }));
  killed.box()->signal(SIGTERM);
  killed.box()->signal(SIGKILL);
  CHECK(killed.to_the_end().status == 128 + SIGKILL);
}

TEST_CASE("a signal that comes before the command is not lost", "[sandbox]") {
  trial box{shell("read x")};
  REQUIRE(box.box());
  box.box()->signal(SIGTERM);
  CHECK(box.to_the_end().status == 128 + SIGTERM);
  CHECK(box.pid);
}

TEST_CASE(
  "a container that is killed before its command runs never runs it",
  "[sandbox]") {
  trial box{shell("echo never")};
  REQUIRE(box.box());
  box.box()->signal(SIGKILL);
  box.to_the_end();
  REQUIRE(box.failure);
  CHECK(box.failure->code == ec::stopped);
  CHECK(box.output.empty());
}

TEST_CASE(
  "a command starts with nothing blocked and nothing ignored", "[sandbox]") {
  // Held by us while the sandbox is made: none of it may arrive.
  auto before = std::signal(SIGUSR1, SIG_IGN);
  trial box{shell("grep -E '^Sig(Blk|Ign)' /proc/self/status")};
  box.to_the_end();
  std::signal(SIGUSR1, before);
  CHECK(box.output == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_CASE("a command inherits no descriptor but its three", "[sandbox]") {
  // ls itself opens the folder as 3.
  trial box{shell("exec ls /proc/self/fd")};
  CHECK(box.to_the_end().output == "0\n1\n2\n3\n");
}

namespace {

struct terminal {
  fd master{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  fd slave;
  terminal() {
    REQUIRE(::grantpt(master.get()) == 0);
    REQUIRE(::unlockpt(master.get()) == 0);
    slave = open();
  }
  fd open() const {
    return fd{::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC)};
  }
  sandbox_plan plan(std::string script) const {
    auto out = shell(std::move(script));
    out.spec.terminal = true;
    out.in = open();
    out.err = open();
    return out;
  }
};

} // namespace

TEST_CASE("a terminal is the command's controlling terminal", "[sandbox]") {
  terminal tty;
  winsize size{33, 99, 0, 0};
  REQUIRE(::ioctl(tty.master.get(), TIOCSWINSZ, &size) == 0);
  std::string name = ::ptsname(tty.master.get());
  trial box{
    tty.plan("tty; stty size </dev/tty; test -t 0 && test -t 2 && echo $TERM")};
  box.to_the_end();
  CHECK(box.output == name + "\n33 99\nxterm\n");
}

TEST_CASE("what is typed at a terminal reaches the command", "[sandbox]") {
  terminal tty;
  trial box{tty.plan("echo ready; exec sleep 1000")};
  REQUIRE(box.until([&] { return box.output == "ready\n"; }));
  REQUIRE(box.until([&] { return box.pid.has_value(); }));
  REQUIRE(::write(tty.master.get(), "\x03", 1) == 1);
  CHECK(box.to_the_end().status == 128 + SIGINT);
}
