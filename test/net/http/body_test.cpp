#include "net/http/body.hpp"

#include <catch2/catch.hpp>

#include <optional>

using namespace pier;
using net::body_reader;
using net::framing;

namespace {

struct told {
  std::string body;
  std::string left;
  std::string trailers;
};

/// Comes in pieces of that size, and is read into a place of that size.
std::optional<told> read(
  const framing& as, const std::string& all, size_t piece, size_t room,
  bool ends = false) {
  body_reader reader{as};
  told out;
  std::string come;
  std::vector<char> place(room);
  size_t at = 0;
  while (!reader.is_done()) {
    auto got = reader.read(come, place);
    if (!got)
      return std::nullopt;
    out.body.append(place.data(), got->given);
    come.erase(0, got->taken);
    if (got->taken > 0 || got->given > 0)
      continue;
    if (at == all.size()) {
      if (!ends || !reader.end())
        return std::nullopt;
      break;
    }
    come += all.substr(at, piece);
    at = std::min(all.size(), at + piece);
  }
  out.left = come + all.substr(at);
  out.trailers = reader.trailers();
  return out;
}

constexpr framing chunked{framing::kind::chunked, 0};

} // namespace

TEST_CASE("a body comes out as it went in, in whatever pieces") {
  const std::string text = "4;a=b\r\nWiki\r\nb\r\npedia "
                           "in\r\nc\r\n0\r\n\r\nNEXT";
  for (size_t piece = 1; piece < text.size() + 1; ++piece)
    for (size_t room : {size_t{1}, size_t{3}, size_t{64}}) {
      auto got = read(chunked, text, piece, room);
      REQUIRE(got.has_value());
      CHECK(got->body == "Wikipedia in\r\nc");
      CHECK(got->left == "NEXT");
      auto some = read({framing::kind::length, 5}, "helloNEXT", piece, room);
      REQUIRE(some.has_value());
      CHECK(some->body == "hello");
      CHECK(some->left == "NEXT");
    }
}

TEST_CASE("what has no body takes nothing") {
  body_reader none{{framing::kind::none, 0}};
  CHECK(none.is_done());
  body_reader empty{{framing::kind::length, 0}};
  CHECK(empty.is_done());
}

TEST_CASE("a body that ends with its connection is all that came") {
  auto got = read({framing::kind::until_end, 0}, "all of it", 2, 3, true);
  REQUIRE(got.has_value());
  CHECK(got->body == "all of it");
}

TEST_CASE("a body that is cut off is no body") {
  CHECK_FALSE(read(chunked, "4\r\nWi", 1, 8, true));
  CHECK_FALSE(read({framing::kind::length, 5}, "hell", 1, 8, true));
}

TEST_CASE("trailers come behind, but for those that come too late") {
  auto got = read(
    chunked,
    "1\r\na\r\n0\r\nX-Sum: 1\r\nContent-Length: 5\r\nHost: b\r\n"
    "Transfer-Encoding: chunked\r\nSet-Cookie: c\r\n\r\n",
    7, 8);
  if (got)
    CHECK(got->trailers == "X-Sum: 1\r\n");
  auto plain = read(chunked, "1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n", 7, 8);
  REQUIRE(plain.has_value());
  CHECK(plain->trailers == "X-Sum: 1\r\n");
}

TEST_CASE("chunks that could be read in two ways are refused") {
  for (const auto* text :
       {"g\r\n", "-1\r\na\r\n", "1\na\r\n0\r\n\r\n", "1\r\nab\r\n",
        " 1\r\na\r\n", "11111111111111111\r\n", "1;\n\r\na\r\n", "\r\n",
        "0x1\r\na\r\n"}) {
    INFO(text);
    CHECK_FALSE(read(chunked, text, 64, 64, true));
  }
}

TEST_CASE("chunks of ours are chunks") {
  auto text = net::chunk_head(12) + "Wikipedia in\r\n"
    + net::last_chunk("A: b\r\n");
  auto got = read(chunked, text, 64, 64);
  REQUIRE(got.has_value());
  CHECK(got->body == "Wikipedia in");
  CHECK(got->trailers == "A: b\r\n");
}
