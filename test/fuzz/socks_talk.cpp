/// What a client says where SOCKS and HTTP are spoken, in pieces of any size.

#include "net/socks/talk.hpp"
#include "net/socks/users.hpp"
#include "test/fuzz/target.hpp"

#include <algorithm>
#include <string>

using namespace pier;
using namespace pier::net;
using fuzz::must;

namespace {

struct outcome {
  std::string said;
  bool over = false;
  bool wished = false;
  std::string first;
  size_t taken = 0;
};

outcome tell(const socks_host& host, std::string_view all, size_t piece) {
  socks_talk talk{host};
  outcome out;
  for (size_t end = piece;; end += piece) {
    end = std::min(end, all.size());
    while (true) {
      auto turn = talk.hear(all.substr(out.taken, end - out.taken));
      must(turn.taken <= end - out.taken, "nothing is taken twice");
      must(!(turn.over && turn.wish), "nobody is sent away with a wish");
      out.taken += turn.taken;
      out.said += turn.said;
      out.over = turn.over;
      out.wished = turn.wish.has_value();
      if (turn.wish)
        out.first = turn.wish->first;
      if (turn.over || turn.wish)
        return out;
      if (turn.taken == 0)
        break;
    }
    if (end == all.size())
      return out;
  }
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  socks_host host;
  host.pac = [](const std::string&) { return std::string{"pac"}; };
  if (data[0] % 2 == 1)
    host.lets_in = [](const socks_login& who) { return who.user == "me"; };
  auto all = fuzz::text_of({data + 1, size - 1});
  auto whole = tell(host, all, all.size() + 1);
  auto slow = tell(host, all, 1 + data[0] / 2);
  must(whole.wished == slow.wished, "however it comes, the same comes of it");
  must(whole.first == slow.first, "and the far side hears the same");
  if (!whole.first.empty())
    must(
      whole.first.ends_with("\r\n\r\n")
        && whole.first.find("\r\n\r\n") == whole.first.size() - 4,
      "what is passed on is one head");
  static_cast<void>(read_users(all));
  return 0;
}
