#include "net/gateway/foundation.hpp"

#include "net/gateway/iptables.hpp"
#include "net/gateway/rules.hpp"
#include "net/link/netlink.hpp"
#include "net/socket_address.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>

extern "C" {
#include <nftables/libnftables.h>
}

namespace pier::net {

namespace {

constexpr uint32_t local_table = 100;

error system_error(const std::string& what) {
  return {from_errno(errno), what + ": " + std::strerror(errno)};
}

bool write_file(const std::string& path, const std::string& text) {
  fd file{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
  return file
    && ::write(file.get(), text.data(), text.size())
    == static_cast<ssize_t>(text.size());
}

result<void>
queue_by_tool(const guest_network& net, family kind, const std::string& why) {
  if (!has_iptables(kind))
    return error{
      ec::not_supported,
      "this kernel has no nft queue (" + why
        + ") and there is no iptables: apt install iptables"};
  for (const auto& line : queue_commands(net, kind))
    if (auto failure = run_iptables(kind, line))
      return error{
        ec::not_supported,
        "the gate's queue cannot be made: " + *failure
          + ": the kernel needs nft queue or NFQUEUE"};
  for (const auto& line : pace_commands(net, kind))
    static_cast<void>(run_iptables(kind, line));
  return {};
}

} // namespace

void set_sysctl(const std::string& name, const std::string& value) {
  write_file("/proc/sys/net/" + name, value);
}

void choose_congestion_control() {
  set_sysctl("ipv4/tcp_congestion_control", "reno");
}

void keep_bridge_below_ip() {
  for (const auto* each : {"iptables", "ip6tables", "arptables"})
    set_sysctl(std::string{"bridge/bridge-nf-call-"} + each, "0");
}

result<std::vector<fd>> make_namespaces() {
  auto uid = ::geteuid();
  auto gid = ::getegid();
  auto rootless = false;
  if (::unshare(CLONE_NEWNET) != 0) {
    rootless = true;
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
      return error{
        ec::not_supported,
        std::string{"this user may not make namespaces ("}
          + std::strerror(errno)
          + "): sysctl -w user.max_user_namespaces=15000 "
            "kernel.unprivileged_userns_clone=1, or run pier as root"};
    if (
      !write_file("/proc/self/setgroups", "deny")
      || !write_file("/proc/self/uid_map", "0 " + std::to_string(uid) + " 1")
      || !write_file("/proc/self/gid_map", "0 " + std::to_string(gid) + " 1"))
      return system_error(
        "map user " + std::to_string(uid)
        + " into the gateway's user namespace");
  }
  std::vector<fd> out;
  out.emplace_back(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  if (rootless)
    out.emplace_back(::open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC));
  for (const auto& each : out)
    if (!each)
      return system_error("open the gateway's namespace");
  return out;
}

result<void> lay_links(const guest_network& net) {
  auto links = netlink::open();
  if (!links)
    return links.error();
  auto& nl = *links;
  set_sysctl("ipv6/conf/all/disable_ipv6", "0");
  set_sysctl("ipv6/conf/default/accept_dad", "0");
  set_sysctl("ipv6/conf/default/accept_ra", "0");
  set_sysctl("ipv4/conf/default/rp_filter", "0");
  set_sysctl("ipv4/conf/all/rp_filter", "0");
  set_sysctl("ipv4/ip_forward", "0");
  keep_bridge_below_ip();
  set_sysctl("ipv4/ip_local_port_range", "1024 65535");
  choose_congestion_control();
  const std::string bridge{bridge_name};
  std::vector<std::function<result<void>()>> steps{
    [&] { return nl.set_up("lo"); },
    [&] { return nl.add_bridge(bridge, net.mtu); },
    [&] { return nl.set_up(bridge); },
    [&] { return nl.add_address(bridge, net.gateway, net.bits); },
    [&] { return nl.add_address(bridge, net.host, net.bits); },
    [&] { return nl.add_address(bridge, net.proxy, net.bits); },
    [&] { return nl.add_address(bridge, net.gateway6, net.bits6); },
    [&] { return nl.add_address(bridge, net.host6, net.bits6); },
    [&] { return nl.add_address(bridge, net.proxy6, net.bits6); },
    [&] { return nl.deliver_mark_locally(family::v4, 1, local_table); },
    [&] { return nl.deliver_mark_locally(family::v6, 1, local_table); },
  };
  for (const auto& step : steps)
    if (auto ok = step(); !ok)
      return ok;
  return {};
}

result<void> load_rules(const std::string& text) {
  auto context = nft_ctx_new(NFT_CTX_DEFAULT);
  nft_ctx_buffer_error(context);
  nft_ctx_buffer_output(context);
  auto status = nft_run_cmd_from_buffer(context, text.c_str());
  std::string said = nft_ctx_get_error_buffer(context);
  nft_ctx_free(context);
  if (status == 0)
    return {};
  return error{ec::not_supported, said.substr(0, said.find('\n'))};
}

result<void> lay_rules(const guest_network& net, const gateway_sockets& with) {
  auto port_of = [](const fd& socket) {
    socket_address at;
    ::getsockname(socket.get(), at.data(), &at.size);
    return from_kernel(at).port;
  };
  auto rules = gate_rules(
    net, port_of(with.listener4), port_of(with.listener6));
  if (auto ok = load_rules(rules); !ok)
    return error{
      ec::not_supported,
      "the gate's rules cannot be loaded: " + ok.error().text
        + ": the kernel needs nft socket, tproxy, reject"};
  if (load_rules(queue_rules(true)))
    return {};
  auto queued = load_rules(queue_rules(false));
  if (queued)
    return {};
  for (auto kind : {family::v4, family::v6})
    if (auto ok = queue_by_tool(net, kind, queued.error().text); !ok)
      return ok;
  return {};
}

} // namespace pier::net
