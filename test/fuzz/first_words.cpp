/// The first bytes of a connection that is led to a proxy.

#include "net/http/first_words.hpp"

#include "test/fuzz/target.hpp"

#include <algorithm>
#include <cctype>

using namespace pier;
using fuzz::must;
using kind = net::first_words::kind;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::bytes all{data, size};
  auto words = net::read_first_words(all);
  auto has_name = words.what == kind::tls || words.what == kind::http;
  must(has_name == !words.host.empty(), "whoever is named has a name");
  must(words.host.size() <= 253, "a name is bounded");
  must(
    std::none_of(
      words.host.begin(), words.host.end(),
      [](unsigned char c) { return c <= ' ' || std::isupper(c) != 0; }),
    "a name is in lower case, and no more than one");
  must(
    size < net::most_first_words || words.what != kind::incomplete,
    "a bounded number of bytes is waited for");
  // What is said already is not said otherwise by more.
  if (words.what != kind::incomplete || size == 0)
    return 0;
  auto half = net::read_first_words(all.first(size / 2));
  must(half.what == kind::incomplete, "what is not known was not known before");
  return 0;
}
