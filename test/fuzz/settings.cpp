/// A settings file: settings that can be printed and read again, or complaints
/// that can be shown.

#include "config/difference.hpp"
#include "config/load.hpp"
#include "config/print.hpp"
#include "test/fuzz/target.hpp"

#include <algorithm>

using namespace pier;
using fuzz::must;

namespace {

bool speaks_to_terminals(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char each) {
    return (each < 0x20 && each != '\n') || each == 0x7f;
  });
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto text = fuzz::text_of({data, size});
  auto read = config::read_settings(text);
  if (read.wrong.empty()) {
    const auto& value = read.value;
    auto again = config::load("again", config::print(value));
    must(again && *again == value, "what is printed is read as it was");
    auto there = config::apply({}, config::diff({}, value));
    must(there && *there == value, "the difference leads to where it was told");
    return 0;
  }
  for (const auto& each : read.wrong)
    must(
      each.where.line == 0 || each.where.column > 0,
      "a complaint has a place or none");
  auto drawn = config::draw(read.wrong, "pier.toml", text);
  must(!drawn.empty() && drawn.back() == '\n', "a complaint can be shown");
  must(drawn.size() < 20000, "what is shown is bounded");
  must(!speaks_to_terminals(drawn), "what is shown is only shown");
  return 0;
}
