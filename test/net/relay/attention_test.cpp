#include "net/relay/attention.hpp"

#include <catch2/catch.hpp>

#include <vector>

using pier::net::attention;

namespace {

using events = std::vector<int>;

struct caller {
  /// How often it was only looked at before this call came.
  int looks(attention& who, bool comes_while_looking) {
    int count = 0;
    who.next(-1, [&](int patience) {
      count += patience == 0 ? 1 : 0;
      return patience != 0 || comes_while_looking ? events{1} : events{};
    });
    return count;
  }
};

} // namespace

TEST_CASE("who is called seldom sleeps at once") {
  attention who;
  caller calls;
  for (int i = 0; i < 15; ++i)
    CHECK(calls.looks(who, true) == 0);
}

TEST_CASE("who is called again and again looks before it sleeps") {
  attention who;
  caller calls;
  // This thread may be kept waiting; not for ever.
  auto looks = 0;
  for (int i = 0; i < 100000 && looks == 0; ++i)
    looks = calls.looks(who, true);
  CHECK(looks == 1);
  who.relax();
  CHECK(calls.looks(who, true) == 0);
}

TEST_CASE("what does not come while it looks comes while it sleeps") {
  attention who;
  caller calls;
  auto looks = 0;
  for (int i = 0; i < 100000 && looks == 0; ++i)
    looks = calls.looks(who, false);
  CHECK(looks >= 1);
}

TEST_CASE("who has something to do does not wait for calls") {
  attention who;
  who.next(0, [](int patience) {
    CHECK(patience == 0);
    return events{};
  });
}
