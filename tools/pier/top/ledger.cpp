#include "tools/pier/top/ledger.hpp"

#include <algorithm>
#include <utility>

namespace pier::cli {

namespace {

std::string flow_key(const flow_info& of) {
  return "flow " + of.path;
}

std::string container_key(const std::string& name) {
  return "container " + name;
}

std::string
port_key(const std::string& container, protocol proto, uint16_t port) {
  return "port " + container + " " + std::string{to_string(proto)} + " "
    + std::to_string(port);
}

/// A number that shrank is another thing's, which has begun anew.
double rate_of(uint64_t now, uint64_t before, double seconds) {
  auto grown = now >= before ? now - before : now;
  return static_cast<double>(grown) / seconds;
}

} // namespace

void ledger::add(const std::string& key, const traffic& all, const pace& rate) {
  auto& one = courses_[key];
  ++one.flows;
  one.bytes.sent += all.sent;
  one.bytes.received += all.received;
  one.now.sent += rate.sent;
  one.now.received += rate.received;
}

void ledger::take(sample what, double seconds) {
  auto before = std::exchange(courses_, {});
  auto totals = std::exchange(totals_, {});
  auto first = seen_.containers.empty() && totals.empty();
  for (const auto& each : what.containers)
    courses_[container_key(each.name)];
  for (const auto& each : what.flows) {
    auto key = flow_key(each);
    pace rate;
    auto known = totals.find(key);
    if (seconds > 0 && (known != totals.end() || !first)) {
      auto was = known == totals.end() ? traffic{} : known->second;
      rate.sent = rate_of(each.bytes.sent, was.sent, seconds);
      rate.received = rate_of(each.bytes.received, was.received, seconds);
    }
    totals_[key] = each.bytes;
    add(key, each.bytes, rate);
    if (each.container.empty())
      continue;
    add(container_key(each.container), each.bytes, rate);
    if (each.what.way == direction::inbound)
      add(
        port_key(each.container, each.what.proto, each.what.guest.port),
        each.bytes, rate);
  }
  for (auto& [key, one] : courses_) {
    if (auto was = before.find(key); was != before.end())
      std::copy(
        was->second.lately.begin() + 1, was->second.lately.end(),
        one.lately.begin());
    one.lately.back() = one.now.sum();
  }
  seen_ = std::move(what);
}

const course& ledger::at(const std::string& key) const {
  static const course nothing;
  auto found = courses_.find(key);
  return found == courses_.end() ? nothing : found->second;
}

const course& ledger::of_flow(const flow_info& which) const {
  return at(flow_key(which));
}

const course& ledger::of_container(const std::string& name) const {
  return at(container_key(name));
}

const course& ledger::of_port(
  const std::string& container, protocol proto, uint16_t port) const {
  return at(port_key(container, proto, port));
}

} // namespace pier::cli
