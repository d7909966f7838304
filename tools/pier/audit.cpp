#include "tools/pier/audit.hpp"

#include "tools/pier/peers.hpp"
#include "tools/pier/table.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace pier::cli {

const std::string_view audit_help
  = R"(Say whose everything is that the kernel has of Pier

Usage:  pier audit [OPTIONS]

Examples:
  pier audit
  pier audit --json | jq '.[].rows[] | select(.fault)'

Options:
      --json   As JSON, every row by itself

Rows are descriptors, listening sockets, processes, network namespaces and
links: of pierd (or of a "pier run" without it), of its keeper and of the shims
of its containers, and in the gateway's network. The owner is an actor of
"pier tree", or the program itself. What has none is a fault, if a second look,
a moment later, finds it as well; then the exit status is 1.

Of keepers and shims the number of their descriptors is seen, not what each is
for; and one that only an event loop has (epoll, timer, event) is taken for the
program's.
)";

namespace {

using row = std::vector<std::string>;

constexpr std::chrono::seconds patience{60};

std::string count_of(size_t number, const std::string& first) {
  return number == 1 ? first
                     : first + ", and " + std::to_string(number - 1) + " more";
}

} // namespace

std::string draw_audit(const std::vector<audit_row>& rows) {
  std::vector<row> faults, good;
  std::map<std::tuple<audit_row::kind, std::string, std::string>, size_t> seen;
  std::vector<std::pair<const audit_row*, size_t>> groups;
  for (const auto& each : rows) {
    if (each.fault) {
      faults.push_back(
        {"FAULT", std::string{to_string(each.what)}, each.where, each.thing,
         each.owner});
      continue;
    }
    auto [at, fresh] = seen.emplace(
      std::tuple{each.what, each.where, each.owner}, groups.size());
    if (fresh)
      groups.emplace_back(&each, 0);
    ++groups[at->second].second;
  }
  for (const auto& [each, number] : groups)
    good.push_back(
      {"ok", std::string{to_string(each->what)}, each->where,
       count_of(number, each->thing), each->owner});
  auto all = std::move(faults);
  auto wrong = all.size();
  all.insert(all.end(), good.begin(), good.end());
  return draw_table(all) + "\n" + std::to_string(rows.size())
    + (rows.size() == 1 ? " thing, " : " things, ")
    + (wrong == 0 ? "each with its owner\n"
                  : std::to_string(wrong) + " without an owner\n");
}

int audit(const surroundings& here, const arguments& given) {
  options line{"pier audit"};
  auto as_json = false;
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, audit_help, given); over >= 0)
    return over;
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  if (peers.empty())
    return complain(
      {ec::no_such_container,
       "nothing runs here: start something with \"pier run\", or pierd"});
  control::json::array told;
  auto status = 0;
  for (auto& each : peers) {
    control::request what;
    what.what = control::verb::audit;
    auto rows = control::call_for<std::vector<audit_row>>(
      *each.line, what, patience);
    if (!rows) {
      status = complain(rows.error());
      continue;
    }
    auto is_fault = [](const audit_row& one) { return one.fault; };
    if (std::any_of(rows->begin(), rows->end(), is_fault))
      status = 1;
    if (as_json)
      told.push_back(control::json::object{
        {"supervisor", each.path}, {"rows", control::to_json(*rows)}});
    else
      print(each.path + "\n" + draw_audit(*rows));
  }
  if (as_json)
    print(control::pretty(told));
  return status;
}

} // namespace pier::cli
