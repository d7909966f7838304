#include "net/gateway/socket_store.hpp"

#include <catch2/catch.hpp>
#include <sys/eventfd.h>

using namespace pier;
using namespace pier::net;

namespace {

/// A keeper that answers when it is told to.
struct slow_keeper {
  socket_store::maker maker() {
    return [this](family, int, uint32_t count, socket_store::taker done) {
      if (!lives)
        return false;
      orders.push_back({count, std::move(done)});
      return true;
    };
  }

  /// Fulfils the eldest order, with so many at most.
  void deliver(uint32_t most) {
    auto eldest = std::move(orders.front());
    orders.erase(orders.begin());
    std::vector<fd> made;
    for (uint32_t i = 0; i < std::min(most, eldest.count); ++i)
      made.emplace_back(::eventfd(0, EFD_CLOEXEC));
    eldest.done(std::move(made));
  }

  struct order {
    uint32_t count;
    socket_store::taker done;
  };
  bool lives = true;
  std::vector<order> orders;
};

} // namespace

TEST_CASE("what a store has, the next take gives") {
  slow_keeper keeper;
  socket_store store{keeper.maker()};
  CHECK_FALSE(store.has(family::v4, SOCK_STREAM));
  keeper.deliver(1);
  CHECK(store.has(family::v4, SOCK_STREAM));
  CHECK(store.take(family::v4, SOCK_STREAM).has_value());
  CHECK_FALSE(store.has(family::v4, SOCK_STREAM));
  CHECK(store.take(family::v4, SOCK_STREAM).error().code == ec::exhausted);
}

TEST_CASE("whoever asks a dry store again makes it order again") {
  slow_keeper keeper;
  socket_store store{keeper.maker()};
  CHECK_FALSE(store.has(family::v4, SOCK_STREAM));
  // The descriptors were lost on the way: there was no room for them.
  keeper.deliver(0);
  CHECK(keeper.orders.empty());
  CHECK_FALSE(store.has(family::v4, SOCK_STREAM));
  REQUIRE(keeper.orders.size() == 1);
  keeper.deliver(1);
  CHECK(store.has(family::v4, SOCK_STREAM));
}

TEST_CASE("a store sheds all but the last socket of a shelf") {
  slow_keeper keeper;
  socket_store store{keeper.maker()};
  CHECK_FALSE(store.shed());
  CHECK_FALSE(store.has(family::v4, SOCK_STREAM));
  keeper.deliver(3);
  CHECK(store.shed());
  CHECK(store.shed());
  CHECK_FALSE(store.shed());
  CHECK(store.has(family::v4, SOCK_STREAM));
}

TEST_CASE("a store without a keeper has nothing, until it is refilled") {
  slow_keeper keeper;
  keeper.lives = false;
  socket_store store{keeper.maker()};
  CHECK_FALSE(store.has(family::v4, SOCK_STREAM));
  CHECK(store.take(family::v4, SOCK_STREAM).error().code == ec::gateway_lost);
  keeper.lives = true;
  store.refill();
  keeper.deliver(8);
  CHECK(store.has(family::v4, SOCK_STREAM));
}
