#include "tools/pierd/console_door.hpp"

#include "tools/control/listen_at.hpp"

#include <boost/asio/local/connect_pair.hpp>

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <set>
#include <string_view>
#include <vector>

namespace pier::daemon {

namespace asio = boost::asio;

namespace {

/// Before the name of a client of another machine, for the event log.
constexpr std::string_view client_front = "client ";

std::string log_name(const std::string& client) {
  return std::string{client_front} + client;
}

} // namespace

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

void console_door::obey(const console_settings& with) {
  if (with.listen == listens_)
    return;
  listens_ = with.listen;
  if (!listens_)
    return door_.stop_listening();
  if (auto done = listen(*listens_); !done) {
    door_.stop_listening();
    listens_.reset();
    news_({event::kind::warning, {}, done.error().text});
  }
}

result<void> console_door::listen(const endpoint& at) {
  if (auto ready = prepare_keys(); !ready)
    return ready.error();
  auto taken = door_.listen(at, [this](net::door::tcp::socket client) {
    return net::make_tls_stream(
      std::move(client), tls_,
      [this](const std::string& fingerprint) { return name_of(fingerprint); });
  });
  if (!taken)
    return taken.error();
  spdlog::info("consoles of other machines come in at {}", to_string(*taken));
  return {};
}

result<void> console_door::prepare_keys() {
  if (tls_)
    return {};
  auto keys = control::console_keys::open();
  if (!keys)
    return keys.error();
  auto tls = net::make_daemon_context(keys->authority(), keys->daemon());
  if (!tls)
    return tls.error();
  keys_ = std::move(*keys);
  tls_ = std::move(*tls);
  revocations_.emplace(
    io_, keys_->clients_file(), [this] { dismiss_revoked(); });
  return {};
}

/// Read anew for each: nobody who has been revoked is let in once more.
std::string console_door::name_of(const std::string& fingerprint) const {
  auto all = keys_->clients();
  auto found = all.find(fingerprint);
  return found == all.end() ? std::string{} : log_name(found->second);
}

void console_door::dismiss_revoked() {
  std::set<std::string> known;
  for (const auto& [print, name] : keys_->clients())
    known.insert(log_name(name));
  std::vector<uint64_t> revoked;
  for (const auto& [number, each] : guests_)
    if (each.name.starts_with(client_front) && !known.contains(each.name))
      revoked.push_back(number);
  for (auto number : revoked) {
    gone(number);
    behind_.detach_console(number);
  }
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
  if (asked.what->what == control::verb::capture)
    return answer(error{
      ec::not_supported,
      "a console takes no descriptors over: \"pier capture\" works on the "
      "machine of the container"});
  record(found->second, *asked.what);
  desk_of(console, found->second).ask(std::move(*asked.what), answer);
}

void console_door::record(const guest& who, const control::request& what) {
  if (control::only_reads(what.what))
    return;
  auto by_hand = what.what == control::verb::obey;
  auto name = what.what == control::verb::run ? what.spec.name : what.name;
  auto act = by_hand ? to_string(what.deed.what) : to_string(what.what);
  auto about = by_hand ? what.deed.path : name;
  news_(
    {event::kind::console_acted, name,
     who.name + ": " + std::string{act} + (about.empty() ? "" : " " + about)});
}

audit_marks console_door::marks() const {
  audit_marks out;
  if (listens_)
    out.places.push_back(*listens_);
  out.has_consoles = !guests_.empty();
  return out;
}

} // namespace pier::daemon
