#include "net/console/frame_gate.hpp"
#include "test/net/console/frames.hpp"

#include <catch2/catch.hpp>

#include <optional>

namespace pier::net {

namespace {

using namespace pier::test;

/// What passes of a stream that comes in pieces of this size.
std::optional<std::string> passed(std::string_view stream, size_t piece) {
  frame_gate gate;
  std::string out;
  for (; !stream.empty(); stream.remove_prefix(std::min(piece, stream.size())))
    if (auto good = gate.pass(stream.substr(0, piece), out); !good)
      return std::nullopt;
  return out;
}

std::optional<std::string> passed(const std::string& stream) {
  return passed(stream, stream.size());
}

} // namespace

TEST_CASE("a console that keeps to the protocol passes byte for byte") {
  auto stream = frame(handshake, "node") + frame(direct, "hello")
    + frame(direct) + frame(4, "watch") + frame(5, "gone") + frame(6)
    + frame(handshake, "node");
  for (size_t piece : {1U, 3U, 31U, 32U, 33U, 1000U}) {
    auto out = passed(stream, piece);
    REQUIRE(out);
    CHECK(*out == stream);
  }
}

TEST_CASE("nothing is said before the handshake") {
  CHECK(!passed(frame(direct, "hello")));
  // One that is left out, for it names an actor, is none.
  CHECK(!passed(frame(handshake, "node", 1) + frame(direct, "hello")));
  CHECK(!passed(frame(6)));
  CHECK(!passed(frame(0, "node")));
  CHECK(!passed("GET / HTTP/1.1\r\nHost: somebody-elses\r\n\r\n"));
}

TEST_CASE("a length is judged before anybody makes room for it") {
  auto first = frame(handshake, "node");
  CHECK(!passed(first + frame_claiming(direct, 0xFFFFFFF0, "")));
  CHECK(!passed(
    first + frame_claiming(direct, frame_gate::longest_payload + 1, "")));
  CHECK(
    passed(first + frame_claiming(direct, frame_gate::longest_payload, "")));
  CHECK(
    !passed(frame_claiming(handshake, frame_gate::longest_handshake + 1, "")));
}

TEST_CASE("nobody is reached behind us") {
  CHECK(!passed(frame(handshake, "node") + frame(routed, "elsewhere")));
  CHECK(!passed(frame(handshake, "node") + frame(7, "?")));
}

TEST_CASE("what is said to an actor by its name is left out") {
  auto first = frame(handshake, "node");
  auto last = frame(direct, "hello");
  auto out = passed(first + frame(direct, "SpawnServ", 1) + last, 5);
  REQUIRE(out);
  CHECK(*out == first + last);
}

TEST_CASE("a console has introduced itself when its handshake is whole") {
  frame_gate gate;
  std::string out;
  auto hello = frame(handshake, "node");
  REQUIRE(gate.pass({hello.data(), hello.size() - 1}, out).has_value());
  CHECK(!gate.greeted());
  REQUIRE(gate.pass({hello.data() + hello.size() - 1, 1}, out).has_value());
  CHECK(gate.greeted());
}

} // namespace pier::net
