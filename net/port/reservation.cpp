#include "net/port/reservation.hpp"

#include "net/port/bind_rules.hpp"
#include "net/port/port_socket.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace pier::net {

reservation::reservation(
  allocations& taken, const port_spec& spec, port_settings by)
  : taken_(taken), spec_(spec), by_(std::move(by)) {}

reservation::~reservation() {
  for (const auto& each : ports_)
    taken_.give_back(each.what.proto, each.what.host);
}

result<void> reservation::take_one(
  uint16_t host, uint16_t container, const std::string& owner) {
  for (const auto& ip : addresses_) {
    endpoint at{ip, host};
    if (auto free = taken_.take(spec_.proto, at, owner); !free) {
      give_back(host);
      return free;
    }
    auto made = reserve_port(spec_.proto, at);
    if (!made) {
      taken_.give_back(spec_.proto, at);
      // A host without IPv6 publishes on IPv4 alone.
      auto no_v6 = made.error().code == ec::not_supported
        || made.error().code == ec::address_not_local;
      if (!ip.is_v4() && !spec_.host_ip && no_v6)
        continue;
      give_back(host);
      return made.error();
    }
    reserved_port port;
    port.what = {spec_.proto, at, container, false};
    port.socket = std::move(*made);
    ports_.push_back(std::move(port));
  }
  return {};
}

void reservation::give_back(uint16_t host) {
  std::erase_if(ports_, [&](const reserved_port& each) {
    if (each.what.host.port != host)
      return false;
    taken_.give_back(spec_.proto, each.what.host);
    return true;
  });
}

result<void> reservation::take_any_of(
  const port_range& range, uint16_t container, const std::string& owner) {
  for (size_t tries = 0; tries < range.size(); ++tries) {
    auto ok = take_one(taken_.next_random(range), container, owner);
    if (ok)
      return ok;
    if (
      ok.error().code != ec::address_in_use
      && ok.error().code != ec::port_allocated)
      return ok;
  }
  return error{
    ec::exhausted,
    "all ports are allocated: none of " + std::to_string(range.first) + "-"
      + std::to_string(range.last) + " is free"};
}

result<void> reservation::take_path(const std::string& path) {
  fd made{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!made)
    return error{
      from_errno(errno),
      "listen unix " + path + ": socket: " + std::strerror(errno)};
  auto name = unix_name::take(path, made.get());
  if (!name)
    return name.error();
  ports_.push_back({{}, std::move(made), std::move(*name)});
  return {};
}

result<void> reservation::take_all(const std::string& owner) {
  if (spec_.proto != protocol::tcp && spec_.proxy == proxy_protocol::v2)
    return error{
      ec::bad_request,
      to_string(spec_)
        + ": proxy_protocol=v2 is for TCP ports: datagrams have no beginning "
          "that a header could stand at"};
  auto addresses = bind_addresses(spec_, by_);
  if (!addresses)
    return addresses.error();
  addresses_ = std::move(*addresses);
  ports_.reserve(addresses_.size() * spec_.container.size());
  auto one_of_range = !spec_.host.any() && spec_.container.size() == 1
    && spec_.host.size() > 1;
  for (unsigned n = spec_.container.first; n <= spec_.container.last; ++n) {
    auto container = static_cast<uint16_t>(n);
    auto offset = n - spec_.container.first;
    auto ok = spec_.host.any()
      ? take_any_of(
        by_.random_range ? *by_.random_range : random_range(), container, owner)
      : one_of_range
      ? take_any_of(spec_.host, container, owner)
      : take_one(
        static_cast<uint16_t>(spec_.host.first + offset), container, owner);
    if (!ok)
      return ok;
  }
  return {};
}

} // namespace pier::net
