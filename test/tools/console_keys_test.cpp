#include "test/support/temp_dir.hpp"
#include "tools/control/console_keys.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

namespace pier::control {

TEST_CASE("keys are made once, and only their user can read them") {
  test::temp_dir dir;
  auto folder = dir / "state/console";
  auto first = console_keys::open(folder);
  REQUIRE(first.has_value());
  auto second = console_keys::open(folder);
  REQUIRE(second.has_value());
  CHECK(first->authority() == second->authority());
  CHECK(first->daemon().certificate == second->daemon().certificate);
  struct stat facts {};
  REQUIRE(::stat(folder.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0700);
  for (const auto* name : {"authority.key", "daemon.key"}) {
    REQUIRE(::stat((folder + "/" + name).c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0600);
  }
}

TEST_CASE("a client is in the register from its bundle to its revocation") {
  test::temp_dir dir;
  auto keys = console_keys::open(dir / "console");
  REQUIRE(keys.has_value());
  auto ann = keys->add("ann");
  REQUIRE(ann.has_value());
  auto text = net::to_text(*ann);
  auto read = net::read_bundle(text);
  REQUIRE(read.has_value());
  CHECK(net::to_text(*read) == text);
  auto print = net::fingerprint(ann->client.certificate);
  REQUIRE(print.has_value());
  CHECK(keys->clients().at(*print) == "ann");
  CHECK(keys->add("ann").error().code == ec::name_in_use);
  REQUIRE(keys->revoke("ann").has_value());
  CHECK(keys->clients().empty());
  CHECK(!keys->revoke("ann").has_value());
}

TEST_CASE("a name that would not stay one line is none") {
  test::temp_dir dir;
  auto keys = console_keys::open(dir / "console");
  REQUIRE(keys.has_value());
  for (const auto* name : {"", "a b", "a\nb", "a/b"})
    CHECK(keys->add(name).error().code == ec::bad_request);
  CHECK(!keys->add(std::string(65, 'a')).has_value());
}

TEST_CASE("what lacks a part is no bundle") {
  CHECK(!net::read_bundle("").has_value());
  CHECK(!net::read_bundle("-----BEGIN CERTIFICATE-----\nx").has_value());
}

} // namespace pier::control
