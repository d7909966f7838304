#include "tools/control/connection.hpp"

#include <boost/asio/post.hpp>

namespace pier::control {

/// The two descriptors leave with the answer; until then they are ours.
void connection::capture(const request& what) {
  house_->behind.capture(
    what.name, name_,
    [me = shared_from_this(),
     id = what.id](result<supervisor::capture_ends> begun) {
      std::vector<net::fd> ends;
      if (begun) {
        ends.emplace_back(begun->packets);
        ends.emplace_back(begun->line);
      }
      auto said = begun ? result<json::value>{to_json(begun->what)}
                        : begun.error();
      boost::asio::post(
        me->house_->io,
        [me, id, said = std::move(said), ends = std::move(ends)]() mutable {
          me->answer(id, said, std::move(ends));
        });
    });
}

} // namespace pier::control
