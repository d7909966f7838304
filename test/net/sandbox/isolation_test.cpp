#include "net/sandbox/capabilities.hpp"
#include "net/sandbox/listen_notice.hpp"
#include "test/net/sandbox/trial.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

using namespace pier;
using namespace pier::net;
using namespace pier::net::trials;

namespace {

ino_t own_network() {
  struct stat about {};
  REQUIRE(::stat("/proc/self/ns/net", &about) == 0);
  return about.st_ino;
}

constexpr auto server = R"(python3 -c '
import socket
s = socket.socket()
s.bind(("0.0.0.0", 0))
s.listen()
print("listening", flush=True)')";

/// 0 where `what` is true in a fork of ours.
template <class F>
int in_child(F what) {
  auto child = ::fork();
  if (child == 0)
    ::_exit(what() ? 0 : 1);
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return status;
}

} // namespace

TEST_CASE(
  "a container has a network of its own, which is handed out", "[sandbox]") {
  trial box{shell("stat -L -c %i /proc/self/ns/net; ls /sys/class/net")};
  box.to_the_end();
  REQUIRE(box.netns);
  struct stat about {};
  REQUIRE(::fstat(box.netns->get(), &about) == 0);
  CHECK(about.st_ino != own_network());
  CHECK(box.output == std::to_string(about.st_ino) + "\nlo\n");
}

TEST_CASE("without a network a container still has its loopback", "[sandbox]") {
  auto plan = shell("cat /sys/class/net/lo/flags; ls /sys/class/net");
  plan.spec.network = network_mode::none;
  trial box{std::move(plan)};
  box.to_the_end();
  CHECK(box.netns);
  CHECK_FALSE(box.notified);
  CHECK(box.output == "0x9\nlo\n");
}

TEST_CASE(
  "on the host's network it shares it, and nothing is announced", "[sandbox]") {
  auto plan = shell("stat -L -c %i /proc/self/ns/net");
  plan.spec.network = network_mode::host;
  trial box{std::move(plan)};
  box.to_the_end();
  CHECK_FALSE(box.notified);
  CHECK(box.output == std::to_string(own_network()) + "\n");
}

TEST_CASE("a container sees its own processes and nobody else's", "[sandbox]") {
  trial box{shell("cat /proc/1/comm; echo $$; echo /proc/[0-9]*")};
  box.to_the_end();
  CHECK(box.output == "pier-init\n2\n/proc/1 /proc/2\n");
}

TEST_CASE(
  "a container has Docker's capabilities without MKNOD, for good",
  "[sandbox]") {
  char mask[17];
  std::snprintf(
    mask, sizeof(mask), "%016llx",
    static_cast<unsigned long long>(box::kept_capabilities()));
  // Docker's a80425fb but for bit 27.
  CHECK(std::string{mask} == "00000000a00425fb");
  trial box{shell("grep Cap /proc/self/status; unshare -m true 2>&1 || "
                  "echo cannot mount; cat /proc/1/environ 2>&1 | head -c 40")};
  box.to_the_end();
  auto kept = std::string{mask} + "\n";
  auto none = std::string(16, '0') + "\n";
  CHECK(
    box.output.substr(0, box.output.find("unshare"))
    == "CapInh:\t" + none + "CapPrm:\t" + kept + "CapEff:\t" + kept
      + "CapBnd:\t" + kept + "CapAmb:\t" + none);
  CHECK(box.output.find("cannot mount") != std::string::npos);
  CHECK(box.output.find("Permission denied") != std::string::npos);
}

TEST_CASE(
  "the switches of the machine cannot be thrown from inside", "[sandbox]") {
  trial box{shell("echo 1 >/proc/sys/kernel/panic || echo refused; "
                  "echo h >/proc/sysrq-trigger || echo refused; head -c 9 "
                  "/proc/kcore | wc -c")};
  box.to_the_end();
  CHECK(box.output.find("Read-only") != std::string::npos);
  CHECK(box.output.find("0\n") != std::string::npos);
}

TEST_CASE(
  "listen and bind wait until they have been announced and answered",
  "[sandbox]") {
  trial box{shell(server)};
  std::string said_before;
  box.answer = false;
  REQUIRE(box.until([&] { return !box.announced.empty(); }));
  CHECK(box.announced == std::vector<int>{__NR_bind});
  box.on_announced = [&] { said_before = box.output; };
  box.answer = true;
  box.answer_now();
  CHECK(box.to_the_end().status == 0);
  CHECK(box.announced == std::vector<int>{__NR_bind, __NR_listen});
  CHECK(said_before.empty());
  CHECK(box.output == "listening\n");
}

TEST_CASE(
  "when nobody listens to announcements any more, nobody hangs", "[sandbox]") {
  trial box{shell(std::string{server} + " 2>&1 | tail -1")};
  box.answer = false;
  REQUIRE(box.until([&] { return !box.announced.empty(); }));
  box.close_notify();
  box.to_the_end();
  CHECK(box.output.find("Function not implemented") != std::string::npos);
}

TEST_CASE(
  "where announcements are impossible a container runs without", "[sandbox]") {
  if (::geteuid() != 0)
    return;
  // There can be one listener only: ours, above the sandbox.
  auto status = in_child([] {
    auto listener = box::announce_listening();
    trial box{shell(server)};
    box.until([&] { return box.pid || box.failure; });
    return listener && box.pid && !box.notified;
  });
  CHECK(status == 0);
}

TEST_CASE("a forbidden user namespace is refused with the mend", "[sandbox]") {
  auto outer = make_user_namespace();
  auto status = in_child([&outer] {
    // The limit is this namespace's own; the machine keeps its.
    fd limit;
    return ::setns(outer.get(), CLONE_NEWUSER) == 0
      && (limit = fd{::open(
            "/proc/sys/user/max_user_namespaces", O_WRONLY | O_CLOEXEC)})
      && ::write(limit.get(), "0", 1) == 1;
  });
  REQUIRE(status == 0);
  auto plan = shell("true");
  plan.user_namespace = outer.get();
  trial box{std::move(plan)};
  box.to_the_end();
  REQUIRE(box.failure);
  CHECK(
    box.failure->text
    == "user namespaces are forbidden here, because user.max_user_namespaces "
       "is 0: run `sudo sysctl -w user.max_user_namespaces=15000`, or run as "
       "root");
}

TEST_CASE(
  "the gateway's namespace gives a container no power over it", "[sandbox]") {
  if (user_namespace() < 0)
    return;
  struct stat outer {};
  REQUIRE(::fstat(user_namespace(), &outer) == 0);
  trial box{shell("stat -L -c %i /proc/self/ns/user; cat /proc/self/uid_map; "
                  "cat /proc/self/setgroups; id -u")};
  box.to_the_end();
  CHECK(box.output.find(std::to_string(outer.st_ino)) == std::string::npos);
  CHECK(
    box.output.find("         0          0          1\ndeny\n0\n")
    != std::string::npos);
}
