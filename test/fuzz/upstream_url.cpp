/// The URL of a proxy, and what goes by none, as an environment has them.

#include "messages/proxy.hpp"
#include "test/fuzz/target.hpp"

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of({data, size});
  if (auto url = parse_upstream_proxy(text)) {
    must(!url->host.empty() && url->port != 0, "a proxy is somewhere");
    auto again = parse_upstream_proxy(to_string(*url));
    must(
      again && again->host == url->host && again->port == url->port,
      "what is shown is the same place");
    must(
      url->password.reveal().size() < 4
        || to_string(*url).find(url->password.reveal()) == std::string::npos
        || authority(url->host, url->port).find(url->password.reveal())
          != std::string::npos,
      "a password is not shown");
  }
  if (auto one = parse_exclusion(text))
    must(parse_exclusion(to_string(*one)) == one, "an exclusion can be told");
  if (auto ports = parse_transparent_ports(text))
    must(
      parse_transparent_ports(to_string(*ports)) == ports, "ports can be told");
  return 0;
}
