/// Whatever comes into a line of the log, or an event: what was taken out is
/// out, and nothing else is when it is cleaned again.

#include "messages/redact.hpp"
#include "test/fuzz/target.hpp"

#include <string>

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of({data, size});
  auto clean = redact(text);
  must(redact(clean) == clean, "a clean text stays as it is");
  for (auto at = clean.find("://"); at != std::string::npos;
       at = clean.find("://", at + 1)) {
    auto end = clean.find_first_of(" \t\r\n/?#\"'<>", at + 3);
    auto who = clean.substr(at + 3, end - at - 3);
    must(
      who.rfind('@') == std::string::npos || who.starts_with("***@"),
      "nobody is named before a host");
  }
  return 0;
}
