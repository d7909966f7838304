/// A line that a server has sent to its client.

#include "test/fuzz/target.hpp"
#include "tools/control/protocol.hpp"

using namespace pier;
using namespace pier::control;
using fuzz::must;

namespace {

/// Whatever is read as a T reads the same when it is told on.
template <class T>
void try_as(const json::value& from) {
  T made;
  if (!read(from, made))
    return;
  auto told = to_json(made);
  T again;
  must(read(told, again), "what we tell, we can read");
  must(to_json(again) == told, "what we read, we tell alike");
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto got = decode_message(fuzz::text_of({data, size}));
  if (!got)
    return 0;
  if (got->news) {
    auto line = encode_event(*got->news);
    must(line.find('\n') == line.size() - 1, "news is one line");
    must(decode_message(line).has_value(), "news is read back");
    return 0;
  }
  auto line = encode_reply(got->id, got->answer);
  must(line.find('\n') == line.size() - 1, "an answer is one line");
  must(decode_message(line).has_value(), "an answer is read back");
  if (!got->answer)
    return 0;
  must(!pretty(*got->answer).empty(), "an answer can be shown");
  try_as<container_info>(*got->answer);
  try_as<container_spec>(*got->answer);
  try_as<std::vector<bound_port>>(*got->answer);
  try_as<health>(*got->answer);
  return 0;
}
