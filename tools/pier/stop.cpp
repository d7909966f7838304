#include "tools/pier/stop.hpp"

#include "tools/pier/peers.hpp"

namespace pier::cli {

const std::string_view stop_help = R"(Stop containers

Usage:  pier stop NAME...

Examples:
  pier stop web
  pier stop $(pier ps -q)

Each is asked to end (SIGTERM) and ended after ten seconds (SIGKILL). It is
answered when nothing is left of it: its ports can be used again at once.
)";

namespace {

constexpr auto patience = std::chrono::seconds{60};

result<void> stop_one(std::vector<peer>& peers, const std::string& name) {
  auto it = find_container(peers, name);
  if (!it)
    return it.error();
  control::request what;
  what.what = control::verb::stop;
  what.name = name;
  auto done = it->where->line->call(what, patience);
  // A supervisor that has ended took its containers along.
  if (!done && done.error().code != ec::stopped)
    return done.error();
  return {};
}

} // namespace

int stop(const surroundings& here, const arguments& given) {
  options line{"pier stop"};
  arguments names;
  line.app().add_option("NAME", names)->required();
  if (auto over = begin(line, stop_help, given); over >= 0)
    return over;
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  auto status = 0;
  for (const auto& name : names) {
    auto done = stop_one(peers, name);
    if (done)
      print(name + "\n");
    else
      status = complain(done.error());
  }
  return status;
}

} // namespace pier::cli
