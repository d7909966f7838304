#include "net/http/client_hello.hpp"
#include "net/http/first_words.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace pier;
using bytes = std::vector<uint8_t>;
using kind = net::first_words::kind;

namespace {

void put(bytes& into, size_t number, size_t size) {
  for (auto i = size; i > 0; --i)
    into.push_back(static_cast<uint8_t>(number >> (8 * (i - 1))));
}

bytes framed(const bytes& inner, size_t size) {
  bytes out;
  put(out, inner.size(), size);
  out.insert(out.end(), inner.begin(), inner.end());
  return out;
}

void append(bytes& to, const bytes& more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// A hello of TLS 1.2 or 1.3, as far as we look at it.
bytes hello(const std::string& name) {
  bytes extensions;
  put(extensions, 0xFF01, 2); // another one, before
  append(extensions, framed({0}, 2));
  if (!name.empty()) {
    bytes entry{0};
    append(entry, framed({name.begin(), name.end()}, 2));
    put(extensions, 0, 2);
    append(extensions, framed(framed(entry, 2), 2));
  }
  bytes body{3, 3};
  body.resize(34, 7);
  append(body, framed(bytes(32, 9), 1));
  append(body, framed({0x13, 0x01}, 2));
  append(body, framed({0}, 1));
  append(body, framed(extensions, 2));
  bytes out{1};
  append(out, framed(body, 3));
  return out;
}

/// In records of at most that many bytes.
bytes records(const bytes& message, size_t most) {
  bytes out;
  for (size_t at = 0; at < message.size(); at += most) {
    auto end = std::min(message.size(), at + most);
    append(out, {22, 3, 1});
    append(
      out,
      framed(
        {message.begin() + static_cast<ptrdiff_t>(at),
         message.begin() + static_cast<ptrdiff_t>(end)},
        2));
  }
  return out;
}

net::first_words read(const std::string& text) {
  return net::read_first_words(bytes{text.begin(), text.end()});
}

} // namespace

TEST_CASE("a hello says whom it means, in however many records and pieces") {
  for (size_t most : {size_t{1}, size_t{7}, size_t{16384}}) {
    auto all = records(hello("Www.Example.com"), most);
    auto words = net::read_first_words(all);
    CHECK(words == net::first_words{kind::tls, "www.example.com"});
    for (size_t size = 0; size < all.size(); ++size) {
      INFO(size);
      auto part = bytes{
        all.begin(), all.begin() + static_cast<ptrdiff_t>(size)};
      CHECK(net::read_first_words(part).what == kind::incomplete);
    }
  }
}

TEST_CASE("a hello without a name goes by its address") {
  CHECK(net::read_first_words(records(hello(""), 99)).what == kind::unknown);
  CHECK(
    net::read_first_words(records(hello("a b"), 9999)).what == kind::unknown);
  CHECK(
    net::read_first_words(records(hello(std::string(300, 'a')), 9999)).what
    == kind::unknown);
}

TEST_CASE("lengths that lie say nothing") {
  auto good = records(hello("a.example"), 16384);
  for (size_t at = 0; at < good.size(); ++at)
    for (uint8_t value : {uint8_t{0}, uint8_t{0x7F}, uint8_t{0xFF}}) {
      auto bad = good;
      bad[at] = value;
      auto words = net::read_first_words(bad);
      CHECK(words.host.size() <= 253);
    }
}

TEST_CASE("a request says whom it means by its Host") {
  CHECK(
    read("GET / HTTP/1.1\r\nHost: A.example\r\n\r\n")
    == net::first_words{kind::http, "a.example"});
  CHECK(read("GET / HTTP/1.1\r\nHost: a").what == kind::incomplete);
  CHECK(read("GET / HTTP/1.0\r\n\r\n").what == kind::unknown);
  CHECK(
    read("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").what == kind::unknown);
}

TEST_CASE("whatever else is said goes by its address at once") {
  CHECK(read("SSH-2.0-x\r\n").what == kind::unknown);
  CHECK(read("ehlo me\r\n").what == kind::unknown);
  CHECK(read(std::string(1, '\0')).what == kind::unknown);
  CHECK(read("").what == kind::incomplete);
  CHECK(read("GET / " + std::string(20000, 'x')).what == kind::unknown);
}
