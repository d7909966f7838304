#include "test/support/show.hpp"
#include "test/tools/samples.hpp"
#include "tools/control/protocol.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace pier;
using namespace pier::control;

namespace {

request sample(verb what) {
  request made;
  made.id = 7;
  made.what = what;
  made.name = "web";
  made.number = 15;
  made.port = test::sample_port();
  made.spec = test::sample_spec();
  made.to = "8000/udp";
  made.deed = {act::kind::drain, "web", "why", std::chrono::seconds{3}};
  made.deed.level = log_level::debug;
  made.news = {true, false, 17, "containers/web"};
  made.stdio = true;
  made.hold = true;
  return made;
}

std::string without_end(std::string line) {
  REQUIRE(line.back() == '\n');
  line.pop_back();
  return line;
}

std::vector<std::string> all_lines() {
  std::vector<std::string> lines;
  for (size_t i = 0; i < static_cast<size_t>(verb::last); ++i)
    lines.push_back(encode(sample(static_cast<verb>(i))));
  lines.push_back(encode_reply(3, to_json(test::sample_info())));
  lines.push_back(encode_reply(4, error{ec::failed, "x"}));
  lines.push_back(encode_event({event::kind::fault, "web", "x"}));
  return lines;
}

} // namespace

TEST_CASE("every request survives the way over the wire") {
  for (size_t i = 0; i < static_cast<size_t>(verb::last); ++i) {
    auto line = encode(sample(static_cast<verb>(i)));
    INFO(line);
    auto back = decode_request(without_end(line));
    REQUIRE(back.what);
    CHECK(back.id == 7);
    CHECK(back.what->what == static_cast<verb>(i));
    CHECK(encode(*back.what) == line);
  }
}

TEST_CASE("a line is one line, whatever the strings are") {
  for (const auto& line : all_lines())
    CHECK(line.find('\n') == line.size() - 1);
}

TEST_CASE("a refusal finds its asker") {
  auto asker = [](const char* line) {
    auto back = decode_request(line);
    CHECK_FALSE(back.what);
    CHECK_FALSE(back.what.error().text.empty());
    CHECK(back.what.error().code == ec::bad_request);
    return back.id;
  };
  CHECK(asker(R"({"id":9,"do":"stop"})") == 9);
  CHECK(asker(R"({"id":9,"do":"dance"})") == 9);
  CHECK(asker(R"({"id":9})") == 9);
  CHECK(asker(R"({"id":9,"do":"stop","name":7})") == 9);
  CHECK(asker(R"({"id":9,"do":"stop","name":"a","force":true})") == 9);
  CHECK(asker(R"({"id":9,"do":"run","spec":[]})") == 9);
  CHECK(asker(R"({"id":9,"do":"run"})") == 9);
  CHECK(asker(R"({"id":-1,"do":"list"})") == 0);
  CHECK(asker(R"({"id":1.5,"do":"list"})") == 0);
  CHECK(asker(R"({"do":"list"})") == 0);
  CHECK(asker("[]") == 0);
  CHECK(asker("") == 0);
  CHECK(asker("GET / HTTP/1.1\r") == 0);
}

TEST_CASE("a refusal names the field that is wrong") {
  auto back = decode_request(R"({"id":1,"do":"signal","name":"a"})");
  REQUIRE_FALSE(back.what);
  CHECK(
    back.what.error().text == "the request \"signal\" lacks a good \"number\"");
}

TEST_CASE("answers, refusals and news are told apart") {
  auto yes = decode_message(without_end(encode_reply(3, json::value{})));
  REQUIRE(yes);
  CHECK(yes->id == 3);
  CHECK(yes->answer);
  CHECK_FALSE(yes->news);

  auto no = decode_message(
    without_end(encode_reply(4, error{ec::port_allocated, "taken"})));
  REQUIRE(no);
  CHECK(no->id == 4);
  REQUIRE_FALSE(no->answer);
  CHECK(no->answer.error() == error{ec::port_allocated, "taken"});

  auto news = decode_message(
    without_end(encode_event({event::kind::exited, "web", "status 3"})));
  REQUIRE(news);
  REQUIRE(news->news);
  CHECK(news->news->what == event::kind::exited);
  CHECK(news->news->text == "status 3");
}

TEST_CASE("an answer too large for a client becomes a refusal") {
  auto line = encode_reply(5, json::value(std::string(reply_limit, 'x')));
  CHECK(line.size() < 200);
  auto back = decode_message(without_end(line));
  REQUIRE(back);
  REQUIRE_FALSE(back->answer);
  CHECK(back->answer.error().code == ec::exhausted);
}

TEST_CASE("a cut message is refused, wherever it is cut") {
  for (const auto& line : all_lines())
    for (size_t size = 0; size + 1 < line.size(); ++size) {
      auto part = line.substr(0, size);
      CHECK_FALSE(decode_request(part).what);
      CHECK_FALSE(decode_message(part));
    }
}

TEST_CASE("no mutation of a message does harm") {
  std::mt19937 dice{20240117};
  auto below = [&](size_t limit) {
    return std::uniform_int_distribution<size_t>{0, limit - 1}(dice);
  };
  size_t understood = 0;
  for (const auto& line : all_lines())
    for (int round = 0; round < 2000; ++round) {
      auto text = line.substr(0, line.size() - 1);
      for (auto changes = 1 + below(3); changes > 0; --changes)
        switch (auto at = below(text.size()); below(3)) {
          case 0:
            text[at] = static_cast<char>(below(256));
            break;
          case 1:
            text.erase(at, 1 + below(8));
            text += ' ';
            break;
          default:
            text.insert(at, text.substr(below(text.size()), 1 + below(16)));
        }
      auto back = decode_request(text);
      // What is understood can be said again in the same words.
      if (back.what) {
        ++understood;
        auto again = decode_request(without_end(encode(*back.what)));
        REQUIRE(again.what);
        CHECK(encode(*again.what) == encode(*back.what));
      } else
        CHECK_FALSE(back.what.error().text.empty());
      decode_message(text);
    }
  CHECK(understood > 0);
}
