#include "test/support/show.hpp"
#include "test/tools/person.hpp"
#include "tools/pier/table.hpp"
#include "tools/pier/top/view.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::cli;
using pier::test::holds;

namespace {

endpoint at(const char* ip, uint16_t port) {
  return {*ip_address::parse(ip), port};
}

container_info container(const char* name) {
  container_info made;
  made.name = name;
  made.state = container_state::running;
  made.ports.push_back({protocol::tcp, at("0.0.0.0", 8080), 80, true});
  return made;
}

flow_info flow_of(const char* name, uint64_t number, traffic bytes) {
  flow_info made;
  made.container = name;
  made.path = "containers/" + std::string{name} + "/sessions/tcp-"
    + std::to_string(number);
  made.what = {
    direction::outbound, protocol::tcp, at("192.168.65.3", 4711),
    at("1.2.3.4", 443)};
  made.state = "open";
  made.bytes = bytes;
  return made;
}

sample seen(std::vector<flow_info> flows) {
  return {{container("web"), container("db")}, std::move(flows)};
}

std::string text_of(const std::vector<styled>& lines) {
  std::string all;
  for (const auto& each : lines)
    all += each.text + "\n";
  return all;
}

struct looked {
  looked() {
    known.take(seen({flow_of("web", 1, {100, 0})}), 0);
    known.take(
      seen({flow_of("web", 1, {2100, 4000}), flow_of("db", 2, {0, 600'000})}),
      2);
  }

  std::string draw(size_t columns = 100, size_t rows = 24) {
    return text_of(shown.draw(known, {}, columns, rows));
  }

  ledger known;
  view shown;
};

} // namespace

TEST_CASE_METHOD(looked, "a rate is what came since the last look") {
  auto web = known.of_container("web");
  CHECK(web.now.sent == 1000);
  CHECK(web.now.received == 2000);
  CHECK(web.bytes == traffic{2100, 4000});
}

TEST_CASE_METHOD(looked, "a flow that is new brought all of its bytes since") {
  CHECK(known.of_container("db").now.received == 300'000);
}

TEST_CASE("what was there at the first look has no rate yet") {
  ledger known;
  known.take(seen({flow_of("web", 1, {1 << 20, 0})}), 0);
  CHECK(known.of_container("web").now.sum() == 0);
}

TEST_CASE("a name that is used again begins anew") {
  ledger known;
  known.take(seen({flow_of("web", 1, {5000, 0})}), 0);
  known.take(seen({flow_of("web", 1, {10, 0})}), 1);
  CHECK(known.of_container("web").now.sent == 10);
}

TEST_CASE("a port has what its clients move") {
  ledger known;
  auto client = flow_of("web", 1, {700, 0});
  client.what = {
    direction::inbound, protocol::tcp, at("192.168.65.3", 80),
    at("10.0.0.1", 999)};
  known.take(seen({}), 0);
  known.take(seen({client}), 1);
  CHECK(known.of_port("web", protocol::tcp, 80).now.sent == 700);
  CHECK(known.of_port("db", protocol::tcp, 80).now.sent == 0);
}

TEST_CASE_METHOD(looked, "the busiest comes first, and r turns that around") {
  auto text = draw();
  CHECK(text.find("\ndb ") < text.find("\nweb "));
  shown.press('r');
  text = draw();
  CHECK(text.find("\ndb ") > text.find("\nweb "));
}

TEST_CASE_METHOD(looked, "words are sorted from A to Z") {
  draw();
  // Past everything that stands behind the graph, to the name.
  for (auto i = 0; i < 5; ++i)
    shown.press('s');
  auto text = draw();
  CHECK(holds(text, "NAME ▼"));
  CHECK(text.find("\ndb ") < text.find("\nweb "));
}

TEST_CASE_METHOD(looked, "a filter keeps what it occurs in, until Escape") {
  for (auto each : std::string{"/WEB"})
    shown.press(each);
  shown.press(static_cast<int>(key::enter));
  CHECK(!holds(draw(), "\ndb "));
  CHECK(holds(draw(), "\nweb "));
  shown.press(static_cast<int>(key::escape));
  CHECK(holds(draw(), "\ndb "));
}

TEST_CASE_METHOD(looked, "q is a letter in a filter, and else the end") {
  shown.press('/');
  CHECK(shown.press('q'));
  shown.press(static_cast<int>(key::escape));
  CHECK_FALSE(shown.press('q'));
}

TEST_CASE_METHOD(looked, "each view shows its own") {
  shown.press('2');
  CHECK(holds(draw(), "0.0.0.0:8080"));
  shown.press(static_cast<int>(key::tab));
  CHECK(holds(draw(), "192.168.65.3:4711"));
  CHECK(holds(draw(), "1.2.3.4:443"));
}

TEST_CASE_METHOD(looked, "it fits any terminal") {
  auto columns = GENERATE(1u, 7u, 20u, 80u, 200u);
  auto rows = GENERATE(1u, 2u, 3u, 5u, 24u);
  for (auto pressed : std::string{"123"}) {
    shown.press(pressed);
    auto lines = shown.draw(known, {}, columns, rows);
    CHECK(lines.size() == rows);
    for (const auto& each : lines)
      CHECK(width(each.text) == columns);
  }
}

TEST_CASE("it scrolls as far as there are rows, and no further") {
  ledger known;
  std::vector<flow_info> flows;
  for (auto i = 0u; i < 50; ++i)
    flows.push_back(flow_of("web", i, {i, 0}));
  known.take(seen(std::move(flows)), 0);
  view shown;
  shown.press('3');
  auto last = [&] { return shown.draw(known, {}, 120, 14); };
  auto top = text_of(last());
  shown.press(static_cast<int>(key::end));
  auto end = text_of(last());
  CHECK(end != top);
  shown.press(static_cast<int>(key::page_down));
  CHECK(text_of(last()) == end);
  shown.press(static_cast<int>(key::home));
  CHECK(text_of(last()) == top);
}

TEST_CASE("what has no name of its own cannot draw on the terminal") {
  ledger known;
  auto evil = flow_of("web", 1, {});
  evil.names = {"a\x1b[2Jb"};
  known.take(seen({evil}), 0);
  view shown;
  shown.press('3');
  CHECK(!holds(text_of(shown.draw(known, {}, 200, 24)), "\x1b"));
}

TEST_CASE("a graph is as high as its highest look") {
  course some;
  CHECK(draw_graph(some).empty());
  some.lately.back() = 800;
  some.lately[course::remembered - 2] = 100;
  CHECK(draw_graph(some) == "          ▂█");
}

TEST_CASE_METHOD(looked, "the numbers are numbers in JSON") {
  auto told = to_json(make_sheet(subject::containers, known, 0));
  const auto& web = told.as_array().at(0).as_object();
  CHECK(web.at("name") == "web");
  CHECK(web.at("out") == 1000);
  CHECK(web.at("flows") == 1);
}
