// What was counted, as Prometheus reads it.

#include "tools/control/metrics_text.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <sstream>

using namespace pier;
using namespace pier::control;
using namespace std::chrono_literals;

namespace {

std::set<std::string> lines_of(const metrics& all) {
  std::istringstream text{metrics_text(all, {})};
  std::set<std::string> out;
  for (std::string line; std::getline(text, line);)
    out.insert(line);
  return out;
}

named_tally web() {
  named_tally out{"web", {}};
  auto& tcp = out.counts.of(direction::outbound, protocol::tcp);
  tcp.begun = 3;
  tcp.open = 1;
  tcp.bytes = {10, 20};
  tcp.refused[ec::refused] = 2;
  auto& port = out.counts.ports["port 8000:80/tcp"];
  port.begun = 7;
  out.counts.restarts["sessions"] = 1;
  out.counts.names.outcomes[0] = 4;
  out.counts.names.add(700us);
  out.counts.names.add(20s);
  return out;
}

} // namespace

TEST_CASE("a container's counts are series of its name") {
  metrics all;
  all.containers.push_back(web());
  auto lines = lines_of(all);
  for (
    auto line :
    {R"(# TYPE pier_container_flows_total counter)",
     R"(pier_container_flows_total{container="web",direction="out",protocol="tcp"} 3)",
     R"(pier_container_open_flows{container="web",direction="out",protocol="tcp"} 1)",
     R"(pier_container_sent_bytes_total{container="web",direction="out",protocol="tcp"} 10)",
     R"(pier_container_received_bytes_total{container="web",direction="out",protocol="tcp"} 20)",
     R"(pier_container_refused_flows_total{container="web",direction="out",protocol="tcp",reason="refused"} 2)",
     R"(pier_container_restarts_total{container="web",actor="sessions"} 1)",
     R"(pier_port_flows_total{container="web",port="8000:80/tcp"} 7)",
     R"(pier_dns_questions_total{container="web",outcome="own"} 4)",
     R"(# TYPE pier_dns_duration_seconds histogram)",
     R"(pier_dns_duration_seconds_count{container="web"} 2)",
     R"(pier_dns_duration_seconds_bucket{container="web",le="0.001"} 1)",
     R"(pier_dns_duration_seconds_bucket{container="web",le="+Inf"} 2)",
     R"(pier_containers 1)"}) {
    INFO(line);
    CHECK(lines.count(line) == 1);
  }
}

TEST_CASE("a name may be anything and is still one label") {
  metrics all;
  all.forwards.push_back({"unix:/run/a \"b\"\\\nc", {}});
  all.forwards[0].counts.of(direction::inbound, protocol::tcp).begun = 1;
  CHECK(
    lines_of(all).count(
      R"(pier_forward_flows_total{forward="unix:/run/a \"b\"\\\nc",)"
      R"(direction="in",protocol="tcp"} 1)")
    == 1);
}

TEST_CASE("what is large is told to the last byte") {
  metrics all;
  all.containers.push_back(web());
  all.containers[0].counts.of(direction::outbound, protocol::tcp).bytes.sent
    = 9'007'199'254'740'991;
  CHECK(
    lines_of(all).count(
      R"(pier_container_sent_bytes_total{container="web",direction="out",)"
      R"(protocol="tcp"} 9007199254740991)")
    == 1);
}

TEST_CASE("the process tells what it takes") {
  auto ours = look_at_process();
  CHECK(ours.descriptors > 2);
  CHECK(ours.most_descriptors >= ours.descriptors);
  CHECK(ours.resident_bytes > 100'000);
  CHECK(ours.virtual_bytes >= ours.resident_bytes);
  CHECK(ours.threads >= 1);
  CHECK(ours.started > 1'500'000'000);
}
