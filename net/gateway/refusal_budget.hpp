#pragma once

/// Who asks for what is not there, again and again. A first packet that comes
/// to nothing costs as much as one that leads somewhere: whoever scans ports as
/// fast as it can would have a whole processor, and its neighbours would wait
/// for it. So each guest has a thousand refusals at once, and then one each
/// millisecond; what it asks for beyond that is dropped unseen, as a busy
/// network would, and its kernel asks again a second later. Of who owes, what
/// has not been answered counts, too: else a row of them would get in before
/// the first is refused, and its neighbours wait for a row. Pure: whoever has
/// it says when a millisecond is over.

#include "messages/address.hpp"

#include <map>

namespace pier::net {

class refusal_budget {
public:
  static constexpr int at_once = 1000;
  static constexpr int each_time = 1;

  /// One more is to be answered, and has been.
  void ask(const ip_address& guest);
  void answer(const ip_address& guest);

  /// One more was refused.
  void spend(const ip_address& guest);

  bool is_spent(const ip_address& guest) const;

  /// A millisecond is over.
  void recover();

  /// Nobody owes anything: no time need pass.
  bool is_whole() const noexcept;

private:
  struct account {
    int owed = 0;
    int asked = 0;

    bool is_even() const noexcept {
      return owed == 0 && asked == 0;
    }
  };

  std::map<ip_address, account> accounts_;
};

} // namespace pier::net
