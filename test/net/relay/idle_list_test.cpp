#include "net/relay/idle_list.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

using namespace pier::net;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 30s;

class quiet_pair : public pair {
public:
  explicit quiet_pair(std::chrono::seconds idle = patience)
    : pair(fd{}, fd{}), idle_(idle) {}
  verdict pump(relay_workshop&) override {
    return verdict::wait;
  }
  verdict hear_error(const side&) override {
    return verdict::wait;
  }
  void abort() override {}
  std::chrono::steady_clock::duration idle() const override {
    return idle_;
  }

private:
  std::chrono::seconds idle_;
};

} // namespace

TEST_CASE("without pairs nothing is waited for", "[relay]") {
  idle_list all;
  CHECK_FALSE(all.next());
  CHECK(all.take_overdue({}) == nullptr);
}

TEST_CASE("who has less time ends earlier, whoever came first", "[relay]") {
  idle_list all;
  quiet_pair slow{90s};
  quiet_pair quick{1s};
  std::chrono::steady_clock::time_point begin{};
  all.add(slow);
  all.add(quick);
  CHECK(*all.next() == begin + 1s);
  CHECK(all.take_overdue(begin + 1s) == &quick);
  CHECK(all.take_overdue(begin + 89s) == nullptr);
  CHECK(*all.next() == begin + 90s);
  all.remove(slow);
  CHECK_FALSE(all.next());
}

TEST_CASE(
  "whoever is silent ends in its time, however busy others are", "[relay]") {
  auto holds = rc::check([] {
    auto count = *rc::gen::inRange<size_t>(1, 6);
    std::vector<quiet_pair> pairs(count);
    idle_list all;
    idle_list::clock::time_point now{};
    for (auto& each : pairs) {
      each.last_heard = now;
      all.add(each);
    }
    auto heard = *rc::gen::container<std::vector<size_t>>(
      rc::gen::inRange<size_t>(0, count));
    for (auto which : heard) {
      now += 1s;
      while (auto over = all.take_overdue(now))
        RC_ASSERT(over->last_heard + patience <= now);
      for (const auto& each : pairs)
        RC_ASSERT(
          each.in_idle_list.has_value() == (each.last_heard + patience > now));
      if (!pairs[which].in_idle_list)
        continue;
      pairs[which].last_heard = now;
      all.refresh(pairs[which], now);
    }
  });
  CHECK(holds);
}

TEST_CASE("a pair that is taken out is never timed", "[relay]") {
  quiet_pair one;
  quiet_pair two;
  idle_list all;
  all.add(one);
  all.add(two);
  all.remove(one);
  all.remove(one);
  CHECK(all.take_overdue(idle_list::clock::time_point{} + patience) == &two);
  CHECK_FALSE(all.next());
}
