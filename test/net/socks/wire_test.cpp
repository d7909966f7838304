#include "net/socks/wire.hpp"
#include "test/support/show.hpp"

#include <string>

using namespace pier;
using namespace pier::net;
using namespace std::string_literals;

namespace {

const auto v4 = *ip_address::parse("192.168.65.3");
const auto v6 = *ip_address::parse("fd07::3");

/// Of a whole message, its beginnings are no messages yet; followed by others,
/// it takes what is its own.
template <class Read, class T>
void check_reading(Read read, const std::string& bytes, const T& what) {
  for (size_t size = 0; size < bytes.size(); ++size) {
    auto part = read(std::string_view{bytes}.substr(0, size));
    REQUIRE(part);
    CHECK(part->size == 0);
  }
  auto whole = read(bytes + "more");
  REQUIRE(whole);
  CHECK(whole->size == bytes.size());
  CHECK(whole->what == what);
}

template <class Read>
ec refusal(Read read, const std::string& bytes) {
  auto part = read(std::string_view{bytes});
  REQUIRE_FALSE(part);
  return part.error().code;
}

} // namespace

TEST_CASE("an offer is the methods that are known here, of all there are") {
  check_reading(read_socks_offer, "\5\1\0"s, socks_offer{true, false});
  check_reading(read_socks_offer, "\5\3\0\1\2"s, socks_offer{true, true});
  check_reading(read_socks_offer, "\5\0"s, socks_offer{});
  CHECK(to_wire(socks_offer{true, true}) == "\5\2\0\2"s);
  CHECK(to_wire(socks_offer{false, true}) == "\5\1\2"s);
  CHECK(refusal(read_socks_offer, "\4\1\0"s) == ec::bad_request);
}

TEST_CASE("a choice is one method, or none") {
  check_reading(read_socks_choice, "\5\2"s, socks_method::password);
  check_reading(read_socks_choice, "\5\xff"s, socks_method::no_method);
  CHECK(to_wire(socks_method::none) == "\5\0"s);
  CHECK(to_wire(socks_method::no_method) == "\5\xff"s);
}

TEST_CASE("a login is a user and a password, cut at 255 bytes") {
  check_reading(read_socks_login, "\1\2me\3xyz"s, socks_login{"me", "xyz"});
  CHECK(to_wire(socks_login{"me", "xyz"}) == "\1\2me\3xyz"s);
  std::string long_one(300, 'x');
  auto cut = to_wire(socks_login{long_one, long_one});
  CHECK(cut.size() == max_socks_message);
  CHECK(read_socks_login(cut)->what.user == std::string(255, 'x'));
  CHECK(refusal(read_socks_login, "\5\2me\3xyz"s) == ec::bad_request);
  CHECK(socks_welcome(true) == "\1\0"s);
  CHECK(socks_welcome(false) == "\1\1"s);
  check_reading(read_socks_welcome, "\1\0"s, true);
  check_reading(read_socks_welcome, "\5\1"s, false);
}

TEST_CASE("a request names an address of either family, or a name") {
  using command = socks_command;
  auto four = "\5\1\0\1\xc0\xa8\x41\3\0\x50"s;
  check_reading(
    read_socks_request, four, socks_request{command::connect, {{v4, 80}}});
  CHECK(to_wire(socks_request{command::connect, {{v4, 80}}}) == four);
  auto six = "\5\2\0\4\xfd\7"s + std::string(13, '\0') + "\3\1\xbb"s;
  check_reading(
    read_socks_request, six, socks_request{command::bind, {{v6, 443}}});
  CHECK(to_wire(socks_request{command::bind, {{v6, 443}}}) == six);
  auto name = "\5\3\0\3\3web\0\x50"s;
  socks_request by_name{command::associate, {{{}, 80}, "web"}};
  check_reading(read_socks_request, name, by_name);
  CHECK(to_wire(by_name) == name);
}

TEST_CASE("a name that is an address is that address") {
  auto read = read_socks_request("\5\1\0\3\x0c"s
                                 "192.168.65.3\0\x50"s);
  REQUIRE(read);
  CHECK(read->what.to == socks_address{{v4, 80}});
}

TEST_CASE("what is no request is refused as soon as that is known") {
  CHECK(refusal(read_socks_request, "\4\1"s) == ec::bad_request);
  CHECK(refusal(read_socks_request, "\5\1\1"s) == ec::bad_request);
  CHECK(refusal(read_socks_request, "\5\1\0\2"s) == ec::not_supported);
  CHECK(refusal(read_socks_request, "\5\1\0\3\0"s) == ec::bad_request);
  for (auto odd : {"a b", "a\tb", "a\nb"})
    CHECK(
      refusal(read_socks_request, "\5\1\0\3\3"s + odd + "\0\x50"s)
      == ec::bad_request);
}

TEST_CASE("a command that nobody knows is a request all the same") {
  auto read = read_socks_request("\5\x09\0\1\1\2\3\4\0\1"s);
  REQUIRE(read);
  CHECK(static_cast<int>(read->what.what) == 9);
}

TEST_CASE("a reply says how, and where") {
  auto reply = "\5\5\0\1\0\0\0\0\0\0"s;
  check_reading(
    read_socks_reply, reply, socks_reply{socks_status::refused, {}});
  CHECK(to_wire(socks_reply{socks_status::refused, {}}) == reply);
}

TEST_CASE("a datagram begins with where it goes, or comes from") {
  auto head = "\0\0\0\1\xc0\xa8\x41\3\0\x35"s;
  auto read = read_socks_datagram(head + "payload");
  REQUIRE(read);
  CHECK(read->size == head.size());
  CHECK(read->what == socks_datagram{0, {{v4, 53}}});
  CHECK(to_wire(socks_datagram{0, {{v4, 53}}}) == head);
  CHECK(read_socks_datagram("\0\0\7\1\1\2\3\4\0\1"s)->what.fragment == 7);
  CHECK(read_socks_datagram("\0\0\0\1\1"s)->size == 0);
  CHECK(refusal(read_socks_datagram, "\1\0\0\1"s) == ec::bad_request);
}

TEST_CASE("a cause that SOCKS has a word for comes out as it went in") {
  for (auto why :
       {ec::ok, ec::forbidden, ec::network_unreachable, ec::host_unreachable,
        ec::refused, ec::timed_out, ec::not_supported})
    CHECK(ec_of(socks_status_of(why)) == why);
  CHECK(socks_status_of(ec::exhausted) == socks_status::failed);
  CHECK(socks_status_of(ec::reset) == socks_status::refused);
  CHECK(ec_of(socks_status::unknown_address) == ec::not_supported);
  CHECK(ec_of(static_cast<socks_status>(77)) == ec::failed);
}
