#include "tools/pier/forwards.hpp"

#include "tools/pier/peers.hpp"
#include "tools/pier/settings_in_force.hpp"
#include "tools/pier/table.hpp"

namespace pier::cli {

const std::string_view forwards_help = R"(List static forwards

Usage:  pier forwards [OPTIONS]

Examples:
  pier forwards
  pier forwards --json

Options:
      --json     As JSON

They stand in the settings file of pierd, each a [[forward]]: "pier settings
schema" says how. CLIENTS are connections, and UDP conversations, that are there
now.
)";

namespace {

std::string state_text(const forward_info& one) {
  if (!one.refusal.empty())
    return (one.open ? "refuses: " : "closed: ") + one.refusal;
  return one.open ? "open" : "closed";
}

} // namespace

std::string draw_forwards(const std::vector<forward_info>& all) {
  std::vector<std::vector<std::string>> rows{
    {"LISTEN", "TO", "CLIENTS", "STATE"}};
  for (const auto& one : all)
    rows.push_back(
      {to_string(one.listen), to_string(one.what.to),
       std::to_string(one.clients), state_text(one)});
  return draw_table(rows);
}

int forwards(const surroundings& here, const arguments& given) {
  options line{"pier forwards"};
  auto as_json = false;
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, forwards_help, given); over >= 0)
    return over;
  boost::asio::io_context io{1};
  for (auto& each : find_peers(io, here)) {
    if (!each.daemon)
      continue;
    control::request what;
    what.what = control::verb::forwards;
    auto all = control::call_for<std::vector<forward_info>>(*each.line, what);
    if (!all)
      return complain(all.error());
    if (!as_json)
      warn_of_settings(each);
    return print(
             as_json ? control::pretty(control::to_json(*all))
                     : draw_forwards(*all))
      ? 0
      : 1;
  }
  return complain(
    {ec::no_such_port, "no pierd runs here, whose forwards they are"});
}

} // namespace pier::cli
