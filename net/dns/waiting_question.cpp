#include "net/dns/waiting_question.hpp"

#include <utility>

namespace pier::net {

namespace {

class pending_exchange : public exchange {
public:
  pending_exchange(upstream& resolvers, waiting_question what, sink events)
    : resolvers_(resolvers),
      what_(std::move(what)),
      events_(std::move(events)) {}
  ~pending_exchange() override {
    fail();
  }
  void answer(const dns_answer& how) override {
    reply(make_answer(what_.query, how));
  }
  void forward() override {
    ask_ = resolvers_.send(
      what_.query, what_.what.over_tcp, [this](result<dns_bytes> got) {
        if (got)
          reply(std::move(*got));
        events_({got ? ec::ok : got.error().code});
      });
  }
  void fail() override {
    reply(make_failure(what_.query, dns_code::failure));
  }

private:
  void reply(dns_bytes bytes) {
    if (auto from = std::exchange(what_.from, nullptr))
      from->reply(std::move(bytes), what_.query);
  }

  upstream& resolvers_;
  waiting_question what_;
  sink events_;
  std::unique_ptr<upstream::ask> ask_;
};

} // namespace

std::unique_ptr<exchange>
take_up(waiting_question what, upstream& resolvers, exchange::sink events) {
  return std::make_unique<pending_exchange>(
    resolvers, std::move(what), std::move(events));
}

} // namespace pier::net
