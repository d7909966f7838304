/// What a person asks about: what is taken can be spelled out and taken again.

#include "config/destination.hpp"

#include "config/host_port_grammar.hpp"
#include "test/fuzz/target.hpp"

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of({data, size});
  if (auto to = config::parse_destination(text)) {
    must(to->at.port != 0, "there is a port");
    auto again = config::parse_destination(to_string(*to));
    must(again && *again == *to, "a destination is read back as it was");
  } else {
    must(!to.error().text.empty(), "a refusal has a sentence");
  }
  if (auto port = config::parse_host_port(text)) {
    must(port->port != 0, "there is a port");
    auto again = config::parse_host_port(to_string(*port));
    must(again && *again == *port, "a port is read back as it was");
  }
  return 0;
}
