#include "tools/pier/settings_command.hpp"

#include "config/conceal.hpp"
#include "config/difference.hpp"
#include "config/load.hpp"
#include "config/print.hpp"
#include "net/overlap.hpp"
#include "tools/control/json.hpp"
#include "tools/control/settings_file.hpp"
#include "tools/pier/settings_in_force.hpp"

#include <boost/json/array.hpp>

#include <cstdio>

namespace pier::cli {

const std::string_view settings_help
  = R"(Check, show, compare and reload settings

Usage:  pier settings check [FILE]
        pier settings show [--defaults] [--changed] [FILE]
        pier settings schema
        pier settings diff [--json] FILE [FILE]
        pier settings reload | status | history [--json]
        pier settings rollback [--json] [NUMBER]

Examples:
  pier settings schema >~/.config/iechor/pier.toml   begin with everything shown
  pier settings check                                every mistake, where it is
  pier settings diff lab.toml                        what lab.toml would change

FILE is "-" for stdin. Left out, it is the user's own: PIER_SETTINGS, else
iechor/pier.toml in XDG_CONFIG_HOME, else in ~/.config; where there is none,
the defaults hold.

  check    Says whether the file can be obeyed. Exit status: 1 when it cannot
  show     Prints what holds: all of it, with --defaults what held without any
           file, with --changed what is not as by default
  schema   Prints a file of comments: each key, its meaning and its default
  diff     Prints what differs from the first file in the second; with one
           file, what a running pierd would change to obey it, and how many
           connections that would end; without pierd, from the user's own in it

A running pierd obeys its file as soon as it changes, or not at all:

  reload    Reads it now; prints what changed. Exit status: 1 when it cannot
            be obeyed, and the settings before it stay in force
  status    Says whether the file is obeyed, and what is wrong with it
  history   Prints when which settings were obeyed, the newest last
  rollback  Puts the settings of that number back into the file and obeys
            them; without a number, those before the present ones
)";

namespace {

/// The text and its name for complaints.
struct source {
  std::string name;
  std::string text;
};

result<std::string> read_stdin() {
  constexpr size_t enough = size_t{1} << 21;
  std::string text;
  char chunk[4096];
  while (auto count = std::fread(chunk, 1, sizeof(chunk), stdin)) {
    text.append(chunk, count);
    if (text.size() > enough)
      break;
  }
  return text;
}

/// `file`: empty for the user's own.
result<source> find_source(const std::string& file) {
  if (file == "-") {
    auto text = read_stdin();
    return source{"-", std::move(*text)};
  }
  auto place = control::look_for_settings(file);
  auto path = control::choose_settings_file(place);
  auto text = control::settings_text(place);
  if (!text)
    return text.error();
  return source{path.empty() ? "-" : path, std::move(*text)};
}

/// Complaints stand on lines of their own, so that whatever reads those of a
/// compiler reads them, too.
result<settings> read(const source& from) {
  auto read = config::read_settings(from.text);
  if (read.wrong.empty())
    return std::move(read.value);
  return error{ec::bad_request, config::draw(read.wrong, from.name, from.text)};
}

result<settings> read(const std::string& file) {
  auto from = find_source(file);
  return from ? read(*from) : result<settings>{from.error()};
}

int refuse(const error& why) {
  if (!why.text.ends_with('\n'))
    return complain(why);
  std::fwrite(why.text.data(), 1, why.text.size(), stderr);
  return 1;
}

int check(const surroundings&, const arguments& given) {
  options line{"pier settings check"};
  std::string file;
  line.app().add_option("file", file);
  if (auto over = begin(line, settings_help, given); over >= 0)
    return over;
  auto with = read(file);
  if (!with)
    return refuse(with.error());
  // It is no mistake of the file, and may not be so elsewhere or tomorrow.
  if (auto fits = net::fit_among(net::host_routes(), with->network, nullptr);
      !fits)
    warn(fits.error().text);
  auto count = config::diff({}, *with).size();
  return print(
           "good: " + std::to_string(count) + (count == 1 ? " key" : " keys")
           + " not as by default\n")
    ? 0
    : 1;
}

int show(const surroundings&, const arguments& given) {
  options line{"pier settings show"};
  std::string file;
  auto defaults = false;
  auto changed = false;
  line.app().add_option("file", file);
  line.app().add_flag("--defaults", defaults);
  line.app().add_flag("--changed", changed);
  if (auto over = begin(line, settings_help, given); over >= 0)
    return over;
  if (defaults && !file.empty())
    return complain(
      {ec::bad_request,
       "--defaults are those of no file; see \"pier settings "
       "--help\""});
  auto with = defaults ? result<settings>{settings{}} : read(file);
  if (!with)
    return refuse(with.error());
  auto which = changed ? config::printed::changed : config::printed::all;
  return print(config::conceal(config::print(*with, which))) ? 0 : 1;
}

int schema(const surroundings&, const arguments& given) {
  options line{"pier settings schema"};
  if (auto over = begin(line, settings_help, given); over >= 0)
    return over;
  return print(config::settings_template()) ? 0 : 1;
}

std::string draw(const std::vector<config::change>& changes) {
  std::string out;
  for (const auto& each : changes)
    out += config::full_path(each) + ": " + each.was.value_or("nothing")
      + " -> " + each.is.value_or("nothing") + "\n";
  return out;
}

std::string as_json(const std::vector<config::change>& changes) {
  control::json::array out;
  auto text = [](const std::optional<std::string>& of) {
    return of ? control::json::value(*of) : control::json::value(nullptr);
  };
  for (const auto& each : changes)
    out.push_back(control::json::object{
      {"key", config::full_path(each)},
      {"was", text(each.was)},
      {"is", text(each.is)}});
  return control::pretty(out);
}

int diff(const surroundings& here, const arguments& given) {
  options line{"pier settings diff"};
  std::vector<std::string> files;
  auto json = false;
  line.app().add_option("file", files)->expected(1, 2)->required();
  line.app().add_flag("--json", json);
  if (auto over = begin(line, settings_help, given); over >= 0)
    return over;
  auto from = find_source(files.back());
  auto is = from ? read(*from) : result<settings>{from.error()};
  if (!is)
    return refuse(is.error());
  if (files.size() == 1)
    if (auto over = weigh_settings(here, from->text, json); over >= 0)
      return over;
  auto was = read(files.size() == 2 ? files[0] : "");
  if (!was)
    return refuse(was.error());
  auto changes = config::diff(*was, *is);
  return print(config::conceal(json ? as_json(changes) : draw(changes))) ? 0
                                                                        : 1;
}

struct verb {
  std::string_view word;
  int (*run)(const surroundings& here, const arguments& given);
};

constexpr verb verbs[]{
  {"check", check},
  {"show", show},
  {"schema", schema},
  {"diff", diff},
  {"reload", reload_settings},
  {"status", settings_status},
  {"history", settings_past},
  {"rollback", roll_settings_back}};

} // namespace

int settings_command(const surroundings& here, const arguments& given) {
  if (!given.empty() && (given[0] == "-h" || given[0] == "--help"))
    return print(settings_help) ? 0 : 1;
  for (const auto& each : verbs)
    if (!given.empty() && given[0] == each.word)
      return each.run(here, {given.begin() + 1, given.end()});
  return complain(
    {ec::bad_request,
     (given.empty() ? "what about the settings?"
                    : "\"" + given[0] + "\" cannot be done to settings;")
       + std::string{" see \"pier settings --help\""}});
}

} // namespace pier::cli
