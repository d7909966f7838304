#include "net/gateway/drop_count.hpp"

#include <utility>

namespace pier::net {

namespace {

constexpr std::chrono::seconds at_first{1};
constexpr std::chrono::seconds later{10};

} // namespace

void drop_count::note(const ip_address& guest) {
  ++dropped_[guest];
  if (!std::exchange(is_going_on_, true))
    tell_in(at_first);
}

void drop_count::tell_in(std::chrono::seconds time) {
  time_.expires_after(time);
  time_.async_wait(life_.guard([this](const boost::system::error_code& why) {
    if (why)
      return;
    auto all = std::exchange(dropped_, {});
    is_going_on_ = !all.empty();
    if (is_going_on_)
      tell_in(later);
    for (const auto& [guest, count] : all)
      if (on_told)
        on_told(guest, count);
  }));
}

} // namespace pier::net
