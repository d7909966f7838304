#pragma once

/// One answer that many make together: each of those who are asked adds to it,
/// and the last one who is heard gives it. Who dies over the question adds
/// nothing; when the asker dies, the answer says so (see pledge).

#include "actors/runtime/pledge.hpp"

#include <caf/actor_cast.hpp>
#include <caf/duration.hpp>

#include <memory>
#include <utility>

namespace pier::actors {

template <class T>
class gathering {
public:
  /// Who asked, and what there is to begin with.
  explicit gathering(caf::typed_response_promise<T> owed, T sum = {})
    : promise_(owed),
      all_(std::make_shared<parts>(std::move(owed), std::move(sum))) {}

  /// `add(T&, Answer)` takes one answer in.
  template <class Answer, class Self, class Handle, class Add, class... Words>
  void ask(Self* self, const Handle& whom, Add add, const Words&... words) {
    ++all_->missing;
    self->request(whom, caf::infinite, words...)
      .then(
        [all = all_, add](const Answer& one) {
          add(all->sum, one);
          all->hear();
        },
        [all = all_](const caf::error&) { all->hear(); });
  }

  /// A part that comes some other way than as an answer: what this returns is
  /// called with it, once.
  auto expect() {
    ++all_->missing;
    return [all = all_](auto add) {
      add(all->sum);
      all->hear();
    };
  }

  /// Once, when all have been asked: what the asker itself answers with.
  caf::typed_response_promise<T> answer() {
    all_->hear();
    return promise_;
  }

private:
  struct parts {
    parts(caf::typed_response_promise<T> promise, T begun)
      : owed(std::move(promise)), sum(std::move(begun)) {}

    void hear() {
      if (--missing == 0)
        owed.deliver(std::move(sum));
    }

    pledge<T> owed;
    T sum;
    /// One more than are asked: where nobody is, there is an answer, too.
    size_t missing = 1;
  };

  caf::typed_response_promise<T> promise_;
  std::shared_ptr<parts> all_;
};

} // namespace pier::actors
