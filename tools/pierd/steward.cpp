#include "tools/pierd/steward.hpp"

#include "config/conceal.hpp"
#include "config/difference.hpp"
#include "tools/control/replace_file.hpp"
#include "tools/control/settings_file.hpp"

#include <boost/asio/post.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <ctime>
#include <sstream>
#include <vector>

namespace pier::daemon {

namespace {

namespace asio = boost::asio;
namespace json = control::json;

std::string draw(const std::optional<std::string>& text) {
  return text ? config::conceal(*text) : "nothing";
}

/// A refusal's sentences, without what is drawn below them: of a file that is
/// wrong there is one for each mistake, behind a heading.
std::vector<std::string> sentences(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && line.front() != ' ')
      out.push_back(std::move(line));
  if (out.size() > 1 && out.front().ends_with(':'))
    out.erase(out.begin());
  return out;
}

/// The one that `number` means: the last good one that says something else
/// than `now`, unless it is named.
result<std::string> find_text(
  const control::settings_history& history, uint64_t number,
  const std::string& now) {
  auto all = history.all();
  std::reverse(all.begin(), all.end());
  for (const auto& each : all) {
    if (number != 0 ? each.number != number : !each.good)
      continue;
    auto text = history.text(each);
    if (number != 0 || !text || *text != now)
      return text;
  }
  return error{
    ec::bad_request,
    number == 0 ? "there are no earlier settings to go back to"
                : "there are no settings " + std::to_string(number)
        + " to go back to: see \"pier settings history\""};
}

} // namespace

steward::steward(
  asio::io_context& io, supervisor& over, const daemon_line& line,
  reporter news)
  : io_(io),
    over_(over),
    line_(line),
    news_(std::move(news)),
    path_(control::choose_settings_file(
      control::look_for_settings(line.settings_path))),
    history_(control::history_folder(path_)),
    text_(line.text),
    with_(over.begun_with()),
    trouble_(line.trouble) {
  if (trouble_.empty())
    keep(text_);
  if (path_.empty())
    return;
  watch_.emplace(io_, control::absolute_path(path_), [this] { hear_change(); });
  if (watch_->blind())
    spdlog::warn(
      "{} cannot be watched: \"pier settings reload\" after a change", path_);
  // It may have changed since it was read.
  if (trouble_.empty())
    hear_change();
}

void steward::hear_change() {
  reload([](const result<json::value>&) {});
}

// -- one after the other ------------------------------------------------------

void steward::take_turn(work what) {
  turns_.push_back(std::move(what));
  if (turns_.size() == 1)
    turns_.front()();
}

void steward::end_turn() {
  turns_.pop_front();
  if (!turns_.empty())
    asio::post(io_, life_.guard([this] { turns_.front()(); }));
}

void steward::reload(answer done) {
  take_turn([this, done = std::move(done)] { obey_file(done); });
}

void steward::rollback(uint64_t number, answer done) {
  take_turn(
    [this, number, done = std::move(done)] { roll_back(number, done); });
}

// -- a turn -------------------------------------------------------------------

void steward::obey_file(const answer& done) {
  auto text = control::settings_text(
    control::look_for_settings(line_.settings_path));
  if (!text)
    return fail(text.error(), done);
  // Whoever asks for a reload after a change asks behind the watch.
  if (*text == text_ && trouble_.empty()) {
    done(control::to_json(adoption{}));
    return end_turn();
  }
  auto next = read_line(line_.words, path_, *text);
  if (!next)
    return fail(next.error(), done);
  over_.adopt(
    next->with,
    [&io = io_,
     conclude = life_.guard(
       [this, text = *text, done](const result<adoption>& how) {
         conclude(text, how, done);
       })](result<adoption> how) {
      asio::post(
        io, [conclude, how = std::move(how)]() mutable { conclude(how); });
    });
}

void steward::conclude(
  const std::string& text, const result<adoption>& how, const answer& done) {
  if (!how)
    return fail(how.error(), done);
  trouble_.clear();
  text_ = text;
  keep(text);
  tell(*how);
  if (auto now = config::apply(with_, how->changes)) {
    with_ = std::move(*now);
    if (on_adopted)
      on_adopted(with_);
  }
  done(control::to_json(*how));
  end_turn();
}

void steward::tell(const adoption& what) const {
  auto say = [this](std::string text) {
    spdlog::info("settings: {}", text);
    news_({event::kind::settings_changed, {}, std::move(text)});
  };
  for (const auto& each : what.changes)
    say(
      config::full_path(each) + ": " + draw(each.was) + " -> " + draw(each.is));
  if (what.ended > 0)
    say("the change has ended " + std::to_string(what.ended) + " flows");
}

/// What held goes on to hold.
void steward::fail(const error& why, const answer& done) {
  trouble_ = why.text;
  spdlog::error(
    "settings: {}: the ones before stay in force: {}", path_, why.text);
  for (auto& each : sentences(why.text))
    news_({event::kind::settings_refused, {}, std::move(each)});
  done(why);
  end_turn();
}

void steward::roll_back(uint64_t number, const answer& done) {
  auto text = find_text(history_, number, text_);
  auto there = control::settings_text(
    control::look_for_settings(line_.settings_path));
  auto refuse = [&](const error& why) {
    done(why);
    end_turn();
  };
  if (path_.empty())
    return refuse({ec::bad_request, "there is no settings file here"});
  if (!text)
    return refuse(text.error());
  if (there && *there != text_)
    if (auto kept = history_.keep(*there, false, std::time(nullptr)); !kept)
      return refuse(kept.error());
  if (auto put = control::replace_file(path_, *text); !put)
    return refuse(put.error());
  obey_file(done);
}

void steward::keep(const std::string& text) {
  if (text.empty())
    return;
  if (auto kept = history_.keep(text, true, std::time(nullptr)); !kept)
    spdlog::warn("settings: {}", kept.error().text);
}

// -- questions ----------------------------------------------------------------

void steward::weigh(const std::string& text, answer done) {
  auto next = read_line(line_.words, "-", text);
  if (!next)
    return done(next.error());
  over_.weigh(
    next->with, [&io = io_, done = std::move(done)](result<adoption> how) {
      asio::post(io, [how = std::move(how), done] {
        if (how)
          done(control::to_json(*how));
        else
          done(how.error());
      });
    });
}

json::value steward::describe() const {
  json::array past;
  for (const auto& each : history_.all())
    past.push_back(json::object{
      {"number", each.number}, {"when", each.when}, {"good", each.good}});
  return json::object{
    {"file", path_}, {"trouble", trouble_}, {"history", std::move(past)}};
}

} // namespace pier::daemon
