#include "net/gateway/address_moves.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>

using namespace pier;
using namespace pier::net;

namespace {

guest_network network(const std::string& subnet) {
  network_settings by;
  by.subnet = *ip_subnet::parse(subnet);
  return plan_network(by);
}

const auto home = network("192.168.65.0/24");
const auto away = network("10.7.0.0/24");
const error dead{ec::gateway_lost, "the keeper has died"};

/// A keeper that does what a test says, when it says so.
class fixture {
public:
  fixture() {
    for (uint32_t link : {1, 2}) {
      leases.push_back({link + 2, away.subnet.plus(link + 2), {}, link});
      moves.enter({link + 2, home.subnet.plus(link + 2), {}, link}, null.get());
    }
    moves.on_moved = [this](const auto&, const auto&, std::vector<fd>) {
      ++moved;
    };
    moves.on_trouble = [this](const lease& at, const error&) {
      trouble.push_back(at.link);
    };
  }

  void work() {
    moves.work([this](const result<void>& how) { answers.push_back(how); });
  }

  /// Answers what is asked, once.
  void answer(const result<void>& how = {}) {
    REQUIRE(asked);
    auto done = std::exchange(asked, nullptr);
    if (how)
      done(std::vector<fd>{});
    else
      done(how.error());
  }

  fd null{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
  std::vector<keeper_request> requests;
  address_moves::taker asked;
  address_moves moves{[this](
                        const keeper_request& what, const std::vector<int>&,
                        address_moves::taker done) {
    requests.push_back(what);
    asked = std::move(done);
  }};
  std::vector<lease> leases;
  std::vector<result<void>> answers;
  std::vector<uint32_t> trouble;
  int moved = 0;
};

} // namespace

TEST_CASE_METHOD(fixture, "where nothing has moved there is nothing to ask") {
  work();
  CHECK(requests.empty());
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].has_value());
}

TEST_CASE_METHOD(fixture, "the gateway moves first, then each guest") {
  moves.plan(home, away, leases);
  CHECK(moves.under_way());
  work();
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].verb == keeper_verb::renumber);
  CHECK(requests[0].was == home);
  CHECK(requests[0].net == away);
  answer();
  CHECK(moved == 1);
  for (size_t i = 0; i < 2; ++i) {
    CHECK(requests.back().verb == keeper_verb::move);
    CHECK(requests.back().at == leases[i]);
    CHECK(answers.empty());
    CHECK(moves.under_way());
    answer();
  }
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].has_value());
  CHECK_FALSE(moves.under_way());
}

TEST_CASE_METHOD(fixture, "what a keeper dies over is left to the next") {
  moves.plan(home, away, leases);
  work();
  answer();
  answer();
  answer(dead);
  REQUIRE(answers.size() == 1);
  CHECK_FALSE(answers[0].has_value());
  CHECK(moves.under_way());
  work();
  CHECK(requests.size() == 4);
  CHECK(requests.back().at == leases[1]);
  answer();
  CHECK(answers.back().has_value());
}

TEST_CASE_METHOD(fixture, "a second network is reached from where things are") {
  auto third = network("10.8.0.0/24");
  moves.plan(home, away, leases);
  work();
  moves.plan(away, third, leases);
  answer();
  // The first answer was about the first plan: the gateway goes on from there.
  CHECK(requests.back().verb == keeper_verb::renumber);
  CHECK(requests.back().was == away);
  CHECK(requests.back().net == third);
  answer();
  answer();
  answer();
  CHECK(answers.size() == 1);
  CHECK_FALSE(moves.under_way());
}

TEST_CASE_METHOD(fixture, "a guest that cannot be moved keeps nobody waiting") {
  moves.plan(home, away, leases);
  work();
  answer();
  answer(error{ec::failed, "no"});
  answer();
  CHECK(trouble == std::vector<uint32_t>{1});
  CHECK(answers.back().has_value());
}

TEST_CASE_METHOD(fixture, "one who has left is not moved") {
  moves.plan(home, away, leases);
  moves.leave(1);
  work();
  answer();
  CHECK(requests.back().at == leases[1]);
  answer();
  CHECK(answers.size() == 1);
}

TEST_CASE_METHOD(fixture, "an MTU moves everybody and cuts nobody off") {
  auto wide = home;
  wide.mtu = 9000;
  auto same = leases;
  for (auto& each : same)
    each.v4 = home.subnet.plus(each.number);
  moves.plan(home, wide, same);
  CHECK_FALSE(moves.under_way());
  work();
  answer();
  CHECK(requests.back().net.mtu == 9000);
  CHECK(requests.back().verb == keeper_verb::move);
}
