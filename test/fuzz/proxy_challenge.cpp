/// What a proxy asks for that wants to know who we are.

#include "net/proxy/challenge.hpp"
#include "net/proxy/digest.hpp"
#include "test/fuzz/target.hpp"

#include <string>

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of({data, size});
  auto all = net::parse_challenges(text);
  must(all.size() <= 16, "no more challenges than there may be");
  for (const auto& each : all) {
    must(!each.scheme.empty(), "a challenge has a scheme");
    must(each.parameters.size() <= 32, "no more parameters than there may be");
    must(
      each.token.empty()
        || each.token.find_first_of(" \r\n\"") == std::string::npos,
      "a token is one word");
  }
  auto chosen = net::strongest_digest(all);
  if (!chosen)
    return 0;
  secret user{"user"};
  secret password{"hush"};
  auto said = net::answer_digest(
    *chosen, {user, password, "CONNECT", "web.example:443", 1, "cnonce"});
  must(
    said.find_first_of("\r\n") == std::string::npos, "an answer is one line");
  // Unless that is what the proxy has said itself; some of it we leave out.
  std::string shown{text};
  std::erase_if(shown, [](char each) {
    return each == '\0' || each == '\r' || each == '\n' || each == '\\';
  });
  if (shown.find("hush") == std::string::npos)
    must(said.find("hush") == std::string::npos, "no password is told");
  auto again = net::parse_challenges(said);
  must(
    again.size() == 1 && again[0].parameter("uri") == "web.example:443",
    "an answer is read as it was meant");
  return 0;
}
