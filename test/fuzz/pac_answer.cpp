/// What a PAC script answers, and what its process says.

#include "net/pac/answer.hpp"
#include "net/pac/wire.hpp"
#include "test/fuzz/target.hpp"

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of({data, size});
  if (auto said = net::read_pac_saying(text))
    must(net::to_wire(*said) == text, "a saying is written as it was read");
  auto all = net::parse_pac_answer(text);
  if (!all) {
    must(!all.error().text.empty(), "a refusal has a sentence");
    return 0;
  }
  must(!all->empty() && all->size() <= 16, "there is a way, and not too many");
  for (const auto& each : *all) {
    must(!to_string(each).empty(), "a way can be told");
    if (each.way != proxy_choice::kind::through)
      continue;
    must(!each.proxy.has_login(), "a script tells nobody a login");
    auto again = parse_upstream_proxy(to_string(each.proxy));
    must(again && *again == each.proxy, "a proxy is read back as it was");
  }
  return 0;
}
