#include "net/gateway/waiting_line.hpp"

#include <catch2/catch.hpp>

using namespace pier;

namespace {

const auto flooder = ip_address::v4({192, 168, 65, 3});
const auto neighbour = ip_address::v4({192, 168, 65, 4});

} // namespace

TEST_CASE("a guest that floods the gate waits behind itself") {
  net::waiting_line line{100};
  for (uint64_t id = 1; id <= 50; ++id)
    CHECK(line.enter(flooder, id));
  CHECK(line.enter(neighbour, 51));
  CHECK(line.next() == 1);
  CHECK(line.next() == 51);
  for (uint64_t id = 2; id <= 50; ++id)
    CHECK(line.next() == id);
  CHECK_FALSE(line.next());
  CHECK(line.empty());
}

TEST_CASE("a guest's line has an end, and only its own") {
  net::waiting_line line{2};
  CHECK(line.enter(flooder, 1));
  CHECK(line.enter(flooder, 2));
  CHECK_FALSE(line.enter(flooder, 3));
  CHECK(line.enter(neighbour, 4));
  CHECK(line.next() == 1);
  CHECK(line.enter(flooder, 5));
}
