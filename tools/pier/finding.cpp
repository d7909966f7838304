#include "tools/pier/finding.hpp"

#include "tools/pier/table.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <cstring>
#include <sstream>

namespace pier::cli {

using grade = finding::grade;

namespace {

/// The words of a kernel setting, one space apart.
std::string trimmed(std::string_view text) {
  std::istringstream in{std::string{text}};
  std::string word, all;
  while (in >> word)
    all += (all.empty() ? "" : " ") + word;
  return all;
}

std::string_view colour_of(grade how) {
  switch (how) {
    case grade::good:
      return "\033[32m";
    case grade::note:
      return "\033[33m";
    default:
      return "\033[31m";
  }
}

} // namespace

std::string_view to_string(grade how) noexcept {
  switch (how) {
    case grade::good:
      return "ok";
    case grade::note:
      return "note";
    default:
      return "bad";
  }
}

std::string draw_findings(const std::vector<finding>& all, bool colour) {
  size_t subjects = 0;
  for (const auto& each : all)
    subjects = std::max(subjects, width(each.subject));
  std::string text;
  for (const auto& each : all) {
    std::string word{to_string(each.how)};
    word.resize(4, ' ');
    if (colour)
      word = std::string{colour_of(each.how)} + word + "\033[0m";
    auto subject = each.subject
      + std::string(subjects - width(each.subject), ' ');
    text += word + "  " + subject + "  " + printable(each.text) + "\n";
    if (!each.mend.empty())
      text += std::string(subjects + 8, ' ')
        + "mend it: " + printable(each.mend) + "\n";
  }
  return text;
}

control::json::value to_json(const finding& one) {
  return control::json::object{
    {"subject", one.subject},
    {"grade", to_string(one.how)},
    {"text", one.text},
    {"mend", one.mend}};
}

int exit_status(const std::vector<finding>& all) noexcept {
  return std::any_of(all.begin(), all.end(), [](const finding& each) {
    return each.how == grade::bad;
  });
}

finding judge_ping(std::string_view range, gid_t group, bool root) {
  auto setting = "net.ipv4.ping_group_range (" + trimmed(range) + ")";
  if (root)
    return {
      "ping", grade::good,
      "containers can ping the world; for root " + setting
        + " does not matter"};
  std::istringstream in{std::string{range}};
  uint64_t first = 1, last = 0;
  in >> first >> last;
  if (in && first <= group && group <= last)
    return {
      "ping", grade::good,
      "containers can ping the world: your group is in " + setting};
  return {
    "ping", grade::note,
    "containers get no answer to a ping: your group is not in " + setting,
    "sudo sysctl -w net.ipv4.ping_group_range=\"0 2147483647\""};
}

finding judge_low_ports(std::string_view start, bool root) {
  std::istringstream in{std::string{start}};
  unsigned first = 1024;
  in >> first;
  if (root || first <= 1)
    return {"low ports", grade::good, "every port can be published"};
  return {
    "low ports", grade::note,
    "ports below " + std::to_string(first) + " cannot be published",
    "sudo sysctl -w net.ipv4.ip_unprivileged_port_start=0"};
}

finding judge_resolvers(
  const std::optional<std::string>& text, const std::string& path) {
  if (!text)
    return {
      "resolvers", grade::note,
      path
        + " cannot be read: containers resolve each other and the host, but "
          "no name of the world",
      "echo \"nameserver 1.1.1.1\" | sudo tee " + path};
  std::istringstream in{*text};
  std::string line, servers;
  while (std::getline(in, line)) {
    std::istringstream words{line};
    std::string key, value;
    if (
      words >> key >> value && key == "nameserver" && ip_address::parse(value))
      servers += (servers.empty() ? "" : ", ") + value;
  }
  if (!servers.empty())
    return {"resolvers", grade::good, servers};
  return {
    "resolvers", grade::note,
    path
      + " has no nameserver line: containers resolve each other and the "
        "host, but no name of the world",
    "echo \"nameserver 1.1.1.1\" | sudo tee -a " + path};
}

finding judge_descriptors(uint64_t soft, uint64_t hard) {
  constexpr uint64_t each = 6;
  constexpr uint64_t comfortable = 4096;
  auto flows = std::max(soft, hard) / each;
  auto text = std::to_string(std::max(soft, hard))
    + " descriptors, enough for about " + std::to_string(flows)
    + " connections at once";
  if (std::max(soft, hard) >= comfortable)
    return {"descriptors", grade::good, text};
  return {"descriptors", grade::note, text, "ulimit -n 65536"};
}

finding judge_user_namespaces(
  bool root, int error_number, const namespace_switches& are) {
  constexpr auto subject = "user namespaces";
  if (root)
    return {subject, grade::good, "not needed: this is root"};
  if (error_number == 0)
    return {subject, grade::good, "this user may make them"};
  finding made{
    subject, grade::bad,
    std::string{"this user may not make them: "} + std::strerror(error_number)};
  if (trimmed(are.unprivileged_clone) == "0")
    made.mend = "sudo sysctl -w kernel.unprivileged_userns_clone=1";
  else if (trimmed(are.maximum) == "0")
    made.mend = "sudo sysctl -w user.max_user_namespaces=15000";
  else if (trimmed(are.apparmor) == "1")
    made.mend = "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
  else
    made.mend = "run pier as root: sudo pier …";
  return made;
}

} // namespace pier::cli
