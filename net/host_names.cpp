#include "net/host_names.hpp"

#include "net/socket_address.hpp"
#include "net/workers.hpp"

#include <netdb.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

namespace pier::net {

namespace {

constexpr size_t most_addresses = 16;

using addresses = std::vector<ip_address>;

error no_address(const std::string& name, int number) {
  auto passing = number == EAI_AGAIN || number == EAI_MEMORY;
  return {
    passing ? ec::timed_out : ec::host_unreachable,
    "no address of " + name + ": " + ::gai_strerror(number)
      + ": is the name right, and do this host's resolvers know it?"};
}

result<addresses> ask_host(const std::string& name) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* all = nullptr;
  auto number = ::getaddrinfo(name.c_str(), nullptr, &hints, &all);
  // Without a network 127.0.0.1 has a name nevertheless.
  if (number == EAI_NONAME || number == EAI_ADDRFAMILY) {
    hints.ai_flags = 0;
    number = ::getaddrinfo(name.c_str(), nullptr, &hints, &all);
  }
  if (number != 0)
    return no_address(name, number);
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned{
    all, ::freeaddrinfo};
  addresses out;
  for (const auto* each = all; each != nullptr; each = each->ai_next) {
    if (each->ai_family != AF_INET && each->ai_family != AF_INET6)
      continue;
    socket_address at;
    std::memcpy(&at.storage, each->ai_addr, each->ai_addrlen);
    at.size = each->ai_addrlen;
    auto ip = from_kernel(at).ip;
    if (
      out.size() < most_addresses
      && std::find(out.begin(), out.end(), ip) == out.end())
      out.push_back(ip);
  }
  if (out.empty())
    return no_address(name, EAI_NONAME);
  return out;
}

} // namespace

void find_addresses(
  boost::asio::io_context& io, const std::string& name,
  std::function<void(result<addresses>)> found) {
  if (auto literal = ip_address::parse(name))
    return found(addresses{*literal});
  auto answer = std::make_shared<result<addresses>>(addresses{});
  auto will = workers::of(io).run(
    [answer, name] { *answer = ask_host(name); },
    [answer, found] { found(std::move(*answer)); });
  if (!will)
    found(error{
      ec::exhausted,
      "no address of " + name
        + ": too many names are being looked up already"});
}

} // namespace pier::net
