#include "tools/pier/log.hpp"

#include "tools/pier/by_hand.hpp"
#include "tools/pier/peers.hpp"
#include "tools/pier/table.hpp"

namespace pier::cli {

const std::string_view log_help = R"(Say how much is written to pierd's log

Usage:  pier log [OPTIONS] [LEVEL [PATH|PORT]]

Examples:
  pier log
  pier log debug web
  pier log warn "containers/web/port 8000:80" --reason "it chatters"
  pier log default web

Options:
      --reason TEXT   Why; it stands in "pier events"
      --json          As JSON

LEVEL is trace, debug, info, warn, error or off, and "default" takes back what
was said. It holds at once for the actor at PATH, one of "pier tree", the name
of a container or a port of this machine, and for all that stand below it, or
will; without PATH for the whole tree. It ends with pierd: what is to last
stands in [log] of the settings. Without LEVEL it prints what holds.
)";

namespace {

int show(const surroundings& here, bool as_json) {
  boost::asio::io_context io{1};
  for (auto& each : find_peers(io, here)) {
    if (!each.daemon)
      continue;
    control::request what;
    what.what = control::verb::log;
    auto all = control::call_for<std::vector<log_rule>>(*each.line, what);
    if (!all)
      return complain(all.error());
    return print(
             as_json ? control::pretty(control::to_json(*all))
                     : draw_log_rules(*all))
      ? 0
      : 1;
  }
  return complain(
    {ec::no_such_port, "no pierd runs here, whose log it would be"});
}

} // namespace

std::string draw_log_rules(const std::vector<log_rule>& all) {
  std::vector<std::vector<std::string>> rows{{"LEVEL", "PATH"}};
  for (const auto& each : all)
    rows.push_back({std::string{to_string(each.level)}, each.path});
  return draw_table(rows);
}

int log(const surroundings& here, const arguments& given) {
  options line{"pier log"};
  std::string level;
  act what;
  what.what = act::kind::log;
  what.path = "root";
  auto as_json = false;
  line.app().add_option("LEVEL", level);
  line.app().add_option("PATH", what.path);
  line.app().add_option("--reason", what.reason);
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, log_help, given); over >= 0)
    return over;
  if (level.empty())
    return show(here, as_json);
  what.level = log_level_of(level);
  if (!what.level && level != "default")
    return complain(
      {ec::bad_request,
       "\"" + level
         + "\" is no level of the log: there are trace, debug, info, warn, "
           "error and off, and \"default\" takes one back"});
  return carry_out(here, what, as_json);
}

} // namespace pier::cli
