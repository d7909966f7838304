#include "tools/pier/top/look.hpp"

#include <boost/asio/post.hpp>

#include <iterator>
#include <utility>

namespace pier::cli {

namespace {

/// Shared by the answers that are missing; the last one ends it.
struct gathered {
  sample seen;
  error why;
  bool any = false;
  std::function<void(result<sample>)> done;

  ~gathered() {
    if (any)
      done(std::move(seen));
    else
      done(std::move(why));
  }
};

template <class T>
void ask(
  const std::shared_ptr<gathered>& all, peer& whom, control::verb what,
  std::vector<T> sample::*where) {
  control::request question;
  question.what = what;
  whom.line->ask(
    std::move(question),
    [all, where](const result<control::json::value>& told) {
      std::vector<T> some;
      if (!told)
        all->why = told.error();
      else if (control::read(*told, some)) {
        all->any = true;
        auto& to = all->seen.*where;
        to.insert(
          to.end(), std::make_move_iterator(some.begin()),
          std::make_move_iterator(some.end()));
      }
    });
}

} // namespace

void look(
  boost::asio::io_context& io, const surroundings& here,
  std::function<void(result<sample>)> done) {
  auto peers = find_peers(io, here);
  if (peers.empty()) {
    boost::asio::post(io, [done = std::move(done)] {
      done(error{
        ec::no_such_container,
        "nothing runs here: start something with \"pier run\", or pierd"});
    });
    return;
  }
  // The lines outlive the answers that they bring.
  auto lines = std::make_shared<std::vector<peer>>(std::move(peers));
  auto all = std::make_shared<gathered>();
  all->done = [&io, lines, done = std::move(done)](result<sample> seen) {
    boost::asio::post(io, [lines, done, seen = std::move(seen)]() mutable {
      done(std::move(seen));
    });
  };
  for (auto& each : *lines) {
    ask(all, each, control::verb::list, &sample::containers);
    ask(all, each, control::verb::flows, &sample::flows);
  }
}

} // namespace pier::cli
