/// What a person, or the environment, gives for a proxy; and where a script is
/// fetched from.

#include "messages/upstream_proxy.hpp"

#include "net/pac/script_url.hpp"
#include "test/fuzz/target.hpp"

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of({data, size});
  if (auto read = parse_upstream_proxy(text)) {
    must(read->port != 0 && !read->host.empty(), "there is a place");
    auto bare = *read;
    bare.user = secret{};
    bare.password = secret{};
    auto again = parse_upstream_proxy(to_string(bare));
    must(again && *again == bare, "a proxy is read back as it was");
    for (const auto* each : {&read->user, &read->password})
      must(
        each->reveal().find_first_of("\r\n") == std::string::npos,
        "a login is one line");
  } else {
    must(!read.error().text.empty(), "a refusal has a sentence");
  }
  if (auto url = net::parse_script_url(text)) {
    auto again = net::parse_script_url(to_string(*url));
    must(again && *again == *url, "a URL is read back as it was");
    must(
      url->path.find_first_of(" \r\n") == std::string::npos,
      "a path is one word");
  }
  return 0;
}
