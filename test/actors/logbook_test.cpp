// How much of what actors say is heard.

#include "actors/runtime/logbook.hpp"
#include "test/actors/household_fixture.hpp"
#include "test/support/show.hpp"

namespace {

using namespace pier;
using namespace pier::test;
using actors::logbook;

struct fixture {
  void say(
    const std::string& path, log_level level = log_level::info,
    const std::string& text = "x") {
    book.write({level, path, text});
  }

  /// Whoever asked to be woken is.
  void pass(std::chrono::milliseconds time) {
    auto until = now + time;
    while (wake && *wake <= until) {
      now = *wake;
      wake.reset();
      book.settle();
    }
    now = until;
  }

  std::vector<log_line> lines;
  logbook::time_point now{1h};
  std::optional<logbook::time_point> wake;
  logbook book{
    {[this](const log_line& line) { lines.push_back(line); },
     [this] { return now; },
     [this](std::chrono::milliseconds later) { wake = now + later; }},
    log_level::info};
};

} // namespace

TEST_CASE_METHOD(fixture, "the level of the longest path holds") {
  REQUIRE(book.obey("containers/web", log_level::debug).has_value());
  REQUIRE(book.obey("containers/web/sessions", log_level::warn).has_value());
  CHECK_FALSE(book.hears("containers/db", log_level::debug));
  CHECK(book.hears("containers/db", log_level::info));
  CHECK(book.hears("containers/web", log_level::debug));
  CHECK(book.hears("containers/web/port 80:80", log_level::debug));
  CHECK_FALSE(book.hears("containers/web/sessions/tcp-1", log_level::info));
  // A name that only begins alike is another one.
  CHECK_FALSE(book.hears("containers/webster", log_level::debug));
}

TEST_CASE_METHOD(fixture, "what was said by hand wins until it is taken back") {
  REQUIRE(book.obey("", log_level::off).has_value());
  CHECK_FALSE(book.hears("gateway", log_level::error));
  book.adopt(log_level::debug);
  CHECK_FALSE(book.hears("gateway", log_level::error));
  REQUIRE(book.obey("", std::nullopt).has_value());
  CHECK(book.hears("gateway", log_level::debug));
  CHECK(book.rules() == std::vector<log_rule>{{"", log_level::debug}});
}

TEST_CASE_METHOD(fixture, "there is an end to what can be said by hand") {
  for (size_t i = 0; i < logbook::most_rules; ++i)
    REQUIRE(book.obey("p" + std::to_string(i), log_level::debug).has_value());
  auto more = book.obey("one more", log_level::debug);
  REQUIRE(more.has_error());
  CHECK(more.error().text.find("pier log default") != std::string::npos);
  CHECK(book.obey("p7", log_level::warn).has_value());
}

TEST_CASE_METHOD(fixture, "of a flood the number is told, once, afterwards") {
  for (int i = 0; i < 170; ++i)
    say("containers/web");
  CHECK(lines.size() == logbook::burst);
  say("containers/db");
  CHECK(lines.size() == logbook::burst + 1);
  pass(9999ms);
  CHECK(lines.size() == logbook::burst + 1);
  pass(1ms);
  REQUIRE(lines.size() == logbook::burst + 2);
  CHECK(
    lines.back()
    == log_line{log_level::info, "containers/web", "… 120 more lines in 10 s"});
  say("containers/web");
  CHECK(lines.size() == logbook::burst + 3);
  // Nobody is woken for those that have nothing to say.
  pass(1min);
  CHECK_FALSE(wake);
}

TEST_CASE_METHOD(fixture, "the sessions of a container are one speaker") {
  for (int i = 0; i < 100; ++i)
    say("containers/web/sessions/tcp-" + std::to_string(i), log_level::warn);
  pass(10s);
  CHECK(lines.size() == logbook::burst + 1);
  CHECK(lines.back().text == "… 50 more lines in 10 s");
  CHECK(lines.back().level == log_level::warn);
}

TEST_CASE_METHOD(fixture, "whoever keeps within the bound loses nothing") {
  for (int i = 0; i < 1000; ++i) {
    say("dns");
    pass(25ms);
  }
  CHECK(lines.size() == 1000);
}

namespace {

/// The whole tree, with somebody who reads its log, and outlives it.
struct spoken : fixture, actor_fixture {
  using actor_fixture::run;

  spoken()
    : root(keep(system.spawn(
      actors::root,
      actors::root_args{
        &network, std::make_shared<const settings>(),
        actors::reporter{[](const event&) {}, &book}, nullptr}))) {}

  bool is_said(const std::string& path, const std::string& text) const {
    return std::any_of(lines.begin(), lines.end(), [&](const auto& each) {
      return each.path == path && each.text.find(text) != std::string::npos;
    });
  }

  root_actor root;
};

} // namespace

TEST_CASE_METHOD(spoken, "a subtree speaks when it is told to, and no other") {
  CHECK(lines.empty());
  REQUIRE(book.obey("containers/web", log_level::debug).has_value());
  for (auto name : {"web", "db"}) {
    self->send(
      root, atom::run::value, household_fixture::spec(name), ticket{1});
    run();
    network.premises(name)->started();
    run();
    flow what{
      direction::outbound,
      protocol::tcp,
      {network.premises(name)->address().v4, 4711},
      {*ip_address::parse("203.0.113.9"), 80}};
    auto number = network.arrive(what);
    run();
    network.circuits.at(number)->tell(
      circuit_event::kind::refused, ec::refused);
    run();
  }
  CHECK(is_said("containers/web", "sessions is born"));
  CHECK(is_said("containers/web/sessions", "tcp-1: tcp 192.168.65."));
  CHECK(is_said("containers/web/sessions", "was refused: refused"));
  CHECK(is_said("containers/web/sessions", "tcp-1 has ended"));
  CHECK(std::none_of(lines.begin(), lines.end(), [](const auto& each) {
    return each.path.starts_with("containers/db");
  }));
}
