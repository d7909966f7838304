#include "tools/pierd/console_door.hpp"

#include "tools/control/listen_at.hpp"

#include <boost/asio/local/connect_pair.hpp>

#include <spdlog/spdlog.h>
#include <unistd.h>

namespace pier::daemon {

namespace asio = boost::asio;

console_door::console_door(
  asio::io_context& io, supervisor& behind, control::server& desks,
  reporter news)
  : io_(io), behind_(behind), desks_(desks), news_(std::move(news)), door_(io) {
  door_.on_guest =
    [this](uint64_t number, const std::string& name, net::fd socket) {
      welcome(number, name, std::move(socket));
    };
  door_.on_gone = [this](uint64_t number, const error& why) {
    spdlog::debug("console {}: {}", number, why.text);
    guests_.erase(number);
    behind_.detach_console(number);
  };
}

console_door::~console_door() {
  if (!path_.empty())
    ::unlink(path_.c_str());
}

result<void> console_door::open(const std::string& path) {
  auto listener = control::listen_at(path, "the console's socket");
  if (!listener)
    return listener.error();
  path_ = path;
  door_.serve(std::move(*listener));
  return {};
}

void console_door::welcome(
  uint64_t number, const std::string& name, net::fd socket) {
  guests_.emplace(number, guest{name});
  behind_.attach_console(number, name, socket.release(), [](result<void>) {});
}

void console_door::gone(uint64_t console) {
  guests_.erase(console);
  door_.dismiss(console);
}

control::client& console_door::desk_of(uint64_t number, guest& who) {
  if (who.desk)
    return *who.desk;
  control::client::socket ours{io_}, theirs{io_};
  asio::local::connect_pair(ours, theirs);
  desks_.adopt(std::move(theirs));
  who.desk = control::client::over(io_, std::move(ours));
  who.desk->on_event = [this, number](const event& news) {
    behind_.tell_console(number, news);
  };
  return *who.desk;
}

void console_door::ask(
  uint64_t console, uint64_t id, const std::string& request) {
  auto found = guests_.find(console);
  if (found == guests_.end())
    return;
  auto answer = [this, console, id](const result<control::json::value>& said) {
    behind_.answer_console(console, id, control::encode_reply(id, said));
  };
  auto asked = control::decode_request(request);
  if (!asked.what)
    return answer(asked.what.error());
  if (asked.what->stdio)
    return answer(error{
      ec::not_supported,
      "a console has no descriptors to hand over; start it with \"pier run\" "
      "on "
      "that machine, or with -d"});
  record(found->second, *asked.what);
  desk_of(console, found->second).ask(std::move(*asked.what), answer);
}

void console_door::record(const guest& who, const control::request& what) {
  if (control::only_reads(what.what))
    return;
  auto name = what.what == control::verb::run ? what.spec.name : what.name;
  news_(
    {event::kind::console_acted, name,
     who.name + ": " + std::string{to_string(what.what)}
       + (name.empty() ? "" : " " + name)});
}

} // namespace pier::daemon
