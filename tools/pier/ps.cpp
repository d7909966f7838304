#include "tools/pier/ps.hpp"

#include "tools/pier/peers.hpp"
#include "tools/pier/ports_text.hpp"
#include "tools/pier/settings_in_force.hpp"
#include "tools/pier/table.hpp"

#include <algorithm>
#include <ctime>

namespace pier::cli {

const std::string_view ps_help = R"~(List containers

Usage:  pier ps [OPTIONS]

Examples:
  pier ps
  pier ps -a --json

Options:
  -a, --all      Also those that have ended
  -q, --quiet    Names only
      --json     As JSON

A port is "(closed)" while nothing in the container listens on it; clients are
refused then, as they would be without a container.
)~";

namespace {

constexpr size_t command_width = 30;

std::string command_text(const container_info& info) {
  if (!info.netns.empty())
    return "(attached " + info.netns + ")";
  std::string text;
  for (const auto& word : info.command)
    text += (text.empty() ? "" : " ") + word;
  return "\"" + shorten(text, command_width) + "\"";
}

} // namespace

std::string status_text(const container_info& info, int64_t now) {
  auto age = human_duration(std::max<int64_t>(now - info.started, 0));
  switch (info.state) {
    case container_state::running:
      return info.failure.empty() ? "Up " + age : "Up " + age + " (no network)";
    case container_state::exited:
      return "Exited (" + std::to_string(info.exit_status) + ")";
    case container_state::stopping:
      return "Stopping";
    default:
      return "Starting";
  }
}

std::string address_text(const container_info& info) {
  if (info.address.number != 0)
    return to_string(info.address.addresses().front());
  return info.network == network_mode::bridge
    ? "-"
    : std::string{to_string(info.network)};
}

std::string
draw_containers(const std::vector<container_info>& all, int64_t now) {
  std::vector<std::vector<std::string>> rows{
    {"NAME", "COMMAND", "STATUS", "ADDRESS", "PORTS"}};
  for (const auto& info : all)
    rows.push_back(
      {info.name, command_text(info), status_text(info, now),
       address_text(info), port_column(info.ports)});
  return draw_table(rows);
}

int ps(const surroundings& here, const arguments& given) {
  options line{"pier ps"};
  auto everything = false, quiet = false, as_json = false;
  line.app().add_flag("-a,--all", everything);
  line.app().add_flag("-q,--quiet", quiet);
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, ps_help, given); over >= 0)
    return over;

  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  std::vector<container_info> all;
  auto status = 0;
  for (auto& each : peers) {
    control::request what;
    what.what = control::verb::list;
    auto some = control::call_for<std::vector<container_info>>(
      *each.line, what);
    if (each.daemon && !quiet && !as_json)
      warn_of_settings(each);
    if (some)
      all.insert(all.end(), some->begin(), some->end());
    else
      status = complain(
        {some.error().code, each.path + ": " + some.error().text});
  }
  if (!everything)
    std::erase_if(all, [](const container_info& info) {
      return info.state == container_state::exited;
    });
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.started > b.started;
  });
  if (as_json)
    print(control::pretty(control::to_json(all)));
  else if (quiet)
    for (const auto& info : all)
      print(info.name + "\n");
  else
    print(draw_containers(all, std::time(nullptr)));
  return status;
}

} // namespace pier::cli
