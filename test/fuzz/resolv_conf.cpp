/// The host's resolv.conf, whoever has written it.

#include "net/dns/host_resolver.hpp"
#include "test/fuzz/target.hpp"

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto got = net::parse_resolv_conf(fuzz::text_of({data, size}));
  must(got.servers.size() <= 8, "at most 8 servers");
  must(got.search.size() <= 16, "at most 16 search domains");
  for (const auto& each : got.servers)
    must(each.port == 53, "a server listens on port 53");
  for (const auto& each : got.search)
    must(!each.empty() && each.size() < 254, "a search domain is a name");
  return 0;
}
