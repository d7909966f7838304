#include "tools/control/settings_file.hpp"

#include <catch2/catch.hpp>

using namespace pier::control;

TEST_CASE("the settings are where was asked, else in the user's own folder") {
  settings_place at{"", nullptr, "/x", "/home/me"};
  CHECK(choose_settings_file(at) == "/x/iechor/pier.toml");
  at.xdg = "relative";
  CHECK(choose_settings_file(at) == "/home/me/.config/iechor/pier.toml");
  at.xdg = "";
  CHECK(choose_settings_file(at) == "/home/me/.config/iechor/pier.toml");
  at.variable = "v.toml";
  CHECK(choose_settings_file(at) == "v.toml");
  at.asked = "a.toml";
  CHECK(choose_settings_file(at) == "a.toml");
  CHECK(choose_settings_file({"", "", "/x", "/home/me"}).empty());
  CHECK(choose_settings_file({}).empty());
}
