/// A guest's question: read, answered by the zone, failed.

#include "net/dns/anatomy.hpp"
#include "net/dns/own_answer.hpp"
#include "net/dns/wire.hpp"
#include "net/dns/zone.hpp"
#include "test/fuzz/target.hpp"

using namespace pier;
using fuzz::must;

namespace {

constexpr size_t most_failure = 12 + 255 + 4;

net::zone household() {
  net::zone out;
  out.suffixes = {"docker.internal"};
  out.gateway = {
    ip_address::v4({10, 0, 0, 1}), ip_address::loopback(family::v6)};
  out.host = {
    ip_address::v4({10, 0, 0, 254}), ip_address::loopback(family::v6)};
  out.containers["web"] = {
    ip_address::v4({10, 0, 0, 3}), ip_address::loopback(family::v6)};
  return out;
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  net::dns_view query{data, size};
  static const auto zone = household();
  auto takes = net::udp_size(query);
  must(takes >= 512 && takes <= 65507, "the asker's size is sane");
  auto failure = net::make_failure(query, net::dns_code::failure);
  must(failure.size() <= most_failure, "a failure is short");
  must(!net::read_question(failure), "a failure is no question");
  auto question = net::read_question(query);
  if (!question)
    return 0;
  must(question->name.size() <= 253, "a name has 253 characters at most");
  must(net::answers(query, failure), "a failure is to its question");
  auto own = net::answer(zone, *question).value_or(dns_answer{});
  must(
    net::answers(query, net::make_answer(query, own)),
    "an answer is to its question");
  // A container may bear any name, domain name or not.
  own.what = dns_answer::kind::records;
  own.pointer = question->name;
  must(
    net::answers(query, net::make_answer(query, own)),
    "a pointer's answer is to its question");
  return 0;
}
