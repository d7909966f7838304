#include "test/support/show.hpp"
#include "test/support/temp_dir.hpp"
#include "tools/control/lock.hpp"
#include "tools/control/runtime_dir.hpp"

#include <catch2/catch.hpp>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>

using namespace pier;
using namespace pier::control;

namespace {

surroundings
at(const std::string& asked, const std::string& xdg, bool ours, uid_t user) {
  return {asked, xdg, ours, user};
}

mode_t mode_of(const std::string& path) {
  struct stat facts {};
  REQUIRE(::stat(path.c_str(), &facts) == 0);
  return facts.st_mode & 07777;
}

/// The kernel lists who waits behind an arrow (proc_locks(5)).
bool somebody_waits(const std::string& path) {
  struct stat facts {};
  ::stat(path.c_str(), &facts);
  auto inode = ":" + std::to_string(facts.st_ino) + " ";
  std::ifstream all{"/proc/locks"};
  for (std::string line; std::getline(all, line);)
    if (
      line.find("->") != std::string::npos
      && line.find(inode) != std::string::npos)
      return true;
  return false;
}

} // namespace

TEST_CASE("the runtime directory is asked for, or the session's, or our own") {
  CHECK(choose_runtime_dir(at("/x", "/run/user/5", true, 5)) == "/x");
  CHECK(
    choose_runtime_dir(at("", "/run/user/5", true, 5)) == "/run/user/5/pier");
  CHECK(choose_runtime_dir(at("", "", false, 0)) == "/run/pier");
  CHECK(choose_runtime_dir(at("", "", false, 5)) == "/tmp/pier-5");
}

TEST_CASE("under sudo the session's directory is somebody else's") {
  CHECK(choose_runtime_dir(at("", "/run/user/5", false, 0)) == "/run/pier");
}

TEST_CASE("a relative XDG_RUNTIME_DIR is none") {
  CHECK(choose_runtime_dir(at("", "run", true, 5)) == "/tmp/pier-5");
}

TEST_CASE("a missing directory is made for its user alone") {
  test::temp_dir here;
  auto path = here / "pier";
  REQUIRE(prepare_runtime_dir(path, ::geteuid()));
  CHECK(mode_of(path) == 0700);
  CHECK(prepare_runtime_dir(path, ::geteuid()));
}

TEST_CASE("a directory of somebody else is refused by name") {
  test::temp_dir here;
  auto refused = prepare_runtime_dir(here.path(), ::geteuid() + 1);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ec::permission_denied);
  CHECK(refused.error().text.find(here.path()) != std::string::npos);
  CHECK(refused.error().text.find("--runtime-dir") != std::string::npos);
}

TEST_CASE("a directory that others may write to is refused") {
  test::temp_dir here;
  REQUIRE(::chmod(here.path().c_str(), 0770) == 0);
  CHECK_FALSE(prepare_runtime_dir(here.path(), ::geteuid()));
  REQUIRE(::chmod(here.path().c_str(), 0755) == 0);
  CHECK(prepare_runtime_dir(here.path(), ::geteuid()));
}

TEST_CASE("neither a symbolic link nor a file is a runtime directory") {
  test::temp_dir here;
  REQUIRE(::symlink(here.path().c_str(), (here / "link").c_str()) == 0);
  CHECK_FALSE(prepare_runtime_dir(here / "link", ::geteuid()));
  std::ofstream{here / "file"} << "x";
  CHECK_FALSE(prepare_runtime_dir(here / "file", ::geteuid()));
}

TEST_CASE("a path too long for a socket is refused before it is used") {
  test::temp_dir here;
  auto refused = prepare_runtime_dir(here / std::string(90, 'x'), ::geteuid());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text.find("too long") != std::string::npos);
}

TEST_CASE("sockets are found by name, the daemon's first") {
  test::temp_dir here;
  for (auto name :
       {"run-20.sock", "run-3.sock", "pierd.sock", "run-x.sock",
        "run-5.sock.new", "pierd.lock", "run-.sock"})
    std::ofstream{here / name} << "";
  auto found = list_sockets(here.path());
  CHECK(
    found
    == std::vector<std::string>{
      here / "pierd.sock", here / "run-3.sock", here / "run-20.sock"});
  CHECK(list_sockets(here / "nowhere").empty());
}

TEST_CASE("a lock that outlives its holder for a moment is waited for") {
  test::temp_dir here;
  auto path = here / "a.lock";
  std::array<int, 2> held{};
  REQUIRE(::pipe(held.data()) == 0);
  auto holder = ::fork();
  if (holder == 0) {
    // Its child has the file, too, and keeps it until somebody waits for it.
    auto mine = lock::take(path, std::chrono::seconds{0});
    if (::fork() != 0)
      ::_exit(mine ? 0 : 1);
    [[maybe_unused]] auto said = ::write(held[1], "x", 1);
    for (int left = 5000; left > 0 && !somebody_waits(path); --left)
      ::poll(nullptr, 0, 1);
    ::_exit(0);
  }
  char letter = 0;
  REQUIRE(::read(held[0], &letter, 1) == 1);
  REQUIRE(::waitpid(holder, nullptr, 0) == holder);
  CHECK(lock::take(path, std::chrono::seconds{0}));
  ::close(held[0]);
  ::close(held[1]);
}

TEST_CASE("a lock has one holder, and says who") {
  test::temp_dir here;
  auto path = here / "a.lock";
  {
    auto first = lock::take(path, std::chrono::seconds{0});
    REQUIRE(first);
    CHECK(lock_holder(path) == ::getpid());
    auto second = lock::take(path, std::chrono::seconds{0});
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ec::name_in_use);
  }
  CHECK(lock::take(path, std::chrono::seconds{0}));
}

TEST_CASE("who waits for a lock gives up in time") {
  test::temp_dir here;
  auto held = lock::take(here / "a.lock", std::chrono::seconds{0});
  REQUIRE(held);
  CHECK_FALSE(lock::take(here / "a.lock", std::chrono::seconds{1}));
}
