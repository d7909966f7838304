/// The files that Unix sockets of static forwards stand under.

#include "test/net/port/road.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

using namespace pier;
using namespace pier::trials;

TEST_CASE("a Unix socket is its owner's alone, and goes with its forward") {
  road on;
  auto at = on.unix_place("here");
  auto port = on.opened(at);
  struct stat found {};
  REQUIRE(::lstat(at.path.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777) == 0600);
  port.reset();
  CHECK(::lstat(at.path.c_str(), &found) != 0);
  CHECK(std::filesystem::is_empty(on.folder.path()));
}

TEST_CASE("a socket whose process has died makes room for a new one") {
  road on;
  auto at = on.unix_place("here");
  server{on.unix_door("here")};
  server{on.unix_door("here.new")};
  auto port = on.opened(at);
  CHECK(on.answer(on.call(at)) == 0);
}

TEST_CASE("a socket that answers stays whose it is") {
  road on;
  server other{on.unix_door("here")};
  auto made = on.reserve(on.unix_place("here"));
  REQUIRE_FALSE(made);
  CHECK(
    made.error().text.find("a process listens there already")
    != std::string::npos);
  CHECK(other.take().get() >= 0); // our question whether anybody is there
  CHECK(on.answer(on.call(on.unix_place("here"))) == 0);
}

TEST_CASE("what is no socket is never removed") {
  road on;
  auto name = GENERATE("here", "here.new");
  std::filesystem::path file{on.folder / name};
  std::ofstream{file} << "precious";
  auto made = on.reserve(on.unix_place("here"));
  REQUIRE_FALSE(made);
  CHECK(made.error().text.find("no socket") != std::string::npos);
  std::string text;
  std::ifstream{file} >> text;
  CHECK(text == "precious");
}

TEST_CASE("a name that is another's by now is not removed") {
  road on;
  auto at = on.unix_place("here");
  auto port = on.opened(at);
  std::filesystem::remove(at.path);
  std::ofstream{at.path} << "precious";
  port.reset();
  CHECK(std::filesystem::exists(at.path));
}

TEST_CASE("a name that was taken away before its socket listens is missed") {
  road on;
  auto at = on.unix_place("here");
  auto made = on.reserve(at);
  REQUIRE(made);
  std::filesystem::remove(at.path + ".new");
  auto opened = (*made)->open(0);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().text.find("taken away") != std::string::npos);
}
