#include "actors/tree_path.hpp"
#include "tools/libpier/parts.hpp"

namespace pier {

/// Who is there is found as for any other act; what was said holds for those
/// that come later at the path, too.
void supervisor::parts::obey_log(const act& what, const reply<uint64_t>& done) {
  auto* book = control.log();
  if (book == nullptr)
    return done(error{
      ec::not_supported,
      "nobody reads a log here: pierd writes one, and \"pier run\" without it "
      "does not"});
  auto take = [book, done](const act& which) {
    auto path = which.path == root_path ? std::string{} : which.path;
    auto kept = book->obey(path, which.level);
    return kept ? done(uint64_t{0}) : done(kept.error());
  };
  // What is taken back may be of somebody who has gone.
  if (what.path == root_path || !what.level)
    return take(what);
  auto found = [take, what, done](const result<caf::actor>& who) {
    return who ? take(what) : done(who.error());
  };
  ask_now<caf::actor>(found, atom::find::value, what.path);
}

void supervisor::log_rules(reply<std::vector<log_rule>> done) {
  parts_->control.post([parts = parts_.get(), done] {
    const auto* book = parts->control.log();
    done(book == nullptr ? std::vector<log_rule>{} : book->rules());
  });
}

} // namespace pier
