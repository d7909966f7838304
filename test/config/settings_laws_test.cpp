/// What holds for any settings, and for any text.

#include "config/difference.hpp"
#include "config/load.hpp"
#include "config/print.hpp"
#include "config/schema.hpp"
#include "test/config/arbitrary_settings.hpp"
#include "test/support/show.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include <algorithm>

using namespace pier;
using trials::arbitrary_settings;

namespace {

std::vector<std::string> rows() {
  std::vector<std::string> out;
  for (const auto& group : config::schema())
    for (const auto& each : group.keys)
      out.push_back(each.path);
  return out;
}

settings read_back(const std::string& text) {
  auto read = config::read_settings(text);
  INFO(config::draw(read.wrong, "pier.toml", text));
  RC_ASSERT(read.wrong.empty());
  return read.value;
}

} // namespace

TEST_CASE("Each row of the schema has a choice of values, once") {
  auto all = rows();
  std::sort(all.begin(), all.end());
  std::vector<std::string> chosen;
  for (const auto& [row, choose] : trials::choices())
    chosen.push_back(row);
  CHECK(all == chosen);
}

TEST_CASE("Whatever is printed is read as the same settings") {
  CHECK(rc::check([] {
    auto any = arbitrary_settings();
    RC_ASSERT(read_back(config::print(any)) == any);
    RC_ASSERT(read_back(config::print(any, config::printed::changed)) == any);
  }));
}

TEST_CASE("Nothing is printed of what is as by default") {
  CHECK(config::print({}, config::printed::changed).empty());
  CHECK(rc::check([] {
    auto any = arbitrary_settings();
    auto text = config::print(any, config::printed::changed);
    // A forward is a table of its own.
    auto tables = text.find("[[");
    auto lines = std::count(
      text.begin(),
      text.begin() + static_cast<ptrdiff_t>(std::min(tables, text.size())),
      '=');
    auto changes = config::diff({}, any);
    RC_ASSERT(
      static_cast<size_t>(lines) + any.forwards.size() == changes.size());
    for (auto left = any.forwards.size(); left > 0; --left) {
      RC_ASSERT(tables != text.npos);
      tables = text.find("\n[[", tables);
      tables += tables == text.npos ? 0 : 1;
    }
    RC_ASSERT(tables == text.npos);
  }));
}

TEST_CASE("Nothing differs from itself") {
  CHECK(rc::check([] {
    auto any = arbitrary_settings();
    RC_ASSERT(config::diff(any, any).empty());
  }));
}

TEST_CASE("Whoever applies the difference arrives where he was to") {
  CHECK(rc::check([] {
    auto here = arbitrary_settings();
    auto there = arbitrary_settings();
    auto changes = config::diff(here, there);
    auto arrived = config::apply(here, changes);
    RC_ASSERT(arrived.has_value());
    RC_ASSERT(*arrived == there);
    auto back = config::apply(there, config::diff(there, here));
    RC_ASSERT(back.has_value() && *back == here);
  }));
}

TEST_CASE("Each change is of one key, in the order of the schema") {
  auto order = rows();
  CHECK(rc::check([&] {
    auto changes = config::diff(arbitrary_settings(), arbitrary_settings());
    auto at = order.begin();
    for (const auto& each : changes) {
      RC_ASSERT(each.was != each.is);
      at = std::find(at, order.end(), each.row);
      RC_ASSERT(at != order.end());
    }
  }));
}

TEST_CASE("Only what differs is touched") {
  CHECK(rc::check([] {
    auto here = arbitrary_settings();
    auto there = here;
    auto row = *rc::gen::elementOf(rows());
    trials::choices().at(row)(there);
    for (const auto& each : config::diff(here, there))
      RC_ASSERT(each.row == row);
  }));
}

TEST_CASE("The template is a file that changes nothing") {
  auto text = config::settings_template();
  CHECK(*config::load("template", text) == settings{});
}

TEST_CASE(
  "The template's lines, each uncovered, are the defaults and examples") {
  auto text = config::settings_template();
  std::string bare;
  for (size_t begin = 0; begin < text.size();) {
    auto end = text.find('\n', begin);
    auto line = text.substr(begin, end - begin);
    CHECK(line.size() <= 100);
    auto covered = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    bare += (covered ? line.substr(1) : line) + "\n";
    begin = end + 1;
  }
  auto read = config::load("template", bare);
  REQUIRE(read);
  for (const auto& each : config::diff({}, *read))
    CHECK(each.row.find('*') != each.row.npos);
  for (const auto& row : rows()) {
    // Behind a name that is somebody's, if it is about one.
    auto front = row.find(".*.") == row.npos ? "\n" : ".";
    CHECK(
      bare.find(front + config::segments(row).back() + " = ")
      != (row.back() == '*' ? 0 : bare.npos));
  }
}

TEST_CASE("No text is more than settings or complaints") {
  auto law = [](const std::string& text) {
    auto read = config::read_settings(text);
    auto drawn = config::draw(read.wrong, "pier.toml", text);
    RC_ASSERT(drawn.empty() == read.wrong.empty());
    for (const auto& each : read.wrong)
      RC_ASSERT(each.where.line == 0 || each.where.column > 0);
  };
  CHECK(rc::check([&] { law(*rc::gen::arbitrary<std::string>()); }));
  CHECK(rc::check([&] {
    auto text = config::print(arbitrary_settings());
    for (auto spoilt = *rc::gen::inRange(1, 4); spoilt > 0; --spoilt)
      text[*rc::gen::inRange<size_t>(0, text.size())] = *rc::gen::arbitrary<
        char>();
    law(text);
  }));
}
