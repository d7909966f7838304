#include "net/sandbox/plan.hpp"

#include <boost/json.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace pier::net::box {

namespace json = boost::json;

namespace {

constexpr size_t max_mounts = 1024;
/// PATH_MAX of Linux, with its NUL.
constexpr size_t max_path = 4096;

/// Thrown and caught inside this file only: Boost.JSON's accessors throw too.
struct malformed : std::exception {};

json::array array_of(const std::vector<std::string>& strings) {
  json::array out;
  out.reserve(strings.size());
  for (const auto& text : strings)
    out.emplace_back(text);
  return out;
}

std::string text_of(const json::value& from) {
  return std::string{std::string_view{from.as_string()}};
}

std::vector<std::string> strings_of(const json::value& from) {
  std::vector<std::string> out;
  for (const auto& element : from.as_array())
    out.push_back(text_of(element));
  return out;
}

network_mode mode_of(const json::value& from) {
  auto name = std::string_view{from.as_string()};
  for (auto mode :
       {network_mode::bridge, network_mode::host, network_mode::none})
    if (to_string(mode) == name)
      return mode;
  throw malformed{};
}

plan plan_of(const json::object& from) {
  plan out;
  out.network = mode_of(from.at("network"));
  out.command = strings_of(from.at("command"));
  out.environment = strings_of(from.at("environment"));
  for (const auto& element : from.at("mounts").as_array()) {
    const auto& mount = element.as_object();
    out.mounts.push_back(
      {text_of(mount.at("source")), text_of(mount.at("target")),
       mount.at("read_only").as_bool()});
  }
  out.hostname = text_of(from.at("hostname"));
  out.rootfs = text_of(from.at("rootfs"));
  out.workdir = text_of(from.at("workdir"));
  out.terminal = from.at("terminal").as_bool();
  out.resolv_conf = text_of(from.at("resolv_conf"));
  out.hosts = text_of(from.at("hosts"));
  return out;
}

bool has_nul(const std::string& text) {
  return text.find('\0') != std::string::npos;
}

bool is_path(const std::string& text) {
  return !text.empty() && text[0] == '/' && text.size() < max_path
    && !has_nul(text);
}

error bad(std::string text) {
  return {ec::bad_request, std::move(text)};
}

} // namespace

bool operator==(const plan& a, const plan& b) {
  auto same = [](const bind_mount& x, const bind_mount& y) {
    return std::tie(x.source, x.target, x.read_only)
      == std::tie(y.source, y.target, y.read_only);
  };
  auto rest = [](const plan& x) {
    return std::tie(
      x.network, x.command, x.environment, x.hostname, x.rootfs, x.workdir,
      x.terminal, x.resolv_conf, x.hosts);
  };
  return rest(a) == rest(b)
    && std::equal(
           a.mounts.begin(), a.mounts.end(), b.mounts.begin(), b.mounts.end(),
           same);
}

result<void> check(const plan& what) {
  if (what.command.empty() || what.command[0].empty())
    return bad("no command specified");
  for (const auto& word : what.command)
    if (has_nul(word))
      return bad(fmt::format(
        "command {}: an argument holds a NUL byte, which execve(2) cannot "
        "pass on",
        what.command[0].c_str()));
  for (const auto& entry : what.environment)
    if (
      has_nul(entry) || entry.find('=') == std::string::npos || entry[0] == '=')
      return bad(fmt::format(
        "environment entry \"{}\": must be NAME=VALUE", entry.c_str()));
  if (what.mounts.size() > max_mounts)
    return bad(
      fmt::format("{} mounts: at most {}", what.mounts.size(), max_mounts));
  for (const auto& mount : what.mounts) {
    if (!is_path(mount.source))
      return bad(fmt::format(
        "bind source \"{}\": must be an absolute path", mount.source.c_str()));
    if (!is_path(mount.target) || mount.target == "/")
      return bad(fmt::format(
        "bind target \"{}\": must be an absolute path, not the root",
        mount.target.c_str()));
  }
  if (!what.rootfs.empty() && (!is_path(what.rootfs) || what.rootfs == "/"))
    return bad(fmt::format(
      "rootfs \"{}\": must be the absolute path of a folder that is not the "
      "host's root",
      what.rootfs.c_str()));
  if (!what.workdir.empty() && !is_path(what.workdir))
    return bad(fmt::format(
      "working directory \"{}\": must be an absolute path",
      what.workdir.c_str()));
  if (what.hostname.size() > max_hostname || has_nul(what.hostname))
    return bad(fmt::format(
      "host name \"{}\": must have at most {} characters",
      what.hostname.c_str(), max_hostname));
  return {};
}

std::string encode(const plan& what) {
  json::array mounts;
  for (const auto& mount : what.mounts)
    mounts.push_back(json::object{
      {"source", mount.source},
      {"target", mount.target},
      {"read_only", mount.read_only}});
  json::object out;
  out["network"] = std::string{to_string(what.network)};
  out["command"] = array_of(what.command);
  out["environment"] = array_of(what.environment);
  out["mounts"] = std::move(mounts);
  out["hostname"] = what.hostname;
  out["rootfs"] = what.rootfs;
  out["workdir"] = what.workdir;
  out["terminal"] = what.terminal;
  out["resolv_conf"] = what.resolv_conf;
  out["hosts"] = what.hosts;
  return json::serialize(out);
}

result<plan> decode_plan(std::string_view text) {
  if (text.size() > max_plan_bytes)
    return bad(fmt::format(
      "plan of {} bytes: at most {}; shorten the command or its environment",
      text.size(), max_plan_bytes));
  json::parse_options options;
  options.allow_invalid_utf8 = true;
  options.max_depth = 4;
  boost::system::error_code trouble;
  auto parsed = json::parse(text, trouble, {}, options);
  if (trouble)
    return bad("plan is not JSON: " + trouble.message());
  try {
    auto out = plan_of(parsed.as_object());
    if (auto checked = check(out); !checked)
      return checked.error();
    return out;
  } catch (const std::exception&) {
    return bad("plan lacks a field or has one of another type");
  }
}

} // namespace pier::net::box
