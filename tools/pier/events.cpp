#include "tools/pier/events.hpp"

#include "tools/pier/peers.hpp"
#include "tools/pier/table.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/json/serialize.hpp>

#include <csignal>

namespace pier::cli {

const std::string_view events_help = R"(Follow what happens, until Ctrl-C

Usage:  pier events [OPTIONS]

Examples:
  pier events
  pier events --json | grep --line-buffered port_opened

Options:
      --json     One JSON object a line

It follows the supervisors that run now and ends with the last of them.
)";

std::string event_line(const event& news) {
  std::string kind{to_string(news.what)};
  kind.resize(18, ' ');
  auto name = news.container.empty() ? std::string{"-"} : news.container;
  return kind + printable(name) + "   " + printable(news.text) + "\n";
}

int events(const surroundings& here, const arguments& given) {
  options line{"pier events"};
  auto as_json = false;
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, events_help, given); over >= 0)
    return over;
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  auto left = peers.size();
  if (left == 0)
    return complain(
      {ec::no_such_container,
       "nothing runs here: start something with \"pier run\", or pierd"});
  for (auto& each : peers) {
    each.line->on_event = [&io, as_json](const event& news) {
      auto text = as_json
        ? control::json::serialize(control::to_json(news)) + "\n"
        : event_line(news);
      if (!print(text))
        io.stop();
    };
    each.line->on_hang_up = [&io, &left] {
      if (--left == 0)
        io.stop();
    };
    control::request what;
    what.what = control::verb::events;
    each.line->ask(what, [](const auto&) {});
  }
  boost::asio::signal_set ends{io, SIGINT, SIGTERM};
  ends.async_wait([&io](const auto&, int) { io.stop(); });
  io.restart();
  io.run();
  return 0;
}

} // namespace pier::cli
