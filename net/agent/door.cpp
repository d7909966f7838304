#include "net/agent/door.hpp"

#include "net/agent/talk.hpp"

#include <fcntl.h>
#include <sys/socket.h>

namespace pier::net {

namespace {

/// Clients that nobody has claimed; further ones wait in the kernel's backlog.
constexpr size_t most_waiting = 32;

} // namespace

kernel_agent_door::kernel_agent_door(boost::asio::io_context& io)
  : io_(io), socket_(io) {
  fd made{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (made)
    socket_.assign(made.release());
}

fd kernel_agent_door::share() {
  if (!socket_.is_open())
    return {};
  return fd{::fcntl(socket_.native_handle(), F_DUPFD_CLOEXEC, 3)};
}

bool kernel_agent_door::open() {
  int listens = 0;
  socklen_t size = sizeof(listens);
  open_ = socket_.is_open()
    && ::getsockopt(
         socket_.native_handle(), SOL_SOCKET, SO_ACCEPTCONN, &listens, &size)
      == 0
    && listens != 0;
  await_client();
  return open_;
}

void kernel_agent_door::watch(std::function<void(ticket)> client) {
  client_ = std::move(client);
  for (const auto& [number, each] : waiting_)
    client_(number);
  await_client();
}

void kernel_agent_door::await_client() {
  if (!open_ || !client_ || awaiting_ || waiting_.size() >= most_waiting)
    return;
  awaiting_ = true;
  socket_.async_wait(
    boost::asio::posix::stream_descriptor::wait_read,
    life_.guard([this](const boost::system::error_code& why) {
      awaiting_ = false;
      if (why)
        return;
      accept_clients();
      await_client();
    }));
}

void kernel_agent_door::accept_clients() {
  while (waiting_.size() < most_waiting) {
    fd made{::accept4(
      socket_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (!made)
      return;
    waiting_[++last_] = std::move(made);
    client_(last_);
  }
}

std::unique_ptr<agent_talk>
kernel_agent_door::claim(ticket number, agent_talk::sink events) {
  auto found = waiting_.extract(number);
  await_client();
  if (!found)
    return nullptr;
  return make_agent_talk(io_, std::move(found.mapped()), std::move(events));
}

void kernel_agent_door::account(ledger& to, const std::string& owner) {
  to.claim_open(socket_, owner + "/ssh_agent");
  for (const auto& [number, each] : waiting_)
    to.claim(each, owner + "/ssh_agent: a client that waits");
}

} // namespace pier::net
