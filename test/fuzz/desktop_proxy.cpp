/// What gsettings prints of a desktop's proxies.

#include "net/proxy/desktop_proxy.hpp"
#include "test/fuzz/target.hpp"

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of({data, size});
  auto found = net::desktop_proxy(text, [](const std::string& why) {
    must(!why.empty(), "what is passed over has a sentence");
  });
  if (!found)
    return 0;
  must(
    found->http || found->https || !found->pac.empty(),
    "what is there names a proxy, or a script");
  for (const auto* each : {&found->http, &found->https})
    must(
      !*each || ((*each)->port != 0 && !(*each)->host.empty()),
      "a proxy has a place");
  return 0;
}
