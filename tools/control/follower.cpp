#include "tools/control/follower.hpp"

#include <utility>

namespace pier::control {

namespace {

/// Of news on their way to one client; some hundred of them.
constexpr size_t most_unsent = 64 << 10;

} // namespace

follower::follower(
  const journal& from, news_wish what, std::function<void()> caught_up)
  : journal_(from),
    wish_(std::move(what)),
    caught_up_(std::move(caught_up)),
    next_(wish_.kept ? from.begin() : from.end()),
    kept_until_(from.end()) {}

void follower::tell_missed(channel& line) {
  auto first = journal_.begin();
  if (next_ >= first)
    return;
  auto count = first - std::exchange(next_, first);
  line.send(encode_event(
    {event::kind::missed,
     {},
     std::to_string(count)
       + " events, which came faster than they were read"}));
}

void follower::catch_up() {
  if (next_ >= kept_until_ && caught_up_)
    std::exchange(caught_up_, nullptr)();
}

void follower::tell(channel& line) {
  auto end = wish_.follow ? journal_.end() : kept_until_;
  while (next_ < end && line.unsent() < most_unsent) {
    tell_missed(line);
    if (next_ >= end)
      break;
    const auto& news = journal_.at(next_);
    auto is_new = next_ >= kept_until_;
    ++next_;
    if (wish_.wants(news) && (is_new || news.at >= wish_.since))
      line.send(encode_event(news));
    catch_up();
  }
  catch_up();
}

} // namespace pier::control
