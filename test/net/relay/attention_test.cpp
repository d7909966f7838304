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

  /// This thread may be kept waiting; not for ever.
  int looks_at_last(attention& who, bool comes_while_looking) {
    auto out = 0;
    for (int i = 0; i < 100000 && out == 0; ++i)
      out = looks(who, comes_while_looking);
    return out;
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
  CHECK(calls.looks_at_last(who, true) == 1);
  who.relax();
  CHECK(calls.looks(who, true) == 0);
}

TEST_CASE("what does not come while it looks comes while it sleeps") {
  attention who;
  caller calls;
  CHECK(calls.looks_at_last(who, false) >= 1);
}

TEST_CASE("who has something to do does not wait for calls") {
  attention who;
  who.next(0, [](int patience) {
    CHECK(patience == 0);
    return events{};
  });
}
