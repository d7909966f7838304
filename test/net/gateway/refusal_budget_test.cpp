#include "net/gateway/refusal_budget.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using net::refusal_budget;

namespace {

const auto one = *ip_address::parse("192.168.65.3");
const auto other = *ip_address::parse("192.168.65.4");

} // namespace

TEST_CASE("a guest has its refusals at once, and no other guest's are fewer") {
  refusal_budget all;
  for (int i = 0; i < refusal_budget::at_once; ++i) {
    CHECK_FALSE(all.is_spent(one));
    all.spend(one);
  }
  CHECK(all.is_spent(one));
  CHECK_FALSE(all.is_spent(other));
}

TEST_CASE("with time a guest that scans has a few more") {
  refusal_budget all;
  for (int i = 0; i < refusal_budget::at_once; ++i)
    all.spend(one);
  all.recover();
  for (int i = 0; i < refusal_budget::each_time; ++i) {
    CHECK_FALSE(all.is_spent(one));
    all.spend(one);
  }
  CHECK(all.is_spent(one));
}

TEST_CASE("what is not spent again is forgotten") {
  refusal_budget all;
  CHECK(all.is_whole());
  for (int i = 0; i < 5 * refusal_budget::each_time; ++i)
    all.spend(one);
  for (int i = 0; i < 5; ++i) {
    CHECK_FALSE(all.is_whole());
    all.recover();
  }
  CHECK(all.is_whole());
}

TEST_CASE("who owes has what is not answered yet counted, too") {
  refusal_budget all;
  for (int i = 0; i < refusal_budget::at_once; ++i)
    all.spend(one);
  all.recover();
  all.ask(one);
  CHECK(all.is_spent(one));
  all.answer(one);
  CHECK_FALSE(all.is_spent(one));
}

TEST_CASE("who owes nothing may ask for as much at once as there is") {
  refusal_budget all;
  for (int i = 0; i < 2 * refusal_budget::at_once; ++i)
    all.ask(one);
  CHECK_FALSE(all.is_spent(one));
  CHECK(all.is_whole());
}

TEST_CASE("a debt that is paid does not forget what is being asked") {
  refusal_budget all;
  for (int i = 1; i < refusal_budget::at_once; ++i)
    all.ask(one);
  all.spend(one);
  all.recover();
  CHECK(all.is_whole());
  all.spend(one);
  CHECK(all.is_spent(one));
}
