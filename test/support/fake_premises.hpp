#pragma once

/// A container's premises without a process: a test says what happens in them.

#include "net/network.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace pier::test {

class fake_port : public net::port {
public:
  explicit fake_port(port_spec what) : spec_(std::move(what)) {}
  const port_spec& spec() const override {
    return spec_;
  }
  std::vector<bound_port> bound() const override {
    std::vector<bound_port> all;
    auto any4 = ip_address::any(family::v4);
    auto any6 = ip_address::any(family::v6);
    auto addresses = spec_.host_ip ? std::vector{*spec_.host_ip}
                                   : std::vector{any4, any6};
    for (unsigned n = spec_.container.first; n <= spec_.container.last; ++n)
      for (const auto& ip : addresses) {
        auto number = static_cast<uint16_t>(n);
        bound_port each;
        each.proto = spec_.proto;
        each.host = {ip, static_cast<uint16_t>(30000 + n)};
        each.container = number;
        each.open = is_open.count(number) != 0;
        all.push_back(each);
      }
    return all;
  }
  std::shared_ptr<void> borrow(sink arrivals) override {
    ++loans;
    borrower = std::move(arrivals);
    return {
      nullptr, [this, mine = loans, me = std::weak_ptr<int>{alive_}](void*) {
        if (!me.expired() && mine == loans)
          borrower = nullptr;
      }};
  }
  result<void> open(uint16_t number) override {
    if (refusal)
      return *refusal;
    is_open.insert(number);
    return {};
  }
  void park(uint16_t number) override {
    is_open.erase(number);
  }
  void adopt(const port_settings& by) override {
    adopted.push_back(by);
  }

  std::vector<port_settings> adopted;
  std::set<uint16_t> is_open;
  /// Of whoever opens one.
  std::optional<error> refusal;
  sink borrower;
  int loans = 0;

private:
  port_spec spec_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
};

/// A client of the SSH agent, and what became of its requests.
struct talk_record {
  net::agent_talk::sink sink;
  std::vector<ssh_agent_terms> allowed;
  int refused = 0;
  bool over = false;
};

class fake_talk : public net::agent_talk {
public:
  explicit fake_talk(std::shared_ptr<talk_record> what)
    : record_(std::move(what)) {}
  fake_talk(const fake_talk&) = delete;
  fake_talk& operator=(const fake_talk&) = delete;
  ~fake_talk() override {
    record_->over = true;
  }
  void allow(const ssh_agent_terms& on) override {
    record_->allowed.push_back(on);
  }
  void refuse() override {
    ++record_->refused;
  }

private:
  std::shared_ptr<talk_record> record_;
};

class fake_agent_door : public net::agent_door {
public:
  void watch(std::function<void(ticket)> client) override {
    client_ = std::move(client);
    for (auto each : waiting_)
      client_(each);
  }
  std::unique_ptr<net::agent_talk>
  claim(ticket number, net::agent_talk::sink events) override {
    if (waiting_.erase(number) == 0)
      return nullptr;
    auto record = std::make_shared<talk_record>();
    record->sink = std::move(events);
    talks.push_back(record);
    return std::make_unique<fake_talk>(record);
  }

  void comes() {
    waiting_.insert(++last_);
    if (client_)
      client_(last_);
  }

  std::vector<std::shared_ptr<talk_record>> talks;

private:
  std::function<void(ticket)> client_;
  std::set<ticket> waiting_;
  ticket last_ = 0;
};

/// Somebody who sees packets, and what he is told.
struct tap_record {
  net::tap::sink sink;
  std::string last_words;
  bool over = false;
};

class fake_tap : public net::tap {
public:
  explicit fake_tap(std::shared_ptr<tap_record> what)
    : record_(std::move(what)) {}
  fake_tap(const fake_tap&) = delete;
  fake_tap& operator=(const fake_tap&) = delete;
  ~fake_tap() override {
    record_->over = true;
  }
  void end(const std::string& why) override {
    record_->last_words = why;
  }

private:
  std::shared_ptr<tap_record> record_;
};

class fake_premises : public net::premises {
public:
  using forget = std::function<void(const fake_premises*)>;

  fake_premises(container_spec spec, lease at, forget vacated)
    : forget_(std::move(vacated)), spec_(std::move(spec)) {
    info_.name = spec_.name;
    info_.network = spec_.network;
    info_.address = at;
    held = at;
  }
  const container_spec& spec() const override {
    return spec_;
  }
  lease address() const override {
    return info_.address;
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
  net::agent_door* agent() override {
    return spec_.attached() ? nullptr : &agent_clients;
  }
  std::unique_ptr<net::tap> tap(net::tap::sink events) override {
    taps.push_back(std::make_shared<tap_record>());
    taps.back()->sink = std::move(events);
    return std::make_unique<fake_tap>(taps.back());
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
  void vacate(std::function<void(std::vector<std::string>)> done) override {
    sink_ = nullptr;
    ports_.clear();
    auto left = leftovers;
    forget_(this);
    done(left);
  }

  // -- what a test says -------------------------------------------------------

  void renumber(const lease& at) {
    held = at;
    info_.address = at;
  }
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

  fake_agent_door agent_clients;
  std::vector<std::shared_ptr<tap_record>> taps;
  lease held;
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

  forget forget_;
  container_spec spec_;
  container_info info_;
  std::vector<std::shared_ptr<fake_port>> ports_;
  std::vector<premises_event> told_;
  sink sink_;
};

} // namespace pier::test
