#include "messages/audit.hpp"

namespace pier {

std::string_view to_string(audit_row::kind what) noexcept {
  switch (what) {
    case audit_row::kind::descriptor:
      return "descriptor";
    case audit_row::kind::listener:
      return "listener";
    case audit_row::kind::process:
      return "process";
    case audit_row::kind::name_space:
      return "namespace";
    default:
      return "link";
  }
}

} // namespace pier
