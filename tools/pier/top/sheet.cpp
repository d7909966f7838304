#include "tools/pier/top/sheet.hpp"

#include "tools/pier/flows.hpp"
#include "tools/pier/ps.hpp"
#include "tools/pier/table.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

namespace pier::cli {

namespace {

using row = std::vector<cell>;

cell number(uint64_t what) {
  return {std::to_string(what), static_cast<double>(what)};
}

cell size(uint64_t bytes) {
  return {human_size(bytes), static_cast<double>(bytes)};
}

cell rate(double bytes) {
  return {human_rate(bytes), bytes};
}

cell graph(const course& of) {
  return {draw_graph(of), of.now.sum()};
}

sheet make_containers(const ledger& from, int64_t now) {
  sheet made{
    {{"NAME"},
     {"FLOWS", true},
     {"OUT", true},
     {"IN", true},
     {"LATELY", true, true},
     {"STATUS"},
     {"ADDRESS"},
     {"SENT", true},
     {"RECEIVED", true}},
    {}};
  for (const auto& each : from.seen().containers) {
    const auto& how = from.of_container(each.name);
    made.rows.push_back(
      {{each.name},
       number(how.flows),
       rate(how.now.sent),
       rate(how.now.received),
       graph(how),
       {status_text(each, now)},
       {address_text(each)},
       size(how.bytes.sent),
       size(how.bytes.received)});
  }
  return made;
}

sheet make_ports(const ledger& from) {
  sheet made{
    {{"CONTAINER"},
     {"HOST"},
     {"PORT"},
     {"STATE"},
     {"CLIENTS", true},
     {"OUT", true},
     {"IN", true},
     {"LATELY", true, true}},
    {}};
  for (const auto& each : from.seen().containers)
    for (const auto& port : each.ports) {
      const auto& how = from.of_port(each.name, port.proto, port.container);
      made.rows.push_back(
        {{each.name},
         {to_string(port.host)},
         {std::to_string(port.container) + "/"
          + std::string{to_string(port.proto)}},
         {port.open ? "open" : "closed"},
         number(how.flows),
         rate(how.now.sent),
         rate(how.now.received),
         graph(how)});
    }
  return made;
}

sheet make_flows(const ledger& from) {
  sheet made{
    {{"CONTAINER"},
     {"PROTO"},
     {"FROM"},
     {"TO"},
     {"OUT", true},
     {"IN", true},
     {"LATELY", true, true},
     {"AGE", true},
     {"STATE"},
     {"SENT", true},
     {"RECEIVED", true},
     {"NAME"}},
    {}};
  for (const auto& each : from.seen().flows) {
    const auto& how = from.of_flow(each);
    auto ends = ends_of(each);
    auto seconds = static_cast<int64_t>(each.milliseconds / 1000);
    made.rows.push_back(
      {{each.container},
       {std::string{to_string(each.what.proto)}},
       {ends.from},
       {ends.to},
       rate(how.now.sent),
       rate(how.now.received),
       graph(how),
       {human_duration(seconds), static_cast<double>(each.milliseconds)},
       {each.state},
       size(each.bytes.sent),
       size(each.bytes.received),
       {each.names.empty() ? std::string{} : each.names.front()}});
  }
  return made;
}

bool holds(std::string_view text, std::string_view part) {
  auto same = [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same)
    != text.end();
}

} // namespace

std::string_view to_string(subject what) noexcept {
  constexpr std::string_view names[] = {"containers", "ports", "flows"};
  return names[static_cast<size_t>(what)];
}

sheet make_sheet(subject about, const ledger& from, int64_t now) {
  switch (about) {
    case subject::containers:
      return make_containers(from, now);
    case subject::ports:
      return make_ports(from);
    default:
      return make_flows(from);
  }
}

void keep(sheet& rows, std::string_view text) {
  std::erase_if(rows.rows, [&](const row& one) {
    return std::none_of(one.begin(), one.end(), [&](const cell& each) {
      return holds(each.text, text);
    });
  });
}

void sort_by(sheet& rows, size_t which, bool backward) {
  auto by_number = rows.columns.at(which).number;
  std::stable_sort(
    rows.rows.begin(), rows.rows.end(), [&](const row& a, const row& b) {
      const auto& first = backward ? b[which] : a[which];
      const auto& second = backward ? a[which] : b[which];
      return by_number ? first.weight > second.weight
                       : first.text < second.text;
    });
}

std::string draw_sheet(const sheet& all) {
  std::vector<std::vector<std::string>> rows(1);
  for (const auto& each : all.columns)
    rows.front().push_back(each.title);
  for (const auto& row : all.rows) {
    auto& made = rows.emplace_back();
    for (const auto& each : row)
      made.push_back(each.text);
  }
  return draw_table(rows);
}

control::json::value to_json(const sheet& all) {
  control::json::array rows;
  for (const auto& row : all.rows) {
    control::json::object made;
    for (size_t i = 0; i < row.size(); ++i) {
      const auto& of = all.columns[i];
      auto title = of.title;
      for (auto& letter : title)
        letter = static_cast<char>(std::tolower(letter));
      if (of.number && !of.graph)
        made[title] = static_cast<uint64_t>(std::max(row[i].weight, 0.0));
      else if (!of.graph)
        made[title] = row[i].text;
    }
    rows.push_back(std::move(made));
  }
  return rows;
}

std::string draw_graph(const course& of) {
  constexpr std::string_view bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr auto shown = size_t{12};
  auto begin = of.lately.end() - shown;
  auto highest = *std::max_element(begin, of.lately.end());
  if (highest <= 0)
    return {};
  std::string drawn;
  for (auto it = begin; it != of.lately.end(); ++it)
    drawn += *it <= 0
      ? std::string_view{" "}
      : bars[static_cast<size_t>(std::min(7.0, std::floor(*it / highest * 8)))];
  return drawn;
}

std::string human_rate(double bytes) {
  return bytes < 1 ? std::string{}
                   : human_size(static_cast<uint64_t>(bytes)) + "/s";
}

} // namespace pier::cli
