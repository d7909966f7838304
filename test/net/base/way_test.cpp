#include "net/probe/way.hpp"
#include "test/support/show.hpp"

#include <catch2/catch.hpp>
#include <linux/netlink.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

using namespace pier;
using namespace pier::net;

TEST_CASE("the way to the host's own loopback is its loopback") {
  auto way = ask_way(ip_address::loopback(family::v4));
  REQUIRE(way);
  CHECK(way->device == "lo");
  CHECK(way->source.is_loopback());
  CHECK(to_string(*way) == "by lo, from 127.0.0.1");
}

TEST_CASE("the kernel's refusal of a way is its errno") {
  struct {
    nlmsghdr header{};
    int number = -ENETUNREACH;
  } said;
  said.header.nlmsg_type = NLMSG_ERROR;
  said.header.nlmsg_len = sizeof(said);
  std::array<uint8_t, sizeof(said)> bytes{};
  std::memcpy(bytes.data(), &said, sizeof(said));
  auto read = read_way(bytes);
  REQUIRE(read);
  CHECK(read->refusal == ENETUNREACH);
}

TEST_CASE("an answer about a way that is cut short is refused") {
  std::vector<uint8_t> bytes(64, 0xff);
  for (size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(read_way({bytes.data(), size}));
}
