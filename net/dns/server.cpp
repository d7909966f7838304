#include "net/dns/server.hpp"

#include "net/dns/tcp_desk.hpp"
#include "net/dns/tcp_door.hpp"
#include "net/dns/udp_desk.hpp"
#include "net/dns/waiting_question.hpp"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <vector>

namespace pier::net {

namespace {

/// Questions that wait for their query at once; more are dropped, and asked
/// again by the guests' resolvers.
constexpr size_t most_waiting = 8192;
constexpr size_t most_connections = 256;

} // namespace

struct dns_server::parts : std::enable_shared_from_this<parts> {
  parts(boost::asio::io_context& loop, upstream& servers)
    : io(loop), resolvers(servers) {}

  void hear(
    dns_view query, const endpoint& guest, bool tcp,
    std::shared_ptr<asker> from) {
    auto question = read_question(query);
    if (!question) {
      auto why = question.error().code == ec::not_supported
        ? dns_code::not_implemented
        : dns_code::malformed;
      // A reply is never answered: two servers could play it for ever.
      auto is_reply = query.size() > 2 && (query[2] & 0x80) != 0;
      auto failure = make_failure(query, why);
      if (!is_reply && !failure.empty())
        from->reply(std::move(failure), query);
      return;
    }
    if (waiting.size() >= most_waiting)
      return;
    question->number = ++last_ticket;
    question->guest = guest;
    question->over_tcp = tcp;
    auto& entry = waiting[question->number];
    entry = {*question, dns_bytes(query.begin(), query.end()), std::move(from)};
    if (asked)
      asked(*question);
  }

  boost::asio::io_context& io;
  upstream& resolvers;
  dns_cache cache;
  sink asked;
  std::unordered_map<ticket, waiting_question> waiting;
  ticket last_ticket = 0;
  size_t connections = 0;
  /// Where guests of one family ask.
  struct reception {
    std::shared_ptr<udp_desk> desk;
    std::shared_ptr<tcp_door> door;
    std::vector<std::weak_ptr<tcp_desk>> connected;
  };
  std::map<family, std::shared_ptr<reception>> receptions;
};

dns_server::dns_server(boost::asio::io_context& io, upstream& resolvers)
  : parts_(std::make_shared<parts>(io, resolvers)) {}

dns_server::~dns_server() = default;

void dns_server::serve(family kind, int udp, int tcp) {
  auto hear = [this](bool by_tcp) {
    return
      [all = std::weak_ptr<parts>{parts_}, by_tcp](
        dns_view query, const endpoint& guest, std::shared_ptr<asker> from) {
        if (auto self = all.lock())
          self->hear(query, guest, by_tcp, std::move(from));
      };
  };
  auto& place = parts_->receptions[kind];
  if (place)
    for (const auto& each : place->connected)
      if (auto desk = each.lock())
        desk->hang_up();
  place = std::make_shared<parts::reception>();
  place->desk = std::make_shared<udp_desk>(parts_->io, ::dup(udp), hear(false));
  place->desk->await();
  auto came = [all = std::weak_ptr<parts>{parts_}, hear = hear(true),
               here = std::weak_ptr<parts::reception>{place}](
                fd made, const endpoint& guest) {
    auto self = all.lock();
    auto at = here.lock();
    if (!self || !at || self->connections >= most_connections)
      return;
    ++self->connections;
    auto gone = [all] {
      if (auto still = all.lock())
        --still->connections;
    };
    auto desk = std::make_shared<tcp_desk>(
      self->io, std::move(made), guest, hear, gone);
    std::erase_if(at->connected, [](const auto& one) { return one.expired(); });
    at->connected.push_back(desk);
    desk->await();
  };
  place->door = std::make_shared<tcp_door>(parts_->io, ::dup(tcp), came);
  place->door->await();
}

void dns_server::watch(sink asked) {
  parts_->asked = std::move(asked);
  for (const auto& [number, each] : parts_->waiting)
    parts_->asked(each.what);
}

std::unique_ptr<exchange>
dns_server::claim(ticket number, exchange::sink events) {
  auto found = parts_->waiting.find(number);
  if (found == parts_->waiting.end())
    return nullptr;
  auto what = std::move(found->second);
  parts_->waiting.erase(found);
  return take_up(
    std::move(what), parts_->resolvers, parts_->cache, std::move(events));
}

void dns_server::renew_cache(const dns_cache_limits& limits) {
  parts_->cache = dns_cache{limits};
}

void dns_server::clear_cache() {
  parts_->cache.clear();
}

dns_cache_counts dns_server::cached() const noexcept {
  return parts_->cache.count();
}

} // namespace pier::net
