#pragma once

/// Circuits and exchanges that record what becomes of them.

#include "net/network.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace pier::test {

/// What a test sees of one circuit, also after its death.
struct circuit_record {
  net::circuit::sink sink;
  std::vector<endpoint> dials;
  std::vector<proxy_way> ways;
  bool joined = false;
  bool alive = true;
  std::optional<ec> refused;
  traffic bytes{7, 8};
  flow_sides sides{};

  void tell(circuit_event::kind what, ec why = ec::ok) const {
    sink({what, why, {}});
  }
};

struct exchange_record {
  net::exchange::sink sink;
  std::optional<dns_answer> answer;
  bool forwarded = false;
  dns_course course;
  std::optional<dns_refusal> refusal;
  bool failed = false;
  bool alive = true;
};

/// What a test sees of a connection that goes by a proxy.
struct proxy_record {
  net::proxy_client who = net::proxy_client::knowing;
  net::proxy_talk::sink sink;
  std::vector<proxy_course> allowed;
  std::vector<error> refused;
  bool alive = true;

  void tell(proxy_event::kind what, error why = {ec::ok, {}}) const {
    proxy_event news;
    news.news = what;
    news.why = std::move(why);
    sink(news);
  }
  void ask(const proxy_request& what) const {
    proxy_event news;
    news.news = proxy_event::kind::asked;
    news.what = what;
    sink(news);
  }
};

class fake_proxy_talk : public net::proxy_talk {
public:
  explicit fake_proxy_talk(std::shared_ptr<proxy_record> record)
    : record_(std::move(record)) {}
  ~fake_proxy_talk() override {
    record_->alive = false;
    record_->sink = nullptr;
  }
  void allow(const proxy_course& by) override {
    record_->allowed.push_back(by);
  }
  void refuse(const error& why) override {
    record_->refused.push_back(why);
  }
  traffic bytes() const override {
    return {9, 10};
  }

private:
  std::shared_ptr<proxy_record> record_;
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
  bool dial_through(const proxy_way& way) override {
    record_->ways.push_back(way);
    return true;
  }
  void join() override {
    record_->joined = true;
  }
  void refuse(ec why) override {
    record_->refused = why;
  }
  traffic bytes() const override {
    return record_->bytes;
  }
  flow_sides sides() const override {
    return record_->sides;
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
  void forward(const dns_course& how) override {
    record_->forwarded = true;
    record_->course = how;
  }
  void refuse(dns_refusal why) override {
    record_->refusal = why;
  }
  void fail() override {
    record_->failed = true;
  }

private:
  std::shared_ptr<exchange_record> record_;
};

} // namespace pier::test
