#include "tools/control/server.hpp"

#include "messages/redact.hpp"
#include "tools/control/connection.hpp"
#include "tools/control/listen_at.hpp"
#include "tools/control/more_descriptors.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>

namespace pier::control {

namespace asio = boost::asio;
using unix_socket = asio::local::stream_protocol::socket;

namespace {

constexpr size_t max_connections = 128;
constexpr size_t max_observers = 32;
constexpr auto drain_deadline = std::chrono::seconds{2};

} // namespace

/// Role: the listening socket and its connections. Shared with handlers that
/// may run after the server has gone; `shut` says so.
struct server::core : std::enable_shared_from_this<core> {
  core(asio::io_context& loop, supervisor& behind, options with)
    : io(loop),
      acceptor(loop),
      pause(loop),
      deadline(loop),
      about(std::make_shared<connection::house>(connection::house{
        behind, loop, with.program, with.host, with.takes_runs})),
      path(std::move(with.path)) {}

  audit_marks marks() const;
  void accept_next();
  bool accept_beyond_the_limit();
  void admit(unix_socket peer);
  void serve(unix_socket peer, bool may_only_look = false);
  bool lets_look(const peer_identity& peer) const;
  void forget(const connection* gone);
  void settled();
  void hide();
  void drained();

  asio::io_context& io;
  asio::local::stream_protocol::acceptor acceptor;
  asio::steady_timer pause;
  asio::steady_timer deadline;
  std::shared_ptr<connection::house> about;
  std::string path;
  std::set<std::shared_ptr<connection>> connections;
  std::set<uid_t> observers;
  /// Of the folder, while nobody else may look.
  std::optional<mode_t> folder_mode;
  std::function<void()> when_drained;
  server* owner = nullptr;
};

void server::core::accept_next() {
  acceptor.async_accept(
    [me = shared_from_this()](const auto& why, unix_socket peer) {
      if (!me->acceptor.is_open())
        return;
      if (!why)
        me->admit(std::move(peer));
      if (
        !why || why == asio::error::connection_aborted
        || me->accept_beyond_the_limit())
        return me->accept_next();
      // Out of everything: the client waits in the backlog.
      me->pause.expires_after(std::chrono::milliseconds{100});
      me->pause.async_wait([me](const auto& stopped) {
        if (!stopped && me->acceptor.is_open())
          me->accept_next();
      });
    });
}

/// False: nobody waits, or nothing helps.
bool server::core::accept_beyond_the_limit() {
  boost::system::error_code why;
  unix_socket peer{io};
  {
    more_descriptors meanwhile{max_connections};
    acceptor.non_blocking(true, why);
    acceptor.accept(peer, why);
  }
  if (why)
    return false;
  admit(std::move(peer));
  return true;
}

void server::core::admit(unix_socket peer) {
  auto who = identify(peer.native_handle());
  auto refuse = [&](error why) {
    auto line = encode_reply(0, std::move(why));
    boost::system::error_code ignored;
    peer.non_blocking(true, ignored);
    peer.write_some(asio::buffer(line), ignored);
  };
  auto may_only_look = who && !may_speak(*who, ::geteuid()) && lets_look(*who);
  if (!who || (!may_speak(*who, ::geteuid()) && !may_only_look))
    return refuse(
      {ec::permission_denied,
       "this Pier belongs to user " + std::to_string(::geteuid())
         + "; only that user and root may speak to it"});
  if (connections.size() >= max_connections)
    return refuse(
      {ec::exhausted, "128 clients are connected already; try again later"});
  serve(std::move(peer), may_only_look);
}

bool server::core::lets_look(const peer_identity& peer) const {
  auto looks = [](const auto& each) { return each->may_only_look(); };
  return observers.contains(peer.user)
    && std::count_if(connections.begin(), connections.end(), looks)
    < static_cast<ptrdiff_t>(max_observers);
}

void server::core::serve(unix_socket peer, bool may_only_look) {
  auto who = identify(peer.native_handle());
  auto name = who ? to_string(*who) : std::string{"somebody"};
  auto made = std::make_shared<connection>(
    about, std::move(peer), std::move(name), may_only_look);
  made->on_gone = [weak = weak_from_this()](const connection* gone) {
    if (auto me = weak.lock())
      me->forget(gone);
  };
  made->on_settled = [weak = weak_from_this()] {
    if (auto me = weak.lock())
      me->settled();
  };
  made->on_shutdown = [weak = weak_from_this()] {
    auto me = weak.lock();
    if (me && me->owner && me->owner->on_shutdown)
      me->owner->on_shutdown();
  };
  connections.insert(made);
  made->start();
}

void server::core::forget(const connection* gone) {
  auto same = [gone](const auto& each) { return each.get() == gone; };
  std::erase_if(connections, same);
  settled();
}

/// Something has been answered or has gone.
void server::core::settled() {
  for (const auto& each : connections)
    if (each->unanswered() != 0)
      return;
  if (owner && owner->on_quiet)
    owner->on_quiet();
  drained();
}

void server::core::drained() {
  if (!when_drained)
    return;
  for (const auto& each : connections)
    if (!each->idle())
      return;
  deadline.cancel();
  asio::post(io, std::exchange(when_drained, nullptr));
}

void server::core::hide() {
  if (!acceptor.is_open())
    return;
  ::unlink(path.c_str());
  boost::system::error_code ignored;
  acceptor.close(ignored);
  pause.cancel();
}

result<std::unique_ptr<server>>
server::listen(asio::io_context& io, supervisor& behind, options with) {
  auto listener = listen_at(with.path, "the control socket");
  if (!listener)
    return listener.error();
  auto made = std::make_shared<core>(io, behind, std::move(with));
  made->about->marks = [weak = std::weak_ptr{made}] {
    auto me = weak.lock();
    return me ? me->marks() : audit_marks{};
  };
  made->acceptor.assign(asio::local::stream_protocol{}, listener->release());
  made->accept_next();
  return std::unique_ptr<server>{new server{std::move(made)}};
}

server::server(std::shared_ptr<core> made) : core_(std::move(made)) {
  core_->owner = this;
}

server::~server() {
  core_->owner = nullptr;
  core_->hide();
  core_->deadline.cancel();
  core_->when_drained = nullptr;
  for (const auto& each : std::exchange(core_->connections, {}))
    each->drop();
}

void server::announce(const event& news) {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  auto clean = news;
  clean.text = redact(news.text);
  const auto& kept = core_->about->news.add(
    std::move(clean),
    std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
  // A connection that cannot follow leaves the set later, by a post.
  for (const auto& each : core_->connections)
    each->announce(kept);
}

void server::change_settings_by(settings_door* door) {
  core_->about->settings = door;
}

void server::move_host(const ip_address& to) {
  core_->about->host = to;
}

void server::let_look(const std::set<uid_t>& observers) {
  auto& own = *core_;
  if (observers == own.observers)
    return;
  // Those who look now may be no observers any more: they come again.
  for (const auto& each : own.connections)
    if (each->may_only_look())
      each->hang_up();
  own.observers = observers;
  auto folder = own.path.substr(0, own.path.rfind('/'));
  struct stat facts {};
  if (!own.folder_mode && ::stat(folder.c_str(), &facts) == 0)
    own.folder_mode = facts.st_mode & 07777;
  auto open = !observers.empty();
  constexpr mode_t way_through = S_IXGRP | S_IXOTH;
  ::chmod(own.path.c_str(), open ? 0666 : 0600);
  if (own.folder_mode)
    ::chmod(
      folder.c_str(), open ? *own.folder_mode | way_through : *own.folder_mode);
}

audit_marks server::core::marks() const {
  auto out = owner && owner->marks ? owner->marks() : audit_marks{};
  out.folder = path.substr(0, path.rfind('/'));
  return out;
}

void server::promise(const std::string& name) {
  core_->about->promised.insert(name);
}

void server::adopt(unix_socket peer) {
  core_->serve(std::move(peer));
}

void server::refuse_runs() {
  core_->about->takes_runs = false;
  core_->about->ending = true;
}

void server::drain(std::function<void()> done) {
  core_->hide();
  core_->when_drained = std::move(done);
  core_->deadline.expires_after(drain_deadline);
  core_->deadline.async_wait([me = core_](const auto& stopped) {
    if (!stopped && me->when_drained)
      std::exchange(me->when_drained, nullptr)();
  });
  core_->drained();
}

size_t server::unanswered() const noexcept {
  size_t count = 0;
  for (const auto& each : core_->connections)
    count += each->unanswered();
  return count;
}

size_t server::clients() const noexcept {
  return core_->connections.size();
}

} // namespace pier::control
