#include "net/sandbox/shim_process.hpp"
#include "test/net/sandbox/census.hpp"
#include "test/net/sandbox/trial.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

using namespace pier;
using namespace pier::net;
using namespace pier::net::trials;

namespace {

/// Orphans of what we start come to us, so that none escapes the count.
struct adoption {
  adoption() {
    user_namespace();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  }
  ~adoption() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  }
};

/// A background process in another session holds the output too.
constexpr auto busy = "setsid sleep 1000 & echo ready; read x";

bool is_ready(const trial& box) {
  return box.output == "ready\n" && box.pid;
}

int only_child_of(int pid) {
  auto all = children_of(pid);
  REQUIRE(all.size() == 1);
  return all[0];
}

} // namespace

TEST_CASE("with the command everything in its container ends", "[sandbox]") {
  adoption ours;
  trial box{shell("setsid sleep 1000 & exit 5")};
  CHECK(box.to_the_end().status == 5);
  CHECK(nobody_left());
}

TEST_CASE("orphans in a container are reaped", "[sandbox]") {
  // An orphan that stayed a zombie would be seen in /proc for ever.
  trial box{shell(R"(python3 -c '
import os, time
hear, tell = os.pipe()
if os.fork() == 0:
  orphan = os.fork()
  if orphan == 0:
    os._exit(0)
  os.write(tell, str(orphan).encode())
  os._exit(0)
os.wait()
orphan = os.read(hear, 9).decode()
while os.path.exists("/proc/" + orphan):
  time.sleep(0.001)
print("reaped")')")};
  CHECK(box.to_the_end().output == "reaped\n");
}

TEST_CASE("a dropped sandbox leaves nobody", "[sandbox]") {
  adoption ours;
  {
    trial box{shell(busy)};
    REQUIRE(box.until([&] { return is_ready(box); }));
    box.drop();
    CHECK(box.until([&] { return box.output_ended; }));
    CHECK_FALSE(box.status);
  }
  CHECK(nobody_left());
}

TEST_CASE("a sandbox dropped before go leaves nobody", "[sandbox]") {
  adoption ours;
  {
    trial box{shell("echo never")};
    box.go_at_once = false;
    REQUIRE(box.until([&] { return box.netns.has_value(); }));
    box.drop();
    CHECK(box.until([&] { return box.output_ended; }));
    CHECK(box.output.empty());
  }
  CHECK(nobody_left());
  {
    trial box{shell("echo never")};
    box.drop();
  }
  CHECK(nobody_left());
}

TEST_CASE("the death of the shim is the container's", "[sandbox]") {
  adoption ours;
  trial box{shell(busy)};
  REQUIRE(box.until([&] { return is_ready(box); }));
  ::kill(only_child_of(::getpid()), SIGKILL);
  CHECK(box.to_the_end().status == 128 + SIGKILL);
  CHECK(nobody_left());
}

TEST_CASE("the death of the shim before go is a failure", "[sandbox]") {
  adoption ours;
  trial box{shell("echo never")};
  box.go_at_once = false;
  REQUIRE(box.until([&] { return box.netns.has_value(); }));
  ::kill(only_child_of(::getpid()), SIGKILL);
  box.to_the_end();
  CHECK(box.failure);
  CHECK_FALSE(box.status);
  CHECK(nobody_left());
}

TEST_CASE("the death of the first process is the container's", "[sandbox]") {
  adoption ours;
  trial box{shell(busy)};
  REQUIRE(box.until([&] { return is_ready(box); }));
  ::kill(only_child_of(only_child_of(::getpid())), SIGKILL);
  CHECK(box.to_the_end().status == 128 + SIGKILL);
  CHECK(nobody_left());
}

TEST_CASE("a container dies with its control process", "[sandbox]") {
  adoption ours;
  int pipe[2];
  REQUIRE(::pipe2(pipe, O_CLOEXEC) == 0);
  fd hear{pipe[0]};
  fd tell{pipe[1]};
  auto control = ::fork();
  if (control == 0) {
    hear.reset();
    trial box{shell(busy)};
    box.until([&] { return is_ready(box); });
    static_cast<void>(!::write(tell.get(), &*box.pid, sizeof(int)));
    ::pause();
    ::_exit(1);
  }
  tell.reset();
  int command = 0;
  REQUIRE(::read(hear.get(), &command, sizeof(command)) == sizeof(command));
  auto life = box::watch_life(command);
  REQUIRE(life);
  ::kill(control, SIGKILL);
  pollfd end{life.get(), POLLIN, 0};
  CHECK(::poll(&end, 1, 10000) == 1);
  CHECK(nobody_left());
}

TEST_CASE(
  "fifty containers in a row leave no descriptor and no process", "[sandbox]") {
  adoption ours;
  auto before = open_descriptors();
  for (int round = 0; round < 50; ++round) {
    trial box{shell("echo $((6 * 7))")};
    REQUIRE(box.to_the_end().output == "42\n");
    REQUIRE(box.status == 0);
  }
  CHECK(open_descriptors() == before);
  CHECK(nobody_left());
}

TEST_CASE("a program that is not there is no shim", "[sandbox]") {
  boost::asio::io_context io;
  auto plan = shell("true");
  plan.keeper = "/no/such/keeper";
  auto before = open_descriptors();
  auto made = sandbox::make(io, std::move(plan), {});
  REQUIRE(made.has_error());
  CHECK(
    made.error().text
    == "starting a container's shim: cannot run /no/such/keeper: No such file "
       "or directory");
  CHECK(open_descriptors() <= before + 2);
}
