#include "actors/tree_path.hpp"
#include "tools/libpier/parts.hpp"

namespace pier {

namespace {

event::kind kind_of(act::kind what) {
  switch (what) {
    case act::kind::kill:
      return event::kind::killed;
    case act::kind::restart:
      return event::kind::restarted;
    case act::kind::drain:
      return event::kind::drained;
    case act::kind::pause:
      return event::kind::paused;
    case act::kind::log:
      return event::kind::log_changed;
    default:
      return event::kind::resumed;
  }
}

event news_of(const act& what, uint64_t left) {
  auto text = what.reason;
  if (what.what == act::kind::drain)
    text += left == 0 ? ": no flow is left"
                      : ": " + std::to_string(left) + " are left";
  if (what.what == act::kind::log)
    text = (what.level ? std::string{to_string(*what.level)} : "default") + ", "
      + text;
  event out{kind_of(what.what), {}, std::move(text), what.path};
  out.container = actors::container_on(what.path);
  return out;
}

} // namespace

void supervisor::parts::obey(const act& said, const reply<uint64_t>& done) {
  if (!control.root())
    return done(has_no_root());
  auto what = said;
  if (what.reason.empty())
    what.reason = "by hand";
  what.path = actors::tree_path(control.network(), said.path);
  auto answer = [this, what, done](result<uint64_t> left) {
    if (left)
      control.tell(news_of(what, *left));
    done(std::move(left));
  };
  if (what.what == act::kind::log)
    return obey_log(what, answer);
  if (what.path == root_path)
    return obey_at_root(what, answer);
  ask_now<uint64_t>(answer, atom::obey::value, what, what.path);
}

void supervisor::parts::obey_at_root(
  const act& what, const reply<uint64_t>& done) {
  if (what.what != act::kind::kill && what.what != act::kind::restart)
    return done(error{
      ec::bad_request,
      "the root takes no flows in: name a container, a port or a forward; see "
      "pier tree"});
  control.strike_root(what.what == act::kind::restart);
  done(uint64_t{0});
}

} // namespace pier
