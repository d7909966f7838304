#pragma once

/// One client of the control server. INTERNAL to tools/control.

#include "tools/control/channel.hpp"
#include "tools/control/follower.hpp"
#include "tools/control/journal.hpp"
#include "tools/control/protocol.hpp"
#include "tools/control/settings_door.hpp"
#include "tools/libpier/pier.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace pier::control {

/// Role: turns a client's requests into calls of the supervisor, and its
/// answers into lines.
/// Lifetime: its server's set, and every request on its way, hold it.
class connection : public std::enable_shared_from_this<connection> {
public:
  /// What all connections of a server share.
  struct house {
    supervisor& behind;
    boost::asio::io_context& io;
    std::string program;
    ip_address host;
    bool takes_runs = true;
    bool ending = false;
    /// Names that are being started, here or by the owner.
    std::multiset<std::string> promised{};
    /// Null: they cannot change here.
    settings_door* settings = nullptr;
    journal news{};
    /// By what an audit knows the owner's things.
    std::function<audit_marks()> marks{};
  };

  /// `name`: of the client, for the event log. `may_only_look`: it is an
  /// observer.
  connection(
    std::shared_ptr<house> all, channel::socket peer, std::string name,
    bool may_only_look = false);

  std::function<void(const connection*)> on_gone;
  std::function<void()> on_settled;
  std::function<void()> on_shutdown;

  void start();

  /// It stands in the journal already.
  void announce(const event& news);

  bool may_only_look() const noexcept {
    return may_only_look_;
  }

  /// The client is heard no more; the server forgets us later, by a post.
  void hang_up();

  /// The server goes. What we hold ends with its supervisor.
  void drop();

  size_t unanswered() const noexcept {
    return unanswered_;
  }

  /// All that was asked has been answered, and has left.
  bool idle() const noexcept {
    return unanswered_ == 0 && line_->idle();
  }

private:
  void hear(std::string_view line);
  void obey(request what);
  void run(request what);
  void follow(request what);
  void why(const request& what);
  void capture(const request& what);
  void obey_settings(const request& what);
  void answer(
    uint64_t id, const result<json::value>& what,
    std::vector<net::fd> descriptors = {});
  void gone(const error& why);
  void let_go();
  json::value version() const;

  /// A callback for the supervisor that answers `id` with what it brings.
  template <class T>
  supervisor::reply<T> answer_to(uint64_t id);

  std::shared_ptr<house> house_;
  std::shared_ptr<channel> line_;
  std::string name_;
  size_t unanswered_ = 0;
  bool may_only_look_ = false;
  bool events_ = false;
  /// Nothing: it wants no news.
  std::optional<follower> follower_;
  bool gone_ = false;    // the client
  bool dropped_ = false; // the server
  /// Containers that live no longer than we do.
  std::set<std::string> held_;
};

} // namespace pier::control
