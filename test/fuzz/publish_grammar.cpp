/// `-p` and `--expose`: what is taken can be spelled out and taken again.

#include "config/publish_grammar.hpp"

#include "test/fuzz/target.hpp"

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of({data, size});
  if (auto spec = config::parse_publish(text)) {
    must(
      spec->container.first > 0
        && spec->container.first <= spec->container.last,
      "container ports are a range");
    must(
      spec->host.any() || spec->host.size() == spec->container.size()
        || spec->container.size() == 1,
      "host ports match the container's");
    auto again = config::parse_publish(to_string(*spec));
    must(again && *again == *spec, "a spec is read back as it was");
  } else {
    must(!spec.error().text.empty(), "a refusal has a sentence");
  }
  if (auto spec = config::parse_expose(text))
    must(spec->host.any() && !spec->host_ip, "what is exposed binds nothing");
  return 0;
}
