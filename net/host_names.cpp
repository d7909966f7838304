#include "net/host_names.hpp"

#include "net/socket_address.hpp"
#include "net/workers.hpp"

#include <boost/asio/execution_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <netdb.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <unordered_map>
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

using taker = std::function<void(result<addresses>)>;

constexpr size_t most_names = 256;
/// A proxy's name is wanted for each connection; who moves one waits as long.
constexpr std::chrono::seconds memory{10};

/// Role: one for each loop, found by `of`; what was found lately, and who waits
/// for what is being looked up. Lifetime: the loop's.
class name_memory : public boost::asio::execution_context::service {
public:
  static name_memory& of(boost::asio::io_context& io) {
    return boost::asio::use_service<name_memory>(io);
  }

  static boost::asio::execution_context::id id;
  explicit name_memory(boost::asio::execution_context& io)
    : service(io),
      io_(static_cast<boost::asio::io_context&>(io)), // NOLINT: made by `of`
      forget_(io_) {}

  void ask(const std::string& name, taker found) {
    if (auto known = found_.find(name); known != found_.end())
      return found(known->second);
    auto& line = waiting_[name];
    line.push_back(std::move(found));
    if (line.size() > 1)
      return;
    auto answer = std::make_shared<result<addresses>>(addresses{});
    auto will = workers::of(io_).run(
      [answer, name] { *answer = ask_host(name); },
      [this, answer, name] { tell(name, *answer); });
    if (!will)
      tell(
        name,
        error{
          ec::exhausted,
          "no address of " + name
            + ": too many names are being looked up already"});
  }

private:
  void shutdown() override {
    forget_.cancel();
    waiting_.clear();
    found_.clear();
  }

  /// A refusal may be mended the next moment: it is not kept.
  void tell(const std::string& name, const result<addresses>& what) {
    auto line = std::exchange(waiting_[name], {});
    waiting_.erase(name);
    if (what && found_.size() < most_names) {
      if (found_.empty())
        forget_later();
      found_.emplace(name, *what);
    }
    for (auto& each : line)
      each(what);
  }

  void forget_later() {
    forget_.expires_after(memory);
    forget_.async_wait([this](const boost::system::error_code& stopped) {
      if (!stopped)
        found_.clear();
    });
  }

  boost::asio::io_context& io_;
  boost::asio::steady_timer forget_;
  std::unordered_map<std::string, addresses> found_;
  std::unordered_map<std::string, std::vector<taker>> waiting_;
};

boost::asio::execution_context::id name_memory::id;

} // namespace

void find_addresses(
  boost::asio::io_context& io, const std::string& name, taker found) {
  if (auto literal = ip_address::parse(name))
    return found(addresses{*literal});
  name_memory::of(io).ask(name, std::move(found));
}

} // namespace pier::net
