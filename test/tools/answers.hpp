#pragma once

/// A supervisor's answers, which come through callbacks on its own thread, as
/// values on the asker's. Every wait has a deadline.

#include "tools/libpier/pier.hpp"

#include <chrono>
#include <functional>
#include <future>
#include <memory>

namespace pier::test {

/// Longer than any answer takes on a slow machine under a sanitizer.
constexpr std::chrono::seconds patience{60};

/// Calls `ask` with a callback and waits for what it hears.
template <class T>
result<T> answer_of(const std::function<void(supervisor::reply<T>)>& ask) {
  auto heard = std::make_shared<std::promise<result<T>>>();
  auto coming = heard->get_future();
  ask([heard](result<T> answer) { heard->set_value(std::move(answer)); });
  if (coming.wait_for(patience) != std::future_status::ready)
    return error{ec::failed, "no answer within the deadline"};
  return coming.get();
}

} // namespace pier::test
