// The settings file at the two programs.

#include "test/support/show.hpp"
#include "test/tools/person.hpp"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

using namespace pier::test;

namespace {

/// A person with a home, and settings in it.
struct settler : person {
  settler() {
    environment["HOME"] = dir.path();
    std::filesystem::create_directories(dir / ".config/iechor");
  }

  std::string own = dir / ".config/iechor/pier.toml";

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream{dir / name} << text;
    return dir / name;
  }

  said refused_pierd(const words& rest) {
    program one{line("pierd", rest), environment};
    one.close_input();
    auto status = one.finish();
    return {status, one.out(), one.err()};
  }
};

const std::string bad = "[network]\n  mtu = 70000\n";
const std::string complaint = ":2:9: network.mtu: 70000 is out of range: 1280 "
                              "to 65535\n"
                              "      mtu = 70000\n"
                              "            ^\n";

} // namespace

TEST_CASE_METHOD(settler, "check says what is wrong as a compiler would") {
  auto told = pier({"settings", "check", write("x.toml", bad)});
  CHECK(told.status == 1);
  CHECK(told.out.empty());
  CHECK(told.err == (dir / "x.toml") + complaint);
  told = pier({"settings", "check", write("y.toml", "network.mtu = 9000\n")});
  CHECK(told.status == 0);
  CHECK(told.out == "good: 1 key not as by default\n");
  CHECK(pier({"settings", "check"}).status == 0);
  write(".config/iechor/pier.toml", bad);
  CHECK(pier({"settings", "check"}).err == own + complaint);
}

TEST_CASE_METHOD(settler, "what is shown, and the template, can be obeyed") {
  write(".config/iechor/pier.toml", "[timeouts]\nstop = \"3s\"\n");
  auto shown = pier({"settings", "show"}).out;
  CHECK(holds(shown, "stop = \"3s\"\n"));
  CHECK(holds(shown, "mtu = 1500\n"));
  CHECK(
    pier({"settings", "show", "--changed"}).out
    == "[timeouts]\nstop = \"3s\"\n");
  auto defaults = pier({"settings", "show", "--defaults"}).out;
  CHECK(holds(defaults, "stop = \"10s\"\n"));
  for (const auto& text : {shown, defaults, pier({"settings", "schema"}).out})
    CHECK(pier({"settings", "check", write("copy.toml", text)}).status == 0);
}

TEST_CASE_METHOD(settler, "diff says what the second file has otherwise") {
  write(".config/iechor/pier.toml", "[network]\nmtu = 1400\n");
  auto other = write("b.toml", "[network]\nmtu = 9000\n[limits]\nflows = 2000");
  CHECK(
    pier({"settings", "diff", other}).out
    == "network.mtu: 1400 -> 9000\nlimits.flows: 16384 -> 2000\n");
  CHECK(pier({"settings", "diff", own, own}).out.empty());
  auto json = pier::control::parse_json(
    pier({"settings", "diff", "--json", other, own}).out);
  REQUIRE(json);
  CHECK(json->at(0).at("key").as_string() == "network.mtu");
  CHECK(json->at(0).at("was").as_string() == "9000");
  CHECK(pier({"settings", "diff", own, write("c.toml", bad)}).status == 1);
}

TEST_CASE_METHOD(settler, "what cannot be done to settings is refused") {
  for (const words& line :
       {words{"settings"}, words{"settings", "chekc"},
        words{"settings", "check", dir / "none.toml"},
        words{"settings", "check", dir.path()},
        words{"settings", "check", "a", "b"}, words{"settings", "diff"},
        words{"settings", "show", "--defaults", own}}) {
    auto told = pier(line);
    CHECK(told.status == 1);
    CHECK(told.err.starts_with("pier: "));
  }
  REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
  CHECK(holds(
    pier({"settings", "check", dir / "pipe"}).err, "it is no regular file"));
}

TEST_CASE_METHOD(settler, "pierd obeys its file, and a wrong one not at all") {
  auto plain = pierd(
    {"--settings", write("good.toml", "[limits]\nflows=2000")});
  plain->signal(SIGTERM);
  CHECK(plain->finish() == 0);
  for (const words& rest :
       {words{"--settings", write("bad.toml", bad)},
        words{"--settings", dir / "none.toml"}}) {
    auto told = refused_pierd(rest);
    CHECK(told.status == 125);
    CHECK(told.out.empty());
    CHECK(holds(told.err, rest[1]));
  }
  CHECK(holds(
    refused_pierd({"--settings", dir / "bad.toml"}).err,
    "\n" + (dir / "bad.toml") + complaint));
}

TEST_CASE_METHOD(settler, "the user's own file counts everywhere") {
  write(".config/iechor/pier.toml", bad);
  for (const auto& told :
       {refused_pierd({}), pier({"run", "true"}),
        pier({"run", "-d", "true"})}) {
    CHECK(told.status == 125);
    CHECK(holds(told.err, "\n" + own + complaint));
  }
  CHECK(refused_pierd({"--version"}).status == 0);
  SECTION("unless another is named") {
    environment["PIER_SETTINGS"] = write("good.toml", "");
    CHECK(pier({"run", "true"}).status == 0);
  }
  SECTION("or none") {
    environment["PIER_SETTINGS"] = "";
    CHECK(pier({"run", "true"}).status == 0);
  }
}
