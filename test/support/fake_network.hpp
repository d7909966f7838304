#pragma once

/// The network as actors see it, without a kernel: it records what it is asked
/// and lets a test say what happens next.

#include "net/network.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace pier::test {

/// What a test sees of one circuit, also after its death.
struct circuit_record {
  net::circuit::sink sink;
  std::vector<endpoint> dials;
  bool joined = false;
  bool alive = true;
  std::optional<ec> refused;

  void tell(circuit_event::kind what, ec why = ec::ok) const {
    sink({what, why, {}});
  }
};

struct exchange_record {
  net::exchange::sink sink;
  std::optional<dns_answer> answer;
  bool forwarded = false;
  bool failed = false;
  bool alive = true;
};

class fake_circuit : public net::circuit {
public:
  explicit fake_circuit(std::shared_ptr<circuit_record> record)
    : record_(std::move(record)) {}
  ~fake_circuit() override {
    record_->alive = false;
    record_->sink = nullptr;
  }
  void dial(const endpoint& to) override {
    record_->dials.push_back(to);
  }
  void join() override {
    record_->joined = true;
  }
  void refuse(ec why) override {
    record_->refused = why;
  }
  traffic bytes() const override {
    return {7, 8};
  }

private:
  std::shared_ptr<circuit_record> record_;
};

class fake_exchange : public net::exchange {
public:
  explicit fake_exchange(std::shared_ptr<exchange_record> record)
    : record_(std::move(record)) {}
  ~fake_exchange() override {
    record_->alive = false;
    record_->sink = nullptr;
  }
  void answer(const dns_answer& what) override {
    record_->answer = what;
  }
  void forward() override {
    record_->forwarded = true;
  }
  void fail() override {
    record_->failed = true;
  }

private:
  std::shared_ptr<exchange_record> record_;
};

class fake_port : public net::port {
public:
  explicit fake_port(port_spec what) : spec_(std::move(what)) {}
  const port_spec& spec() const override {
    return spec_;
  }
  std::vector<bound_port> bound() const override {
    std::vector<bound_port> all;
    for (unsigned n = spec_.container.first; n <= spec_.container.last; ++n) {
      auto number = static_cast<uint16_t>(n);
      bound_port each;
      each.proto = spec_.proto;
      each.host = {{}, static_cast<uint16_t>(30000 + n)};
      each.container = number;
      each.open = is_open.count(number) != 0;
      all.push_back(each);
    }
    return all;
  }
  std::shared_ptr<void> borrow(sink arrivals) override {
    ++loans;
    borrower = std::move(arrivals);
    auto mine = loans;
    return {nullptr, [this, mine](void*) {
              if (mine == loans)
                borrower = nullptr;
            }};
  }
  result<void> open(uint16_t number) override {
    is_open.insert(number);
    return {};
  }
  void park(uint16_t number) override {
    is_open.erase(number);
  }

  std::set<uint16_t> is_open;
  sink borrower;
  int loans = 0;

private:
  port_spec spec_;
};

class fake_network;

class fake_premises : public net::premises {
public:
  fake_premises(fake_network& net, container_spec spec, lease at)
    : net_(net), spec_(std::move(spec)) {
    info_.name = spec_.name;
    info_.network = spec_.network;
    info_.address = at;
  }
  const container_spec& spec() const override {
    return spec_;
  }
  container_info info() const override {
    return info_;
  }
  result<std::shared_ptr<net::port>> reserve(const port_spec& what) override {
    if (refuse_ports)
      return *refuse_ports;
    ports_.push_back(std::make_shared<fake_port>(what));
    return std::shared_ptr<net::port>{ports_.back()};
  }
  std::vector<std::shared_ptr<net::port>> ports() const override {
    return {ports_.begin(), ports_.end()};
  }
  void release(const std::shared_ptr<net::port>& which) override {
    std::erase(ports_, which);
  }
  void start(ticket number) override {
    stdio = number;
    ++starts;
  }
  void watch(sink events) override {
    sink_ = std::move(events);
    for (const auto& each : told_)
      sink_(each);
  }
  void signal(int number) override {
    signals.push_back(number);
  }
  void vacate(std::function<void(std::vector<std::string>)> done) override;

  // -- what a test says -------------------------------------------------------

  void started(int pid = 42) {
    info_.state = container_state::running;
    info_.pid = pid;
    tell({premises_event::kind::started, pid, 0, {}, {}});
  }
  void not_started(const error& why) {
    tell({premises_event::kind::not_started, 0, 0, why, {}});
  }
  void exited(int status) {
    info_.state = container_state::exited;
    info_.exit_status = status;
    tell({premises_event::kind::exited, 0, status, {}, {}});
  }
  void listening(std::vector<service> services) {
    tell({premises_event::kind::listening, 0, 0, {}, std::move(services)});
  }
  fake_port& port(size_t index) {
    return *ports_.at(index);
  }

  ticket stdio = 0;
  int starts = 0;
  std::vector<int> signals;
  std::vector<std::string> leftovers;
  std::optional<error> refuse_ports;

private:
  void tell(premises_event news) {
    told_.push_back(news);
    if (sink_)
      sink_(news);
  }

  fake_network& net_;
  container_spec spec_;
  container_info info_;
  std::vector<std::shared_ptr<fake_port>> ports_;
  std::vector<premises_event> told_;
  sink sink_;
};

class fake_network : public net::network {
public:
  void open_gateway(std::function<void(result<void>)> done) override {
    ++opens;
    if (opening_takes_time)
      opened_ = std::move(done);
    else
      done(gateway_answer);
  }
  void watch_gateway(
    std::function<void(const arrival&)> held,
    std::function<void(const error&)> lost) override {
    held_ = std::move(held);
    lost_ = std::move(lost);
    for (const auto& [number, what] : waiting_)
      if (what.way == direction::outbound)
        held_({number, what});
  }
  void watch_dns(std::function<void(const dns_question&)> asked) override {
    asked_ = std::move(asked);
  }
  std::unique_ptr<net::circuit>
  claim(ticket number, net::circuit::sink events) override {
    if (waiting_.erase(number) == 0)
      return nullptr;
    auto record = std::make_shared<circuit_record>();
    record->sink = std::move(events);
    circuits[number] = record;
    return std::make_unique<fake_circuit>(record);
  }
  std::unique_ptr<net::exchange>
  claim_query(ticket number, net::exchange::sink events) override {
    auto record = std::make_shared<exchange_record>();
    record->sink = std::move(events);
    exchanges[number] = record;
    return std::make_unique<fake_exchange>(record);
  }
  void decline(ticket number, ec why) override {
    waiting_.erase(number);
    declined[number] = why;
  }
  ticket deposit(net::stdio) override {
    return ++last_ticket_;
  }
  void discard(ticket number) override {
    discarded.insert(number);
  }
  result<std::shared_ptr<net::premises>> occupy(container_spec spec) override {
    ++last_lease_;
    lease at{
      last_lease_, ip_address::v4({192, 168, 65, 0}).plus(last_lease_),
      ip_address::parse("fd07:b51a:cc66::")->plus(last_lease_)};
    auto made = std::make_shared<fake_premises>(*this, std::move(spec), at);
    made->refuse_ports = refuse_ports;
    premises_.push_back(made);
    return std::shared_ptr<net::premises>{made};
  }
  std::vector<std::shared_ptr<net::premises>> occupied() const override {
    return {premises_.begin(), premises_.end()};
  }

  // -- what a test says -------------------------------------------------------

  /// A flow arrives and waits; its ticket.
  ticket arrive(const flow& what) {
    auto number = ++last_ticket_;
    waiting_[number] = what;
    if (what.way == direction::outbound && held_)
      held_({number, what});
    return number;
  }
  ticket ask(const std::string& name, const ip_address& guest) {
    dns_question what;
    what.number = ++last_ticket_;
    what.guest = {guest, 4711};
    what.name = name;
    what.type = 1;
    asked_(what);
    return what.number;
  }
  void gateway_opened(result<void> how) {
    if (auto done = std::exchange(opened_, nullptr))
      done(std::move(how));
  }
  void keeper_lost() {
    lost_({ec::gateway_lost, "the keeper has died"});
  }
  std::shared_ptr<fake_premises> premises(const std::string& name) {
    for (const auto& each : premises_)
      if (each->spec().name == name)
        return each;
    return nullptr;
  }
  void forget(const fake_premises* which) {
    std::erase_if(
      premises_, [=](const auto& each) { return each.get() == which; });
  }

  result<void> gateway_answer{};
  bool opening_takes_time = false;
  int opens = 0;
  std::optional<error> refuse_ports;
  std::map<ticket, std::shared_ptr<circuit_record>> circuits;
  std::map<ticket, std::shared_ptr<exchange_record>> exchanges;
  std::map<ticket, ec> declined;
  std::set<ticket> discarded;

private:
  std::function<void(result<void>)> opened_;
  std::function<void(const arrival&)> held_;
  std::function<void(const error&)> lost_;
  std::function<void(const dns_question&)> asked_;
  std::map<ticket, flow> waiting_;
  std::vector<std::shared_ptr<fake_premises>> premises_;
  ticket last_ticket_ = 0;
  uint32_t last_lease_ = 2;
};

inline void
fake_premises::vacate(std::function<void(std::vector<std::string>)> done) {
  auto left = leftovers;
  sink_ = nullptr;
  ports_.clear();
  net_.forget(this);
  done(left);
}

} // namespace pier::test
