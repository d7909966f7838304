#include "tools/pier/events.hpp"

#include "config/grammar.hpp"
#include "tools/pier/peers.hpp"
#include "tools/pier/table.hpp"

#include <boost/asio/signal_set.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <csignal>
#include <ctime>

namespace pier::cli {

const std::string_view events_help
  = R"(Show what has happened, and follow what happens

Usage:  pier events [OPTIONS] [PATH]

Examples:
  pier events
  pier events web --since 10m
  pier events --follow --json | grep --line-buffered port_opened
  pier events --follow --since 0s containers/web/sessions

Options:
  -f, --follow           Then what comes, until Ctrl-C or the last supervisor's
                         end
      --since DURATION   Of what has happened, only what is not older: 30s, 10m,
                         2h
      --json             One JSON object a line

Each supervisor keeps its last 4096. PATH is one of "pier tree", with all that
stands below it, or the name of a container. Who reads too slowly is told how
many have been missed.
)";

namespace {

constexpr std::chrono::milliseconds longest_since = std::chrono::hours{
  24 * 365};

/// The moment from which on news is wanted.
result<int64_t> begin_of(const std::string& since) {
  config::complaints all;
  auto age = config::duration(std::chrono::milliseconds{0}, longest_since)
               .read({{}, since}, all);
  if (!age)
    return error{
      ec::bad_request,
      "--since " + since + " is no duration: write 30s, 10m or 2h"};
  return std::time(nullptr) * int64_t{1000} - age->count();
}

/// "2026-11-26 09:12:29", here.
std::string time_of(int64_t milliseconds) {
  auto seconds = static_cast<std::time_t>(milliseconds / 1000);
  std::tm parts{};
  ::localtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  auto size = std::strftime(
    text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
  return {text.data(), size};
}

} // namespace

std::string event_line(const event& news) {
  std::string kind{to_string(news.what)};
  kind.resize(18, ' ');
  auto name = news.container.empty() ? std::string{"-"} : news.container;
  auto when = news.at == 0 ? std::string{} : time_of(news.at) + "   ";
  return when + kind + printable(name) + "   " + printable(news.text) + "\n";
}

int events(const surroundings& here, const arguments& given) {
  options line{"pier events"};
  auto as_json = false;
  std::string since;
  control::news_wish wish;
  wish.kept = true;
  wish.follow = false;
  line.app().add_option("PATH", wish.path);
  line.app().add_flag("-f,--follow", wish.follow);
  line.app().add_option("--since", since);
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, events_help, given); over >= 0)
    return over;
  // The tree draws the root, and paths begin below it.
  if (wish.path.starts_with("root/"))
    wish.path.erase(0, 5);
  if (!since.empty()) {
    auto from = begin_of(since);
    if (!from)
      return complain(from.error());
    wish.since = *from;
  }
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
    auto over = [&io, &left] {
      if (--left == 0)
        io.stop();
    };
    each.line->on_hang_up = over;
    control::request what;
    what.what = control::verb::events;
    what.news = wish;
    each.line->ask(what, [over, &each, follow = wish.follow](const auto& said) {
      if (!said || follow)
        return;
      each.line->on_hang_up = nullptr;
      over();
    });
  }
  boost::asio::signal_set ends{io, SIGINT, SIGTERM};
  ends.async_wait([&io](const auto&, int) { io.stop(); });
  io.restart();
  io.run();
  return 0;
}

} // namespace pier::cli
