#pragma once

/// Links that are to be pulled. A keeper that dies meanwhile leaves that to the
/// next one: the link of a guest whose namespace lives on would stay for ever,
/// and any other's for as long as the kernel likes.

#include "messages/container.hpp"
#include "messages/error.hpp"
#include "net/lifeline.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <list>
#include <memory>

namespace pier::net {

class link_removals {
public:
  using taker = std::function<void(result<void>)>;

  /// `ask` asks the keeper that there is. It answers ec::gateway_lost, or
  /// nothing, when that one is gone.
  link_removals(
    boost::asio::io_context& io, std::function<void(const lease&, taker)> ask);

  /// Answered when the link is gone, or nobody can pull it within a deadline.
  void remove(const lease& at, taker done);

  /// There is a new keeper.
  void retry();

private:
  struct removal;

  void attempt(const std::shared_ptr<removal>& which);
  void settle(const std::shared_ptr<removal>& which, result<void> how);

  boost::asio::io_context& io_;
  std::function<void(const lease&, taker)> ask_;
  std::list<std::shared_ptr<removal>> all_;
  lifeline life_;
};

} // namespace pier::net
