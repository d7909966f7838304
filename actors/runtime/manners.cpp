#include "actors/runtime/manners.hpp"

#include <caf/all.hpp>

namespace pier::actors {

void install_manners(caf::scheduled_actor* self) {
  self->set_default_handler(caf::drop);
  self->set_exception_handler([](std::exception_ptr& thrown) -> caf::error {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& what) {
      return caf::make_error(caf::sec::runtime_error, std::string{what.what()});
    } catch (...) {
      return caf::make_error(
        caf::sec::runtime_error, std::string{"an exception of no known type"});
    }
  });
}

} // namespace pier::actors
