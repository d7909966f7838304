#include "net/premises/foreign_namespace.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace pier;

TEST_CASE("a process names its network namespace, and its end is heard") {
  auto opened = net::open_namespace(std::to_string(::getpid()));
  REQUIRE(opened.has_value());
  CHECK(opened->netns);
  CHECK(opened->process);
}

TEST_CASE("a path names a network namespace") {
  auto opened = net::open_namespace("/proc/self/ns/net");
  REQUIRE(opened.has_value());
  CHECK_FALSE(opened->process);
}

TEST_CASE("what is no network namespace is refused in words") {
  for (auto where :
       {"/proc/self/ns/mnt", "/dev/null", "/nowhere", "999999999",
        "99999999999999999999", ""}) {
    auto opened = net::open_namespace(where);
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().text.find("--netns") == 0);
  }
}
