#include "config/container_rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace pier::config {

namespace {

constexpr size_t longest_name = 63;

error refuse(std::string text) {
  return {ec::bad_request, std::move(text)};
}

bool is_name(const std::string& text) {
  auto alnum = [](unsigned char c) { return std::isalnum(c) != 0; };
  auto inner = [&](unsigned char c) {
    return alnum(c) || c == '_' || c == '.' || c == '-';
  };
  return !text.empty() && text.size() <= longest_name
    && alnum(static_cast<unsigned char>(text[0]))
    && std::all_of(text.begin(), text.end(), inner);
}

bool has_control(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) {
    return c < 0x20 || c == 0x7f;
  });
}

result<void> check_names(const container_spec& spec) {
  if (!is_name(spec.name))
    return refuse(
      "invalid container name " + spec.name
      + ": only [a-zA-Z0-9][a-zA-Z0-9_.-]*, at most 63 characters");
  if (!spec.hostname.empty() && !is_name(spec.hostname))
    return refuse(
      "invalid hostname " + spec.hostname
      + ": letters, digits, dots and dashes, at most 63 characters");
  for (const auto& [name, ip] : spec.hosts)
    if (!is_name(name))
      return refuse("invalid --add-host name " + name + ": write NAME:IP");
  return {};
}

result<void> check_command(const container_spec& spec) {
  if (spec.attached() && !spec.command.empty())
    return refuse("an attached namespace runs no command of ours");
  if (!spec.attached() && (spec.command.empty() || spec.command[0].empty()))
    return refuse("no command to run: pier run [OPTIONS] -- COMMAND [ARG…]");
  if (spec.attached() && spec.network != network_mode::bridge)
    return refuse("a namespace is attached to the bridge network only");
  for (const auto& each : spec.environment) {
    auto sign = each.find('=');
    if (sign == 0 || sign == each.npos)
      return refuse(
        "invalid environment variable " + each.substr(0, sign)
        + ": write -e NAME=VALUE");
  }
  return {};
}

result<void> check_mounts(const container_spec& spec) {
  for (const auto& each : spec.mounts) {
    if (each.source.empty() || each.source[0] != '/')
      return refuse(
        "invalid mount source " + each.source + ": an absolute path is needed");
    if (each.target.empty() || each.target[0] != '/')
      return refuse(
        "invalid mount target " + each.target + ": an absolute path is needed");
    if (has_control(each.source) || has_control(each.target))
      return refuse("a mount path has control characters: rename it");
  }
  if (!spec.rootfs.empty() && spec.rootfs[0] != '/')
    return refuse(
      "invalid --rootfs " + spec.rootfs + ": an absolute path is needed");
  return {};
}

bool overlap(const port_spec& a, const port_spec& b) {
  if (a.proto != b.proto || a.host.any() || b.host.any())
    return false;
  // A range for a single container port takes any free one of it.
  auto takes_one = [](const port_spec& each) {
    return each.host.size() != each.container.size();
  };
  if (takes_one(a) || takes_one(b))
    return false;
  auto same_ip = !a.host_ip || !b.host_ip || *a.host_ip == *b.host_ip;
  return same_ip && a.host.first <= b.host.last && b.host.first <= a.host.last;
}

result<void> check_ports(const container_spec& spec) {
  const auto& all = spec.publish;
  for (size_t i = 0; i < all.size(); ++i)
    for (size_t k = i + 1; k < all.size(); ++k)
      if (overlap(all[i], all[k]))
        return refuse(
          "-p " + to_string(all[i]) + " and -p " + to_string(all[k])
          + " want the same host port: drop one of them");
  return {};
}

} // namespace

bool is_container_name(const std::string& text) {
  return is_name(text);
}

result<container_spec>
check(container_spec spec, std::vector<std::string>& warnings) {
  for (const auto& ok :
       {check_names(spec), check_command(spec), check_mounts(spec),
        check_ports(spec)})
    if (!ok)
      return ok.error();
  if (spec.network == network_mode::host) {
    if (!spec.publish.empty() || spec.publish_all)
      warnings.emplace_back(
        "Published ports are discarded when using host network mode");
    spec.publish.clear();
    spec.publish_all = false;
  }
  if (
    spec.network == network_mode::none
    && (!spec.publish.empty() || spec.publish_all))
    return refuse(
      "-p publishes nothing with --network none: leave one of them out");
  if (spec.hostname.empty() && !spec.attached())
    spec.hostname = spec.name;
  return spec;
}

std::vector<port_spec> published_specs(const container_spec& spec) {
  auto all = spec.publish;
  if (!spec.publish_all)
    return all;
  auto covered = [&](protocol proto, uint16_t number) {
    return std::any_of(all.begin(), all.end(), [&](const port_spec& each) {
      return each.proto == proto && each.container.first <= number
        && number <= each.container.last;
    });
  };
  for (const auto& exposed : spec.expose)
    for (unsigned n = exposed.container.first; n <= exposed.container.last;
         ++n) {
      auto number = static_cast<uint16_t>(n);
      if (covered(exposed.proto, number))
        continue;
      auto one = exposed;
      one.container = {number, number};
      all.push_back(one);
    }
  return all;
}

std::string random_name(uint64_t seed) {
  constexpr std::array<const char*, 16> moods{
    "brisk", "calm",  "clear", "deep",  "eager", "fair",  "gentle", "keen",
    "lucid", "merry", "quick", "quiet", "sharp", "sound", "steady", "swift"};
  constexpr std::array<const char*, 16> things{
    "anchor", "beacon", "buoy",  "cleat", "ferry",  "harbor", "helm",  "jetty",
    "keel",   "mast",   "pilot", "quay",  "rudder", "sail",   "skiff", "wharf"};
  return std::string{moods[seed % 16]} + "_" + things[seed / 16 % 16] + "_"
    + std::to_string(seed / 256 % 10000);
}

} // namespace pier::config
