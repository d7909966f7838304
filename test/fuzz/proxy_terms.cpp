/// What goes by no proxy, and which ports are led, as an environment or a file
/// has them; and a file of credentials.

#include "messages/proxy.hpp"
#include "net/proxy/bypass.hpp"
#include "net/proxy/login_file.hpp"
#include "test/fuzz/target.hpp"

#include <vector>

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of({data, size});
  if (auto one = parse_exclusion(text)) {
    must(parse_exclusion(to_string(*one)) == one, "an exclusion can be told");
    std::vector<exclusion> all{*one};
    if (!one->name.empty() && !one->below)
      must(
        net::find_exclusion(all, one->name, one->port) == all.data(),
        "a name is excluded by itself");
  }
  if (auto ports = parse_transparent_ports(text))
    must(
      parse_transparent_ports(to_string(*ports)) == ports, "ports can be told");
  upstream_proxy proxy;
  proxy.host = "proxy.example";
  auto with = net::with_login_text(proxy, text);
  if (with)
    must(with->host == proxy.host, "a login changes nothing else");
  net::is_loopback(text);
  return 0;
}
