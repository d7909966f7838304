/// What a proxy asks for that wants to know who we are.

#include "net/proxy/challenge.hpp"
#include "net/proxy/digest.hpp"
#include "test/fuzz/target.hpp"

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
  // Long: of a short one a proxy's own words, their control characters left
  // out, can be made.
  constexpr std::string_view hush = "correct horse battery staple";
  secret password{std::string{hush}};
  auto said = net::answer_digest(
    *chosen, {user, password, "CONNECT", "web.example:443", 1, "cnonce"});
  must(
    said.find_first_of("\r\n") == std::string::npos, "an answer is one line");
  // Unless that is what the proxy has said itself.
  if (text.find(hush) == std::string_view::npos)
    must(said.find(hush) == std::string::npos, "no password is told");
  auto again = net::parse_challenges(said);
  must(
    again.size() == 1 && again[0].parameter("uri") == "web.example:443",
    "an answer is read as it was meant");
  return 0;
}
