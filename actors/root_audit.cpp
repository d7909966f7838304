#include "actors/root_audit.hpp"

#include "actors/audit.hpp"

#include <caf/all.hpp>

namespace pier::actors {

caf::result<std::vector<audit_row>>
begin_audit(root_pointer self, const audit_marks& own) {
  auto& state = self->state;
  auto child = self->spawn(
    audit, audit_args{state.args.network, root_actor{self}, own});
  state.children->adopt(
    "audit-" + std::to_string(++state.audits),
    caf::actor_cast<caf::actor>(child));
  return self->delegate(child, atom::audit::value);
}

} // namespace pier::actors
