#include "tools/pier/console/remote_way.hpp"
#include "tools/pier/console/script.hpp"
#include "tools/pier/console/suggestion.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace pier::cli {

namespace {

std::vector<spoken> read(std::string_view text) {
  auto said = parse_script(text);
  REQUIRE(said.has_value());
  return *said;
}

bool has(const std::vector<std::string>& all, const std::string& word) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

} // namespace

TEST_CASE("commands stand on lines of their own, or behind semicolons") {
  std::vector<spoken> both{{"", {"tree"}}, {"", {"flows", "web"}}};
  CHECK(read("tree; flows web") == both);
  CHECK(read("tree\nflows web # all of them\n") == both);
  CHECK(read(" ;; tree ;\n\n; flows\tweb;") == both);
  CHECK(read("# nothing; at all").empty());
}

TEST_CASE("quotes and backslashes keep a word together") {
  CHECK(
    read(R"(run -e "A=b; c" 'x "y"' \; end)").front().words
    == std::vector<std::string>{"run", "-e", "A=b; c", "x \"y\"", ";", "end"});
  CHECK(!parse_script("stop \"web").has_value());
}

TEST_CASE("a node stands before its command") {
  CHECK(read("lab:4711: tree") == std::vector<spoken>{{"lab:4711", {"tree"}}});
  CHECK(read("lab: tree; ps").back() == spoken{"", {"ps"}});
}

TEST_CASE("what may come next is a command first, and then what it is about") {
  known_names known{
    {"stop", "tree", "fault"}, {"lab"}, {"web"}, {"root", "dns"}};
  CHECK(has(suggest("", known), "tree"));
  CHECK(has(suggest("", known), "lab:"));
  CHECK(has(suggest("ps; ", known), "stop"));
  CHECK(has(suggest("stop ", known), "web"));
  CHECK(!has(suggest("stop ", known), "dns"));
  CHECK(has(suggest("fault ", known), "dns"));
  CHECK(has(suggest("lab: stop ", known), "web"));
  CHECK(suggest("use ", known) == known.nodes);
  CHECK(has(suggest("log ", known), "debug"));
  CHECK(!has(suggest("log ", known), "web"));
  CHECK(has(suggest("log debug ", known), "web"));
  CHECK(suggest("stop \"we", known).empty());
}

TEST_CASE("paths begin below the root") {
  health leaf{"sessions", "sessions", "up", 0, {}, {}};
  health web{"web", "container", "up", 0, {}, {leaf}};
  health all{"root", "root", "up", 0, {}, {web}};
  CHECK(
    paths_of(all) == std::vector<std::string>{"root", "web", "web/sessions"});
}

TEST_CASE("a daemon elsewhere is named by its host and port") {
  using two = std::pair<std::string, std::string>;
  CHECK(split_host_port("lab:4711") == two{"lab", "4711"});
  CHECK(split_host_port("[fd00::1]:4711") == two{"fd00::1", "4711"});
  for (const auto* wrong : {"", "lab", ":1", "lab:", "fd00::1:2"})
    CHECK(split_host_port(wrong) == two{});
}

} // namespace pier::cli
