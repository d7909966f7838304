#include "net/pac/pac_script.hpp"

#include "messages/address.hpp"
#include "net/pac/answer.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

namespace pier::net {

namespace {

constexpr int most_strikes = 3;
constexpr size_t longest_name = 253;

std::vector<proxy_choice> blocked(const std::string& why) {
  return {{proxy_choice::kind::blocked, {}, why}};
}

std::string in_seconds(std::chrono::milliseconds time) {
  if (time.count() % 1000 != 0)
    return std::to_string(time.count()) + " ms";
  return std::to_string(time.count() / 1000) + " s";
}

} // namespace

/// What stands in it becomes a part of a script: nothing may be special there.
std::string url_of(const pac_question& what) {
  auto fits = [](unsigned char each) {
    return std::isalnum(each) != 0 || each == '-' || each == '_' || each == '.';
  };
  auto is_name = !what.host.empty() && what.host.size() <= longest_name
    && std::all_of(what.host.begin(), what.host.end(), fits);
  if (what.port == 0 || (!is_name && !ip_address::parse(what.host)))
    return {};
  return (what.secure ? "https://" : "http://")
    + authority(what.host, what.port) + "/";
}

pac_script::pac_script(
  boost::asio::io_context& io, std::string program, std::string text,
  pac_limits bounds)
  : io_(io),
    program_(std::move(program)),
    text_(std::move(text)),
    limits_(bounds),
    deadline_(io),
    pause_(io),
    forget_(io) {}

void pac_script::ask(const pac_question& what, taker done) {
  auto url = url_of(what);
  if (url.empty())
    return answer(
      std::move(done),
      blocked("the PAC script cannot be asked about "
              "this destination: its name is none"));
  if (auto known = kept_.find(url); known != kept_.end())
    return answer(std::move(done), known->second);
  if (!broken_.empty() || !pausing_.empty())
    return answer(
      std::move(done), blocked(broken_.empty() ? pausing_ : broken_));
  if (line_.size() >= limits_.most_waiting)
    return answer(
      std::move(done),
      blocked("too many questions wait for the PAC script already"));
  line_.push_back({what, std::move(url), std::move(done)});
  go_on();
}

pac_script::questions pac_script::leave() {
  questions out;
  for (auto& each : std::exchange(line_, {}))
    out.emplace_back(std::move(each.what), std::move(each.done));
  ++turn_;
  asked_ = false;
  process_.reset();
  return out;
}

void pac_script::go_on() {
  while (!asked_ && !line_.empty()) {
    auto& next = line_.front();
    // Whoever was before may have wanted to know the same.
    if (auto known = kept_.find(next.url); known != kept_.end()) {
      answer(std::move(next.done), known->second);
      line_.pop_front();
      continue;
    }
    if (!process_)
      return begin_process();
    if (!ready_)
      return;
    asked_ = true;
    await_progress();
    process_->ask(next.url, next.what.host);
  }
}

void pac_script::begin_process() {
  ready_ = false;
  auto made = script_process::start(
    io_, program_, text_,
    [this](std::optional<pac_saying> said) { hear(std::move(said)); });
  if (!made)
    return block_all("the PAC script does not run: " + made.error().text);
  process_ = std::move(*made);
  await_progress();
}

void pac_script::await_progress() {
  deadline_.expires_after(limits_.question);
  deadline_.async_wait(life_.guard(
    [this, turn = ++turn_](const boost::system::error_code& stopped) {
      if (!stopped && turn == turn_)
        strike(
          "the PAC script has not answered in " + in_seconds(limits_.question));
    }));
}

void pac_script::hear(std::optional<pac_saying> said) {
  if (!said)
    return strike(
      "the PAC script has used up its memory, or broken its interpreter");
  if (said->what == pac_word::ready) {
    ++turn_;
    ready_ = true;
    return go_on();
  }
  if (!ready_) {
    ++turn_;
    process_.reset();
    broken_ = "the PAC script is broken: " + said->text;
    return block_all(broken_);
  }
  if (!asked_)
    return;
  ++turn_;
  asked_ = false;
  strikes_ = 0;
  auto now = std::move(line_.front());
  line_.pop_front();
  if (said->what == pac_word::failure) {
    answer(std::move(now.done), blocked("the PAC script fails: " + said->text));
  } else if (auto choices = parse_pac_answer(said->text)) {
    keep(now.url, *choices);
    answer(std::move(now.done), std::move(*choices));
  } else {
    answer(std::move(now.done), blocked(choices.error().text));
  }
  go_on();
}

/// The process is of no more use; whoever was asking hears why.
void pac_script::strike(const std::string& why) {
  ++turn_;
  process_.reset();
  asked_ = ready_ = false;
  if (!line_.empty()) {
    answer(std::move(line_.front().done), blocked(why));
    line_.pop_front();
  }
  if (++strikes_ < most_strikes)
    return go_on();
  strikes_ = 0;
  pausing_ = why + "; it is tried again in " + in_seconds(limits_.pause);
  block_all(pausing_);
  pause_.expires_after(limits_.pause);
  pause_.async_wait(
    life_.guard([this](const boost::system::error_code& why_not) {
      if (!why_not)
        pausing_.clear();
    }));
}

void pac_script::block_all(const std::string& why) {
  for (auto& each : std::exchange(line_, {}))
    answer(std::move(each.done), blocked(why));
}

void pac_script::answer(taker done, std::vector<proxy_choice> what) {
  boost::asio::post(
    io_, life_.guard([done = std::move(done), what = std::move(what)] {
      done(what);
    }));
}

void pac_script::keep(
  const std::string& url, const std::vector<proxy_choice>& what) {
  if (kept_.size() >= limits_.most_kept)
    kept_.clear();
  if (kept_.empty()) {
    forget_.expires_after(limits_.memory);
    forget_.async_wait(
      life_.guard([this](const boost::system::error_code& stopped) {
        if (!stopped)
          kept_.clear();
      }));
  }
  kept_.emplace(url, what);
}

} // namespace pier::net
