#include "net/spawn.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <string>

using namespace pier;
using namespace pier::net;

namespace {

struct channel {
  channel() {
    int both[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both) == 0);
    ours = fd{both[0]};
    theirs = fd{both[1]};
  }

  std::string all() {
    theirs.reset();
    std::string out;
    std::array<char, 4096> bytes{};
    for (;;) {
      auto size = ::recv(ours.get(), bytes.data(), bytes.size(), 0);
      if (size <= 0)
        return out;
      out.append(bytes.data(), static_cast<size_t>(size));
    }
  }

  fd ours;
  fd theirs;
};

} // namespace

TEST_CASE("whatever numbers descriptors have, the program finds its own") {
  channel one;
  channel two;
  auto place = GENERATE(3, 4, 5, 6, 7, 64, 65);
  INFO("the second one has a number from " << place << " on");
  fd moved{::fcntl(two.theirs.get(), F_DUPFD_CLOEXEC, place)};
  auto pid = spawn(
    {"/bin/sh",
     {"sh", "-c", "echo one >&3; echo two >&4"},
     {one.theirs.get(), moved.get()}});
  REQUIRE(pid.has_value());
  moved.reset();
  CHECK(two.all() == "two\n");
  CHECK(one.all() == "one\n");
  end_process(*pid);
}

TEST_CASE(
  "a program of ours has the descriptors that it is given, and no more") {
  channel one;
  channel two;
  channel secret;
  auto pid = spawn(
    {"/bin/sh",
     {"sh", "-c", "echo one >&3; echo two >&4; ls /proc/self/fd >&3; env >&3"},
     {one.theirs.get(), two.theirs.get()}});
  REQUIRE(pid.has_value());
  CHECK(two.all() == "two\n");
  // ls has one of its own, and sh sets PWD and its like itself.
  auto said = one.all();
  CHECK(said.starts_with("one\n0\n1\n2\n3\n4\n5\n"));
  CHECK(said.find("6\n") == std::string::npos);
  CHECK(said.find("HOME=") == std::string::npos);
  end_process(*pid);
  CHECK(::kill(*pid, 0) != 0);
}

TEST_CASE("descriptors may change their places") {
  channel one;
  channel two;
  // Each may have the number that the other is to have.
  fd three{::dup2(two.theirs.get(), 40)};
  fd four{::dup2(one.theirs.get(), 41)};
  auto pid = spawn(
    {"/bin/sh",
     {"sh", "-c", "echo one >&3; echo two >&4"},
     {four.get(), three.get()}});
  REQUIRE(pid.has_value());
  three.reset();
  four.reset();
  CHECK(one.all() == "one\n");
  CHECK(two.all() == "two\n");
  end_process(*pid);
}

TEST_CASE("what is no program is refused by its name") {
  auto pid = spawn({"/nowhere/program", {"program"}, {}});
  REQUIRE_FALSE(pid.has_value());
  CHECK(pid.error().text.find("/nowhere/program") != std::string::npos);
}

TEST_CASE("a program that hangs is ended") {
  auto pid = spawn({"/bin/sleep", {"sleep", "1000"}, {}});
  REQUIRE(pid.has_value());
  end_process(*pid);
  CHECK(::waitpid(*pid, nullptr, 0) == -1);
}
