#include "net/dns/waiting_question.hpp"

#include "net/dns/anatomy.hpp"
#include "net/dns/own_answer.hpp"

#include <utility>

namespace pier::net {

namespace {

class pending_exchange : public exchange {
public:
  pending_exchange(
    upstream& resolvers, net::dns_cache& cache, waiting_question what,
    sink events)
    : resolvers_(resolvers),
      cache_(cache),
      what_(std::move(what)),
      events_(std::move(events)) {}
  ~pending_exchange() override {
    fail();
  }

  void answer(const dns_answer& how) override {
    reply(make_answer(what_.query, how));
  }

  void forward(const dns_course& how) override {
    how_ = how;
    auto query = how.alias.empty() ? what_.query
                                   : ask_instead(what_.query, how.alias);
    if (query.empty())
      return events_({ec::bad_request, {}, {}});
    auto servers = how.servers ? *how.servers : resolvers_.servers();
    if (cache_.is_on())
      key_ = cache_key(query, servers);
    if (key_)
      if (auto known = cache_.find(*key_, query, how.when))
        return pass_on(std::move(*known));
    if (!how.alias.empty())
      asked_instead_ = query;
    ask_ = resolvers_.send(
      std::move(servers), std::move(query), what_.what.over_tcp,
      [this](result<dns_bytes> got) { hear(std::move(got)); });
  }

  void refuse(dns_refusal why) override {
    reply(make_refusal(what_.query, why));
  }

  void fail() override {
    reply(make_failure(what_.query, dns_code::failure));
  }

private:
  void hear(result<dns_bytes> got) {
    auto failed = !got || code_of(*got) == dns_code::failure;
    if (failed && key_)
      if (auto known = cache_.find_stale(*key_, asked(), how_.when))
        return pass_on(std::move(*known));
    if (!got)
      return events_({got.error().code, {}, {}});
    if (key_)
      cache_.keep(*key_, *got, how_.when);
    pass_on(std::move(*got));
  }

  /// What is learned is told before the guest can act on it.
  void pass_on(dns_bytes answer) {
    dns_event news;
    if (how_.learn)
      if (auto parts = dissect(answer)) {
        news.addresses = std::move(parts->addresses);
        news.ttl = std::chrono::seconds{parts->shortest};
      }
    auto events = events_;
    events(news);
    if (how_.alias.empty())
      reply(std::move(answer));
    else
      reply(tell_alias(what_.query, how_.own, answer));
  }

  /// What has really been asked.
  const dns_bytes& asked() const {
    return asked_instead_.empty() ? what_.query : asked_instead_;
  }

  void reply(dns_bytes bytes) {
    if (auto from = std::exchange(what_.from, nullptr))
      from->reply(std::move(bytes), what_.query);
  }

  upstream& resolvers_;
  net::dns_cache& cache_;
  waiting_question what_;
  sink events_;
  dns_course how_;
  std::optional<std::string> key_;
  dns_bytes asked_instead_;
  std::unique_ptr<upstream::ask> ask_;
};

} // namespace

std::unique_ptr<exchange> take_up(
  waiting_question what, upstream& resolvers, dns_cache& cache,
  exchange::sink events) {
  return std::make_unique<pending_exchange>(
    resolvers, cache, std::move(what), std::move(events));
}

} // namespace pier::net
