#include "tools/pier/run_line.hpp"

#include "config/publish_grammar.hpp"
#include "tools/pier/command.hpp"

#include <algorithm>

namespace pier::cli {

namespace {

error bad(std::string text) {
  return {ec::bad_request, std::move(text)};
}

std::string absolute(const std::string& path, const std::string& cwd) {
  return path.empty() || path.front() == '/' ? path : cwd + "/" + path;
}

/// Sets K=V, in the place of an older K.
void set_variable(std::vector<std::string>& all, const std::string& line) {
  auto key = line.substr(0, line.find('=') + 1);
  auto same = [&](const std::string& each) { return each.starts_with(key); };
  auto found = std::find_if(all.begin(), all.end(), same);
  if (found == all.end())
    all.push_back(line);
  else
    *found = line;
}

/// -e K=V, or -e K for the caller's own K, and nothing when he has none.
result<void> apply_environment(
  std::vector<std::string>& all, const std::string& word,
  const std::map<std::string, std::string>& caller) {
  auto cut = word.find('=');
  if (word.empty() || cut == 0)
    return bad(
      "invalid environment variable \"" + word
      + "\": write -e NAME=VALUE, or -e NAME to pass your own on");
  if (cut != std::string::npos) {
    set_variable(all, word);
    return {};
  }
  if (auto found = caller.find(word); found != caller.end())
    set_variable(all, word + "=" + found->second);
  return {};
}

/// NAME:IP; the address may have colons and brackets of its own.
result<void> apply_host(run_line& line, const std::string& word) {
  auto cut = word.find(':');
  if (cut == 0 || cut == std::string::npos || cut + 1 == word.size())
    return bad(
      "bad format for --add-host: \"" + word
      + "\": write NAME:IP or NAME:host-gateway");
  auto name = word.substr(0, cut);
  auto address = word.substr(cut + 1);
  if (address == "host-gateway") {
    line.host_gateway.push_back(name);
    return {};
  }
  if (address.front() == '[' && address.back() == ']')
    address = address.substr(1, address.size() - 2);
  auto ip = ip_address::parse(address);
  if (!ip)
    return bad(
      "invalid IP address in --add-host: \"" + address
      + "\": write NAME:IP or NAME:host-gateway");
  line.spec.hosts.emplace_back(name, *ip);
  return {};
}

result<network_mode> parse_network(const std::string& word) {
  for (auto mode :
       {network_mode::bridge, network_mode::host, network_mode::none})
    if (word == to_string(mode))
      return mode;
  return bad("network \"" + word + "\" not found: choose bridge, host or none");
}

bool is_true(std::string_view word) {
  return word == "true" || word == "1";
}

} // namespace

result<bind_mount> parse_mount(std::string_view text, const std::string& cwd) {
  bind_mount made;
  auto complaint = [&](const std::string& what) {
    return bad(
      "invalid --mount \"" + std::string{text} + "\": " + what
      + "; write type=bind,src=PATH,target=PATH[,readonly]");
  };
  std::string type = "bind";
  for (auto left = text; !left.empty();) {
    auto end = std::min(left.find(','), left.size());
    auto field = left.substr(0, end);
    left.remove_prefix(std::min(end + 1, left.size()));
    auto cut = std::min(field.find('='), field.size());
    std::string key{field.substr(0, cut)};
    std::string value{field.substr(std::min(cut + 1, field.size()))};
    if (key == "readonly" || key == "ro") {
      if (
        cut != field.size() && !is_true(value) && value != "false"
        && value != "0")
        return complaint("\"" + value + "\" is neither true nor false");
      made.read_only = cut == field.size() || is_true(value);
    } else if (key == "type")
      type = value;
    else if (key == "src" || key == "source")
      made.source = absolute(value, cwd);
    else if (key == "target" || key == "dst" || key == "destination")
      made.target = value;
    else
      return complaint("unexpected field \"" + std::string{field} + "\"");
  }
  if (type != "bind")
    return complaint("type \"" + type + "\" is not supported, only bind is");
  if (made.source.empty())
    return complaint("src is missing");
  if (made.target.empty())
    return complaint("target is missing");
  if (made.target.front() != '/')
    return complaint("target \"" + made.target + "\" must be absolute");
  return made;
}

std::vector<std::string> base_environment(
  const std::map<std::string, std::string>& caller, bool own_files,
  bool terminal) {
  std::vector<std::string> all;
  auto pass = [&](const std::string& name, const std::string& otherwise) {
    auto found = caller.find(name);
    if (found != caller.end() && !own_files)
      all.push_back(name + "=" + found->second);
    else if (!otherwise.empty())
      all.push_back(name + "=" + otherwise);
  };
  pass("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  pass("HOME", own_files ? "/root" : "");
  pass("USER", "");
  pass("LANG", "");
  for (const auto& [name, value] : caller)
    if (name.starts_with("LC_"))
      pass(name, "");
  pass("TERM", terminal ? "xterm" : "");
  return all;
}

result<run_line>
parse_run(const std::vector<std::string>& words, const run_context& from) {
  run_line line;
  auto& spec = line.spec;
  std::vector<std::string> publish, expose, environment, mounts, hosts;
  std::string network = "bridge";
  auto remove = false;
  options given{"pier run"};
  given.end_at_first_word();
  auto& app = given.app();
  app.add_flag("-d,--detach", line.detach);
  app.add_flag("--rm", remove);
  app.add_flag("-i,--interactive", line.interactive);
  app.add_flag("-t,--tty", spec.terminal);
  app.add_flag("-P,--publish-all", spec.publish_all);
  // Of two, the last one counts.
  auto one = [&](const char* names, std::string& to) {
    app.add_option(names, to)->multi_option_policy(
      CLI::MultiOptionPolicy::TakeLast);
  };
  one("--name", spec.name);
  one("--network,--net", network);
  one("--rootfs", spec.rootfs);
  one("--hostname", spec.hostname);
  one("-w,--workdir", spec.workdir);
  auto many = [&](const char* names, std::vector<std::string>& to) {
    app.add_option(names, to)->allow_extra_args(false);
  };
  many("-p,--publish", publish);
  many("--expose", expose);
  many("-e,--env", environment);
  many("--mount", mounts);
  many("--add-host", hosts);
  if (auto parsed = given.parse(words); !parsed)
    return parsed.error();
  line.help = given.help_wanted();
  if (line.help)
    return line;

  spec.command = given.rest;
  if (spec.command.empty())
    return bad(
      "\"pier run\" needs a command to run, such as: pier run -p 8000:80 "
      "python3 -m http.server 80");
  if (line.detach && spec.terminal)
    return bad("-d and -t cannot go together: nobody would hold the terminal");
  if (line.detach && line.interactive)
    return bad(
      "-d and -i cannot go together: nobody would hold the standard input");
  auto mode = parse_network(network);
  if (!mode)
    return mode.error();
  spec.network = *mode;
  for (const auto& word : publish) {
    auto port = config::parse_publish(word);
    if (!port)
      return port.error();
    spec.publish.push_back(*port);
  }
  for (const auto& word : expose) {
    auto port = config::parse_expose(word);
    if (!port)
      return port.error();
    spec.expose.push_back(*port);
  }
  for (const auto& word : mounts) {
    auto mount = parse_mount(word, from.cwd);
    if (!mount)
      return mount.error();
    spec.mounts.push_back(std::move(*mount));
  }
  for (const auto& word : hosts)
    if (auto applied = apply_host(line, word); !applied)
      return applied.error();
  auto own_files = !spec.rootfs.empty();
  spec.rootfs = absolute(spec.rootfs, from.cwd);
  // With the host's files the command stays where it was called.
  if (spec.workdir.empty() && !own_files)
    spec.workdir = from.cwd;
  spec.environment = base_environment(
    from.environment, own_files, spec.terminal);
  for (const auto& word : environment)
    if (auto applied = apply_environment(
          spec.environment, word, from.environment);
        !applied)
      return applied.error();
  return line;
}

} // namespace pier::cli
