#include "tools/pierd/daemon_line.hpp"

#include "tools/control/settings_file.hpp"
#include "tools/control/settings_history.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace pier::daemon {

const std::string_view help
  = R"(The Pier daemon: containers behind a supervised network

Usage:  pierd [OPTIONS]

Examples:
  pierd
  pierd --runtime-dir /tmp/mine --log-level debug
  pierd --settings lab.toml --subnet 10.9.0.0/16
  systemd-run --user -p Type=notify pierd

Options:
      --runtime-dir DIR   Where the control socket is (default: pier/ in
                          XDG_RUNTIME_DIR, else /run/pier for root and
                          /tmp/pier-UID for others)
      --until-idle        End with the last container
      --settings FILE     What it does (default: iechor/pier.toml in
                          XDG_CONFIG_HOME, else in ~/.config); see "pier
                          settings --help". The options below win over it
      --subnet NET/BITS   The guests' network (default: 192.168.65.0/24)
      --resolv-conf PATH  Where the host's name servers are read from
                          (default: /etc/resolv.conf)
      --keeper PATH       The program pier-keeper (default: beside pierd)
      --log-level LEVEL   trace, debug, info (default), warn, error or off
      --version           Print the version
  -h, --help              Print this

It obeys its settings file as soon as that changes; SIGHUP reads it again. One
that is wrong changes nothing. Where it is wrong at the start, the last one that
was good holds.

It stays in the foreground, says "pierd: ready on PATH" when it can be spoken
to, and tells systemd where that is asked for. SIGTERM or SIGINT stops every
container and ends it; a second one ends it at once.

Exit status: 0, or 125 when it could not start.
)";

namespace {

error bad(const std::string& text) {
  return {ec::bad_request, text + "; see \"pierd --help\""};
}

result<void> read_subnet(const std::string& text, settings& with) {
  auto read = ip_subnet::parse(text);
  if (!read || !read->net.is_v4() || read->bits < 8 || read->bits > 28)
    return bad(
      "invalid --subnet \"" + text
      + "\": write NET/BITS, such as 192.168.65.0/24, with 8 to 28 bits");
  with.network.subnet = *read;
  return {};
}

} // namespace

result<daemon_line>
parse_line(const std::vector<std::string>& words, settings with) {
  daemon_line line;
  line.with = std::move(with);
  line.words = words;
  std::string subnet, level;
  CLI::App app{std::string{}, "pierd"};
  app.set_help_flag();
  app.add_flag("-h,--help", line.help);
  app.add_flag("-v,--version", line.version);
  app.add_flag("--until-idle", line.until_idle);
  app.add_option("--runtime-dir", line.runtime_dir);
  app.add_option("--settings", line.settings_path);
  app.add_option("--subnet", subnet);
  app.add_option("--resolv-conf", line.with.paths.resolv_conf);
  app.add_option("--keeper", line.with.paths.keeper);
  app.add_option("--log-level", level);
  try {
    app.parse(std::vector<std::string>{words.rbegin(), words.rend()});
  } catch (const CLI::ExtrasError&) {
    return bad("unknown argument " + app.remaining().front());
  } catch (const CLI::ParseError& what) {
    return bad(what.what());
  }
  if (!level.empty()) {
    auto known = log_level_of(level);
    if (!known)
      return bad("unknown --log-level \"" + level + "\"");
    line.with.log.level = *known;
  }
  if (!subnet.empty())
    if (auto read = read_subnet(subnet, line.with); !read)
      return read.error();
  return line;
}

namespace {

/// The newest text that was obeyed; empty: there is none.
std::string last_good(const std::string& file) {
  control::settings_history history{control::history_folder(file)};
  auto all = history.all();
  for (auto each = all.rbegin(); each != all.rend(); ++each)
    if (each->good)
      if (auto text = history.text(*each))
        return *text;
  return {};
}

} // namespace

result<daemon_line> read_line(
  const std::vector<std::string>& words, const std::string& name,
  const std::string& text) {
  auto with = control::obey_text(name, text);
  if (!with)
    return with.error();
  auto line = parse_line(words, std::move(*with));
  if (line)
    line->text = text;
  return line;
}

result<daemon_line> read_line(const std::vector<std::string>& words) {
  auto plain = parse_line(words, {});
  if (!plain || plain->help || plain->version)
    return plain;
  auto at = control::look_for_settings(plain->settings_path);
  auto file = control::choose_settings_file(at);
  auto text = control::settings_text(at);
  if (!text)
    return text.error();
  auto line = read_line(words, file, *text);
  if (line)
    return line;
  auto older = last_good(file);
  if (older.empty())
    return line;
  auto instead = read_line(words, file, older);
  if (!instead)
    return line;
  instead->trouble = line.error().text;
  return instead;
}

} // namespace pier::daemon
