#include "messages/act.hpp"

namespace pier {

std::string_view to_string(act::kind what) noexcept {
  switch (what) {
    case act::kind::kill:
      return "kill";
    case act::kind::restart:
      return "restart";
    case act::kind::drain:
      return "drain";
    case act::kind::pause:
      return "pause";
    case act::kind::log:
      return "log";
    default:
      return "resume";
  }
}

} // namespace pier
