/// A line that a client has sent to the control socket.

#include "test/fuzz/target.hpp"
#include "tools/control/protocol.hpp"

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto got = control::decode_request(fuzz::text_of({data, size}));
  if (!got.what) {
    must(!got.what.error().text.empty(), "a refusal has a sentence");
    auto told = control::encode_reply(got.id, got.what.error());
    must(
      told.find('\n') == told.size() - 1, "a refusal is one line, and ends it");
    return 0;
  }
  must(got.id == got.what->id, "the id is the request's");
  auto line = control::encode(*got.what);
  must(line.find('\n') == line.size() - 1, "a request is one line");
  auto again = control::decode_request(line);
  must(
    again.what && control::encode(*again.what) == line,
    "a request is read back as it was");
  return 0;
}
