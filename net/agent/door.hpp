#pragma once

/// Where a container finds the SSH agent: see net/sandbox/host_services.

#include "net/audit/ledger.hpp"
#include "net/fd.hpp"
#include "net/lifeline.hpp"
#include "net/network.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <functional>
#include <map>
#include <memory>

namespace pier::net {

class kernel_agent_door : public agent_door {
public:
  explicit kernel_agent_door(boost::asio::io_context& io);

  /// A socket for the container to bind and to listen on; we accept on the
  /// same. Empty: there can be none.
  fd share();

  /// The command runs. False: the container could not have it.
  bool open();

  void account(ledger& to, const std::string& owner);

  void watch(std::function<void(ticket)> client) override;
  std::unique_ptr<agent_talk>
  claim(ticket number, agent_talk::sink events) override;

private:
  void await_client();
  void accept_clients();

  boost::asio::io_context& io_;
  boost::asio::posix::stream_descriptor socket_;
  std::function<void(ticket)> client_;
  std::map<ticket, fd> waiting_;
  ticket last_ = 0;
  bool open_ = false;
  bool awaiting_ = false;
  lifeline life_;
};

} // namespace pier::net
