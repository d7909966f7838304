/// A settings file may come from anywhere.

#include "config/complaint.hpp"
#include "config/document.hpp"
#include "config/load.hpp"
#include "config/nesting.hpp"
#include "config/spelling.hpp"

#include <catch2/catch.hpp>

using namespace pier;

namespace {

std::string repeat(const std::string& what, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i)
    out += what;
  return out;
}

std::string first_sentence(const std::string& text) {
  auto wrong = config::read_settings(text).wrong;
  return wrong.empty() ? "" : wrong.front().text;
}

} // namespace

TEST_CASE("no text has the parser climb deeper than the stack is") {
  constexpr size_t many = 70000;
  for (const auto& text :
       {"x = " + repeat("[", many), "x = " + repeat("{a=", many),
        repeat("a.", many) + "a = 1", "[" + repeat("a.", many) + "a]",
        "x = " + repeat("[\n{a.b.c.d = ", many),
        repeat("\"\".", many) + "a = 1", repeat("''.", many) + "a = 1",
        "[[" + repeat("a.", many) + "a]]",
        "x = \"\"\"\\\"\"\"\"\ny = " + repeat("[", many)})
    CHECK(first_sentence(text) == "nothing is nested as deeply as this");
}

TEST_CASE("brackets and dots in strings and comments do not nest") {
  for (auto text :
       {"# [[[[[[[[[[[[", "x = \"[[[[[[[[[[[[\"", "x = '[[[[[[[[[[[['",
        "x = \"\\\"[[[[[[[[[[[[\"", "x = \"\"\"\n[[[[[\"\"[[[[[[\"\"\"\"\"",
        "x = '''[[[[[\n''[[[[[[['''''"})
    CHECK_FALSE(config::too_deep(text));
  CHECK_FALSE(config::too_deep("x = '" + repeat(".", 100) + "'"));
  CHECK(config::too_deep("x = \"\"\"\"\"\" \ny = [[[[[[[[["));
  CHECK(config::too_deep("x = 1\ny =[[[[[[[[[") == (config::place{2, 12}));
}

TEST_CASE("where the parser of TOML loses its way a name was expected") {
  for (auto text : {"x = 1\n[[[a]]]", "x = 1\n[[=", "x = 1\n[[.a]]"}) {
    auto wrong = config::read_settings(text).wrong;
    REQUIRE(wrong.size() == 1);
    CHECK(wrong[0].where == (config::place{2, 3}));
  }
}

TEST_CASE("a file larger than a settings file ever is goes unread") {
  auto big = repeat("# nothing\n", config::longest_document / 10 + 1);
  CHECK(
    config::draw(config::read_settings(big).wrong, "f", big)
    == "f: the file is larger than 1048576 bytes\n");
  big.resize(config::longest_document);
  CHECK(config::read_settings(big).wrong.empty());
}

TEST_CASE("nothing that is shown speaks to the terminal") {
  auto drawn = config::draw(
    {{{1, 3}, "a\x1b[2Jb\xc2\x9bz"}}, "f\x07",
    "\x1b]0;x\t\x7f\xe2\x80\xae\xc2\x85 é\n");
  CHECK(drawn == "f?:1:3: a?[2Jb?z\n    ?]0;x ??? é\n      ^\n");
}

TEST_CASE("of a long line what surrounds the caret is shown") {
  auto line = repeat("x", 500) + "Y" + repeat("z", 500);
  auto drawn = config::draw({{{1, 501}, "t"}}, "f", line);
  auto begin = drawn.find('\n') + 1;
  auto shown = drawn.substr(begin, drawn.find('\n', begin) - begin);
  CHECK(shown.size() == 80);
  auto caret = drawn.find('^') - drawn.find('\n', begin) - 1;
  CHECK(shown.at(caret) == 'Y');
}

TEST_CASE("a caret behind the end of the text stands behind its end") {
  CHECK(
    config::draw({{{1, 99}, "t"}}, "f", "ab")
    == "f:1:99: t\n    ab\n      ^\n");
  CHECK(config::draw({{{9, 1}, "t"}}, "f", "ab") == "f:9:1: t\n    \n    ^\n");
}

TEST_CASE("a long word is cut where it is repeated") {
  auto told = first_sentence(
    "[network]\nsubnet = \"" + repeat("é", 1000) + "\"\n" + repeat("k", 1000)
    + " = 1\n");
  CHECK(told.size() < 300);
  CHECK(first_sentence(repeat("k", 100000) + " = 1\n").size() < 200);
}

TEST_CASE("the distance of words counts swapped neighbours once") {
  CHECK(config::distance("subnet", "subnet") == 0);
  CHECK(config::distance("sunbet", "subnet") == 1);
  CHECK(config::distance("", "abc") == 3);
  CHECK(config::distance("kitten", "sitting") == 3);
  CHECK(config::did_you_mean("x", {"subnet"}).empty());
  CHECK(config::did_you_mean("abd", {"abc", "abd1", "abcd"}) != "");
}
