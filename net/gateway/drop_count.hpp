#pragma once

/// First packets that were dropped unseen, because their guest asks for more
/// than its neighbours can be kept waiting for. One line is made of many: a
/// second after the first, and then each ten seconds while it goes on. Between
/// floods no time passes here.

#include "messages/address.hpp"
#include "net/lifeline.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>

namespace pier::net {

class drop_count {
public:
  explicit drop_count(boost::asio::io_context& io) : time_(io) {}

  /// How many there were since it was told last.
  std::function<void(const ip_address& guest, uint64_t)> on_told;

  /// One more was dropped.
  void note(const ip_address& guest);

private:
  void tell_in(std::chrono::seconds time);

  std::map<ip_address, uint64_t> dropped_;
  boost::asio::steady_timer time_;
  bool is_going_on_ = false;
  lifeline life_;
};

} // namespace pier::net
