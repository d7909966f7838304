/// What clients and servers of SOCKS say to each other. The first byte says
/// which of them; what was read is written as it came, where there is one way
/// only to write it.

#include "net/socks/wire.hpp"
#include "test/fuzz/target.hpp"

using namespace pier;
using namespace pier::net;
using fuzz::must;

namespace {

/// Of fewer bytes of the same it is no message yet, and of more no other one.
template <class Read>
void check(Read read, std::string_view all) {
  auto part = read(all);
  if (!part || part->size == 0) {
    must(
      part.has_error() || all.size() < max_socks_message,
      "no message is longer than it may be");
    return;
  }
  must(part->size <= all.size(), "a message takes no more than there is");
  must(part->size <= max_socks_message, "a message has an end");
  auto cut = read(all.substr(0, part->size - 1));
  must(cut && cut->size == 0, "without its last byte it is not whole");
  auto same = read(all.substr(0, part->size));
  must(same && same->what == part->what, "what follows changes nothing");
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  auto all = fuzz::text_of({data + 1, size - 1});
  switch (data[0] % 7) {
    case 0:
      check(read_socks_offer, all);
      break;
    case 1:
      check(read_socks_choice, all);
      break;
    case 2:
      check(read_socks_login, all);
      if (auto read = read_socks_login(all); read && read->size > 0)
        must(
          to_wire(read->what) == all.substr(0, read->size),
          "a login is written as it came");
      break;
    case 3:
      check(read_socks_welcome, all);
      break;
    case 4:
      check(read_socks_request, all);
      if (auto read = read_socks_request(all); read && read->size > 0)
        must(
          read_socks_request(to_wire(read->what))->what == read->what,
          "a request that is written is the same one");
      break;
    case 5:
      check(read_socks_reply, all);
      break;
    default:
      check(read_socks_datagram, all);
  }
  return 0;
}
