#include "actors/learned_names.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace std::chrono_literals;

namespace {

const auto far = *ip_address::parse("203.0.113.9");
const auto near_by = *ip_address::parse("10.0.0.7");

} // namespace

TEST_CASE("learned names are bounded: what would end first goes first") {
  actors::learned_names names;
  actors::learned_names::time_point now{1h};
  names.learn("first", {far}, 1h, now);
  for (size_t i = 0; i < actors::learned_names::most; ++i)
    names.learn("n" + std::to_string(i), {near_by}, 2h, now);
  CHECK(names.size() == actors::learned_names::most);
  CHECK(names.names_of(far, now).empty());
  names.learn("last", {far}, 0s, now + 3h);
  CHECK(names.size() == 1);
}

TEST_CASE("a name that is told again is known longer, never shorter") {
  actors::learned_names names;
  actors::learned_names::time_point now{1h};
  names.learn("a", {far}, 1h, now);
  names.learn("a", {far}, 1s, now);
  CHECK(names.names_of(far, now + 59min).size() == 1);
  names.learn("a", {far}, 2h, now);
  CHECK(names.names_of(far, now + 119min).size() == 1);
  CHECK(names.size() == 1);
}
