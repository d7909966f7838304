#include "tools/pier/settings_in_force.hpp"

#include "tools/control/fields.hpp"
#include "tools/pier/settings_command.hpp"
#include "tools/pier/table.hpp"

#include <ctime>
#include <functional>

namespace pier::cli {

namespace {

namespace json = control::json;

/// Rules may have thousands of flows to judge.
constexpr std::chrono::seconds patience{60};

error no_daemon() {
  return {
    ec::no_such_port, "no pierd runs here: its file is read when it starts"};
}

result<json::value> ask(const surroundings& here, control::request what) {
  boost::asio::io_context io{1};
  for (auto& each : find_peers(io, here))
    if (each.daemon)
      return each.line->call(std::move(what), patience);
  return no_daemon();
}

result<json::value> ask(const surroundings& here, control::verb verb) {
  control::request what;
  what.what = verb;
  return ask(here, what);
}

std::string text_of(const json::value& of) {
  return of.is_string() ? std::string{of.as_string()} : "nothing";
}

uint64_t number_of(const json::value& of) {
  uint64_t out = 0;
  return control::read(of, out) ? out : 0;
}

/// A line for each change, and one for what it costs.
std::string draw(const json::value& told, std::string_view cost) {
  std::string out;
  const auto& all = told.at("changes").as_array();
  for (const auto& each : all)
    out += text_of(each.at("key")) + ": " + text_of(each.at("was")) + " -> "
      + text_of(each.at("is")) + "\n";
  if (all.empty())
    return "nothing changes\n";
  auto ended = number_of(told.at("ended"));
  if (ended > 0)
    out += std::to_string(ended)
      + (ended == 1 ? " connection " : " connections ") + std::string{cost}
      + "\n";
  return out;
}

int show(
  const result<json::value>& told, bool as_json,
  const std::function<std::string(const json::value&)>& words) {
  if (!told)
    return complain(told.error());
  return print(as_json ? control::pretty(*told) : words(*told)) ? 0 : 1;
}

std::string draw_change(const json::value& told) {
  return draw(told, "ended");
}

std::string draw_status(const json::value& told) {
  auto file = text_of(told.at("file"));
  auto trouble = text_of(told.at("trouble"));
  if (file.empty())
    return "no settings file: the defaults hold\n";
  if (trouble.empty())
    return file + ": obeyed\n";
  return file + ": NOT obeyed, the settings before it hold: " + trouble
    + (trouble.ends_with('\n') ? "" : "\n");
}

std::string draw_past(const json::value& told) {
  std::vector<std::vector<std::string>> rows{{"NUMBER", "WHEN", "WAS"}};
  for (const auto& each : told.at("history").as_array()) {
    auto when = static_cast<std::time_t>(number_of(each.at("when")));
    std::tm at{};
    char text[32]{};
    std::strftime(
      text, sizeof(text), "%Y-%m-%d %H:%M:%S", ::localtime_r(&when, &at));
    rows.push_back(
      {std::to_string(number_of(each.at("number"))), text,
       each.at("good").as_bool() ? "obeyed" : "replaced by a rollback"});
  }
  return draw_table(rows);
}

/// A command that is a question without more to say.
int ask_and_show(
  const surroundings& here, const arguments& given, const char* command,
  control::verb verb, std::string (*words)(const json::value&)) {
  options line{command};
  auto as_json = false;
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, settings_help, given); over >= 0)
    return over;
  return show(ask(here, verb), as_json, words);
}

} // namespace

int reload_settings(const surroundings& here, const arguments& given) {
  return ask_and_show(
    here, given, "pier settings reload", control::verb::reload, draw_change);
}

int settings_status(const surroundings& here, const arguments& given) {
  return ask_and_show(
    here, given, "pier settings status", control::verb::settings, draw_status);
}

int settings_past(const surroundings& here, const arguments& given) {
  return ask_and_show(
    here, given, "pier settings history", control::verb::settings, draw_past);
}

int roll_settings_back(const surroundings& here, const arguments& given) {
  options line{"pier settings rollback"};
  auto as_json = false;
  control::request what;
  what.what = control::verb::rollback;
  line.app().add_option("number", what.number)->check(CLI::PositiveNumber);
  line.app().add_flag("--json", as_json);
  if (auto over = begin(line, settings_help, given); over >= 0)
    return over;
  return show(ask(here, what), as_json, draw_change);
}

int weigh_settings(
  const surroundings& here, const std::string& text, bool as_json) {
  control::request what;
  what.what = control::verb::weigh;
  what.name = text;
  auto told = ask(here, what);
  if (!told && told.error() == no_daemon())
    return -1;
  return show(told, as_json, [](const json::value& would) {
    return draw(would, "would end");
  });
}

void warn_of_settings(peer& daemon) {
  control::request what;
  what.what = control::verb::settings;
  auto told = daemon.line->call(what);
  if (told && !text_of(told->at("trouble")).empty())
    warn(
      text_of(told->at("file"))
      + " is not obeyed, the settings before it hold: see \"pier settings "
        "status\"");
}

} // namespace pier::cli
