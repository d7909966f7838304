#pragma once

/// Asks one who may not be there, or may die over it, how many: of whoever is
/// gone it is none.

#include <caf/actor_cast.hpp>
#include <caf/duration.hpp>
#include <caf/error.hpp>

#include <cstdint>
#include <functional>

namespace pier::actors {

/// `done` hears once, inside this call where nobody is there.
template <class Self, class Handle, class... Words>
void count_from(
  Self* self, const Handle& whom, const std::function<void(uint64_t)>& done,
  const Words&... words) {
  if (!whom)
    return done(0);
  self->request(whom, caf::infinite, words...)
    .then(done, [done](const caf::error&) { done(0); });
}

} // namespace pier::actors
