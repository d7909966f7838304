#include "tools/pier/examination.hpp"

#include "tools/control/runtime_dir.hpp"
#include "tools/control/surrounding_settings.hpp"
#include "tools/pier/peers.hpp"

#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace pier::cli {

using grade = finding::grade;

namespace {

std::optional<std::string> text_of(const std::string& path) {
  std::ifstream in{path};
  std::ostringstream text;
  text << in.rdbuf();
  if (!in)
    return {};
  return text.str();
}

std::string switch_at(const std::string& path) {
  return text_of("/proc/sys/" + path).value_or("");
}

/// Tries it in a child, which is gone afterwards; answers its errno.
int try_user_namespace() {
  auto child = ::fork();
  if (child < 0)
    return errno;
  if (child == 0)
    ::_exit(::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0 ? 0 : errno);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

finding kernel() {
  utsname name{};
  ::uname(&name);
  return {
    "kernel", grade::good,
    std::string{name.sysname} + " " + name.release + " " + name.machine};
}

finding user_namespaces(bool root) {
  return judge_user_namespaces(
    root, root ? 0 : try_user_namespace(),
    {switch_at("kernel/unprivileged_userns_clone"),
     switch_at("user/max_user_namespaces"),
     switch_at("kernel/apparmor_restrict_unprivileged_userns")});
}

finding tun() {
  constexpr auto path = "/dev/net/tun";
  if (::access(path, R_OK | W_OK) == 0)
    return {"tun", grade::good, std::string{path} + " can be opened"};
  finding made{
    "tun", grade::note,
    std::string{path} + " cannot be opened (" + std::strerror(errno)
      + "): no virtual machine can be linked; containers need it not"};
  made.mend = errno == EACCES ? "sudo chmod 0666 /dev/net/tun"
                              : "sudo modprobe tun";
  return made;
}

std::string program_path(const surroundings& here, const std::string& name) {
  auto found = here.environment.find("PATH");
  std::istringstream path{
    (found == here.environment.end() ? std::string{} : found->second)
    + ":/usr/sbin:/sbin"};
  std::string folder;
  while (std::getline(path, folder, ':'))
    if (auto full = folder + "/" + name;
        !folder.empty() && ::access(full.c_str(), X_OK) == 0)
      return full;
  return {};
}

/// Rules are loaded by a library; the program is needed where the kernel knows
/// the queue only in the older words.
finding rules(const surroundings& here) {
  for (const auto* name : {"iptables-nft", "iptables"})
    if (auto path = program_path(here, name); !path.empty())
      return {"iptables", grade::good, path};
  return {
    "iptables", grade::note,
    "neither iptables-nft nor iptables is there; some kernels need it to hold "
    "packets",
    "sudo apt-get install iptables"};
}

finding ipv6() {
  auto addresses = text_of("/proc/net/if_inet6");
  if (!addresses)
    return {
      "IPv6", grade::note, "this kernel has none: containers have IPv4 only"};
  if (switch_at("net/ipv6/conf/all/disable_ipv6").starts_with("1"))
    return {
      "IPv6", grade::note,
      "it is disabled: containers reach IPv4 addresses only",
      "sudo sysctl -w net.ipv6.conf.all.disable_ipv6=0"};
  return {"IPv6", grade::good, "this machine has it"};
}

finding descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return judge_descriptors(limit.rlim_cur, limit.rlim_max);
}

finding runtime_dir(const surroundings& here) {
  auto ready = control::prepare_runtime_dir(here.runtime_dir, ::geteuid());
  if (!ready)
    return {"runtime dir", grade::bad, ready.error().text};
  return {"runtime dir", grade::good, here.runtime_dir};
}

finding daemon(const surroundings& here) {
  boost::asio::io_context io{1};
  auto peers = find_peers(io, here);
  if (peers.empty() || !peers.front().daemon)
    return {
      "pierd", grade::good,
      "not running; \"pier run\" works without it, \"pier run -d\" starts it"};
  auto facts = ask_facts(peers.front());
  if (!facts)
    return {"pierd", grade::bad, "does not answer: " + facts.error().text};
  return {
    "pierd", grade::good,
    "version " + facts->version + " runs as process "
      + std::to_string(facts->pid)};
}

} // namespace

std::vector<finding> examine(const surroundings& here) {
  auto root = ::geteuid() == 0;
  auto with = control::surrounding_settings();
  return {
    kernel(),
    user_namespaces(root),
    rules(here),
    tun(),
    ipv6(),
    judge_ping(switch_at("net/ipv4/ping_group_range"), ::getegid(), root),
    judge_low_ports(switch_at("net/ipv4/ip_unprivileged_port_start"), root),
    judge_resolvers(text_of(with.paths.resolv_conf), with.paths.resolv_conf),
    descriptors(),
    runtime_dir(here),
    daemon(here)};
}

} // namespace pier::cli
