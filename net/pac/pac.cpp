#include "net/pac/pac.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace pier::net {

pac::pac(
  boost::asio::io_context& io, std::string program, socket_source sockets,
  const pac_origin& from, pac_limits bounds, script_pauses between)
  : io_(io), program_(std::move(program)), limits_(bounds) {
  if (!from.text.empty()) {
    adopt(from.text);
    return;
  }
  source_.emplace(
    io, std::move(sockets), from.where,
    [this](result<std::string> text) { hear(std::move(text)); }, between);
}

void pac::ask(const pac_question& what, taker done) {
  if (script_)
    return script_->ask(what, std::move(done));
  if (trouble_.empty() && waiting_.size() < limits_.most_waiting)
    return static_cast<void>(waiting_.emplace_back(what, std::move(done)));
  auto why = trouble_.empty() ? "too many questions wait for the PAC script "
                                "to be loaded"
                              : trouble_;
  boost::asio::post(io_, life_.guard([done = std::move(done), why] {
    done({{proxy_choice::kind::blocked, {}, why}});
  }));
}

void pac::hear(result<std::string> text) {
  if (text) {
    trouble_.clear();
    if (!script_ || *text != text_)
      adopt(*text);
  } else if (!script_) {
    trouble_ = text.error().text;
  }
  for (auto& [what, done] : std::exchange(waiting_, {}))
    ask(what, std::move(done));
}

/// Whatever was asked of the old one is asked of it no more, but anew.
void pac::adopt(const std::string& text) {
  text_ = text;
  auto left = script_ ? script_->leave() : pac_script::questions{};
  leaving_ = std::move(script_);
  script_ = std::make_unique<pac_script>(io_, program_, text_, limits_);
  for (auto& [what, done] : left)
    script_->ask(what, std::move(done));
}

} // namespace pier::net
