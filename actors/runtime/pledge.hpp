#pragma once

/// An answer that is owed. CAF forgets the promises of an actor that dies, and
/// whoever asked waits for ever; a pledge is kept in the actor's state, and
/// says on its way down that nobody is left to keep it.

#include "actors/runtime/refusal.hpp"

#include <caf/error.hpp>
#include <caf/typed_response_promise.hpp>

#include <utility>

namespace pier::actors {

template <class T>
class pledge {
public:
  explicit pledge(caf::typed_response_promise<T> owed)
    : promise_(std::move(owed)) {}

  pledge(pledge&&) noexcept = default;
  pledge& operator=(pledge&&) = delete;

  ~pledge() {
    if (promise_.pending())
      promise_.deliver(to_caf(met_a_bug()));
  }

  void deliver(T what) {
    promise_.deliver(std::move(what));
  }
  void deliver(caf::error why) {
    promise_.deliver(std::move(why));
  }

private:
  caf::typed_response_promise<T> promise_;
};

} // namespace pier::actors
