#pragma once

/// What waits for the readers of taps until it is sent to them.

#include "net/audit/ledger.hpp"
#include "net/capture/tap.hpp"

#include <array>
#include <map>
#include <string>
#include <utility>

namespace pier::net {

class tap_store {
public:
  /// `ours` are the numbers of a tap's own ends, until it is forgotten.
  ticket keep(tap_ends what, std::array<int, 2> ours, std::string link) {
    kept_.emplace(++last_, std::move(what));
    open_.emplace(last_, open_tap{ours, std::move(link)});
    return last_;
  }

  /// Without descriptors: the ticket is void.
  tap_ends take(ticket number) {
    auto found = kept_.extract(number);
    return found ? std::move(found.mapped()) : tap_ends{};
  }

  void forget(ticket number) {
    kept_.erase(number);
    open_.erase(number);
  }

  void account(ledger& to) const {
    for (const auto& [number, each] : open_)
      for (auto own : each.ours)
        to.claim(own, "gateway: a capture at " + each.link);
    for (const auto& [number, each] : kept_)
      for (const auto* one : {&each.packets, &each.line})
        to.claim(*one, "gateway: a capture that is on its way to its reader");
  }

private:
  struct open_tap {
    std::array<int, 2> ours;
    std::string link;
  };
  std::map<ticket, tap_ends> kept_;
  std::map<ticket, open_tap> open_;
  ticket last_ = 0;
};

} // namespace pier::net
