#include "actors/runtime/reporter.hpp"

namespace pier::actors {

reporter reporter::below(std::string id) const {
  reporter out;
  out.log_ = log_;
  out.path_ = path_.empty() ? id : path_ + "/" + id;
  if (heard_)
    out.heard_ = [heard = heard_, id = std::move(id)](event what) {
      what.path = what.path.empty() ? id : id + "/" + what.path;
      heard(what);
    };
  return out;
}

} // namespace pier::actors
