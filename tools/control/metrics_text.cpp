#include "tools/control/metrics_text.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <initializer_list>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

namespace pier::control {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

/// Label and value. Whose the series is comes first.
using labels = std::vector<ClientMetric::Label>;

double seconds(std::chrono::microseconds of) {
  return std::chrono::duration<double>(of).count();
}

/// Role: one family, to which series are added.
class family {
public:
  family(std::string name, std::string help, MetricType type) {
    made_.name = std::move(name);
    made_.help = std::move(help);
    made_.type = type;
  }

  ClientMetric& add(labels of) {
    auto& out = made_.metric.emplace_back();
    out.label = std::move(of);
    return out;
  }

  template <class Number>
  void add(labels of, Number value) {
    auto& out = add(std::move(of));
    // Of the two the other one is never looked at.
    out.counter.value = out.gauge.value = static_cast<double>(value);
  }

  /// Of which nothing is said while nothing was counted.
  void give_to(std::vector<MetricFamily>& all) {
    if (!made_.metric.empty())
      all.push_back(std::move(made_));
  }

private:
  MetricFamily made_;
};

family counter(std::string name, std::string help) {
  return {std::move(name), std::move(help), MetricType::Counter};
}

family gauge(std::string name, std::string help) {
  return {std::move(name), std::move(help), MetricType::Gauge};
}

/// The families of flows, of one kind of owner.
struct flow_families {
  explicit flow_families(const std::string& kind)
    : begun(counter(
      "pier_" + kind + "_flows_total",
      "Flows that began, those included that were refused later.")),
      open(gauge("pier_" + kind + "_open_flows", "Flows that run.")),
      sent(counter(
        "pier_" + kind + "_sent_bytes_total",
        "Bytes that the guest's side has sent.")),
      received(counter(
        "pier_" + kind + "_received_bytes_total",
        "Bytes that the guest's side has received.")),
      refused(counter(
        "pier_" + kind + "_refused_flows_total",
        "Flows that did not come about, by what their beginner heard.")) {}

  void add(const labels& of, const flow_tally& counts) {
    begun.add(of, counts.begun);
    open.add(of, counts.open);
    sent.add(of, counts.bytes.sent);
    received.add(of, counts.bytes.received);
    for (const auto& [why, times] : counts.refused) {
      auto more = of;
      more.push_back({"reason", std::string{to_string(why)}});
      refused.add(std::move(more), times);
    }
  }

  void give_to(std::vector<MetricFamily>& all) {
    for (auto* each : {&begun, &open, &sent, &received, &refused})
      each->give_to(all);
  }

  family begun, open, sent, received, refused;
};

constexpr direction ways[] = {direction::outbound, direction::inbound};
constexpr protocol protocols[] = {protocol::tcp, protocol::udp, protocol::icmp};

/// Series that were never touched are left out: a container that only listens
/// has no pings.
bool is_touched(const flow_tally& of) {
  return of.begun > 0 || !of.refused.empty();
}

void add_flows(
  flow_families& to, const std::string& label, const named_tally& of) {
  for (auto way : ways)
    for (auto proto : protocols)
      if (const auto& counts = of.counts.of(way, proto); is_touched(counts))
        to.add(
          {{label, of.name},
           {"direction", to_string(way)},
           {"protocol", std::string{to_string(proto)}}},
          counts);
}

/// "8000:80/tcp" of "port 8000:80/tcp".
std::string port_name(const std::string& id) {
  constexpr std::string_view front = "port ";
  return id.starts_with(front) ? id.substr(front.size()) : id;
}

void add_restarts(family& to, const std::string& label, const named_tally& of) {
  for (const auto& [actor, times] : of.counts.restarts)
    to.add({{label, of.name}, {"actor", actor}}, times);
}

void add_names(family& questions, family& latency, const named_tally& of) {
  const auto& names = of.counts.names;
  for (size_t i = 0; i < names.outcomes.size(); ++i)
    if (names.outcomes[i] > 0)
      questions.add(
        {{"container", of.name},
         {"outcome", std::string{to_string(static_cast<dns_outcome>(i))}}},
        names.outcomes[i]);
  uint64_t sum = 0;
  for (auto each : names.within)
    sum += each;
  if (sum == 0)
    return;
  auto& histogram = latency.add({{"container", of.name}}).histogram;
  histogram.sample_count = sum;
  histogram.sample_sum = seconds(names.sum);
  uint64_t so_far = 0;
  for (size_t i = 0; i < names.within.size(); ++i) {
    so_far += names.within[i];
    auto bound = i < dns_tally::bounds.size()
      ? seconds(dns_tally::bounds[i])
      : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({so_far, bound});
  }
}

void add_containers(std::vector<MetricFamily>& to, const metrics& all) {
  flow_families flows{"container"}, ports{"port"};
  auto questions = counter(
    "pier_dns_questions_total", "DNS questions, by what became of them.");
  family latency{
    "pier_dns_duration_seconds",
    "How long others took to answer a DNS question, or not to.",
    MetricType::Histogram};
  auto restarts = counter(
    "pier_container_restarts_total", "Actors of a container that were reborn.");
  for (const auto& each : all.containers) {
    add_flows(flows, "container", each);
    for (const auto& [id, counts] : each.counts.ports)
      ports.add({{"container", each.name}, {"port", port_name(id)}}, counts);
    add_names(questions, latency, each);
    add_restarts(restarts, "container", each);
  }
  flows.give_to(to);
  ports.give_to(to);
  for (auto* each : {&questions, &latency, &restarts})
    each->give_to(to);
}

void add_forwards(std::vector<MetricFamily>& to, const metrics& all) {
  flow_families flows{"forward"};
  auto restarts = counter(
    "pier_forward_restarts_total", "Actors of a forward that were reborn.");
  for (const auto& each : all.forwards) {
    add_flows(flows, "forward", each);
    add_restarts(restarts, "forward", each);
  }
  flows.give_to(to);
  restarts.give_to(to);
}

template <class Number>
void add_one(
  std::vector<MetricFamily>& to, family made, Number value, labels of = {}) {
  made.add(std::move(of), value);
  made.give_to(to);
}

void add_supervisor(std::vector<MetricFamily>& to, const metrics& all) {
  add_one(
    to, gauge("pier_containers", "Containers that are there."),
    all.containers.size());
  add_one(to, gauge("pier_actors", "Actors that live."), all.actors);
  auto restarts = counter(
    "pier_restarts_total", "Actors that were reborn, next below the root.");
  for (const auto& [actor, times] : all.restarts)
    restarts.add({{"actor", actor}}, times);
  restarts.give_to(to);
  add_one(
    to, gauge("pier_dns_cached_answers", "Answers that are kept."), all.cached);
  add_one(
    to,
    counter(
      "pier_dns_cache_hits_total", "Questions that the cache has answered."),
    all.cache_hits);
  add_one(
    to,
    counter(
      "pier_dns_cache_misses_total",
      "Questions that the cache could not answer."),
    all.cache_misses);
  auto relays = counter(
    "pier_relay_cpu_seconds_total",
    "What each relay loop has had of a processor.");
  for (size_t i = 0; i < all.relays.size(); ++i)
    relays.add({{"thread", std::to_string(i)}}, seconds(all.relays[i]));
  relays.give_to(to);
}

/// By the names that every exporter gives them.
void add_process(std::vector<MetricFamily>& to, const process_facts& ours) {
  add_one(
    to,
    counter(
      "process_cpu_seconds_total",
      "What the process has had of the processors."),
    seconds(ours.processor_time));
  add_one(
    to, gauge("process_open_fds", "Descriptors that are open."),
    ours.descriptors);
  add_one(
    to, gauge("process_max_fds", "Descriptors that may be open."),
    ours.most_descriptors);
  add_one(
    to, gauge("process_resident_memory_bytes", "Memory that is resident."),
    ours.resident_bytes);
  add_one(
    to, gauge("process_virtual_memory_bytes", "Memory that is mapped."),
    ours.virtual_bytes);
  add_one(
    to, gauge("process_threads", "Threads of the process."), ours.threads);
  add_one(
    to,
    gauge(
      "process_start_time_seconds", "When the process began, since the epoch."),
    ours.started);
}

} // namespace

std::string metrics_text(const metrics& all, const process_facts& ours) {
  std::vector<MetricFamily> families;
  add_containers(families, all);
  add_forwards(families, all);
  add_supervisor(families, all);
  add_process(families, ours);
  return prometheus::TextSerializer{}.Serialize(families);
}

} // namespace pier::control
