#include "tools/control/channel.hpp"

#include <boost/asio/post.hpp>

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace pier::control {

namespace {

constexpr size_t max_descriptors = 3;

error hang_up() {
  return {ec::stopped, "the other side has hung up"};
}

} // namespace

channel::channel(socket peer, limits bounds)
  : socket_(std::move(peer)), limits_(bounds) {
  socket_.native_non_blocking(true);
}

void channel::start(
  std::function<void(std::string_view)> line,
  std::function<void(const error&)> closed) {
  on_line_ = std::move(line);
  on_closed_ = std::move(closed);
  read_more();
}

void channel::read_more() {
  if (!open())
    return;
  socket_.async_wait(
    socket::wait_read, [me = shared_from_this()](const auto& why) {
      if (!why && me->receive())
        me->read_more();
    });
}

/// One recvmsg a turn: a peer that never stops talking starves nobody.
bool channel::receive() {
  std::array<char, 16384> bytes;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(max_descriptors * sizeof(int))>
    space;
  iovec part{bytes.data(), bytes.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = space.data();
  header.msg_controllen = space.size();
  auto count = ::recvmsg(
    socket_.native_handle(), &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (count < 0) {
    if (errno == EAGAIN || errno == EINTR)
      return true;
    fail(hang_up());
    return false;
  }
  auto kept = keep(header);
  if (count == 0) {
    fail(hang_up());
    return false;
  }
  if (!kept) {
    fail({ec::bad_request, "more descriptors than a request takes"});
    return false;
  }
  inbox_.append(bytes.data(), static_cast<size_t>(count));
  cut_lines(static_cast<size_t>(count));
  return open();
}

/// Takes over what SCM_RIGHTS brought, even when it is too much: what is not
/// kept must be closed.
bool channel::keep(msghdr& header) {
  for (auto* part = CMSG_FIRSTHDR(&header); part;
       part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
      continue;
    auto count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(part) + i * sizeof(int), sizeof(number));
      descriptors_.emplace_back(number);
    }
  }
  return (header.msg_flags & MSG_CTRUNC) == 0
    && descriptors_.size() <= max_descriptors;
}

void channel::cut_lines(size_t fresh) {
  size_t begin = 0;
  auto look = inbox_.size() - fresh;
  while (open() && !deaf_) {
    auto end = inbox_.find('\n', look);
    auto size = (end == std::string::npos ? inbox_.size() : end) - begin;
    if (size > limits_.line) {
      fail(
        {ec::bad_request,
         "a line is longer than " + std::to_string(limits_.line) + " bytes"});
      return;
    }
    if (end == std::string::npos)
      break;
    auto line = std::string_view{inbox_}.substr(begin, size);
    begin = look = end + 1;
    on_line_(line);
  }
  if (deaf_)
    inbox_.clear();
  else
    inbox_.erase(0, begin);
}

std::vector<net::fd> channel::take_descriptors(size_t count) {
  std::vector<net::fd> taken;
  if (descriptors_.size() < count)
    return taken;
  for (size_t i = 0; i < count; ++i) {
    taken.push_back(std::move(descriptors_.front()));
    descriptors_.pop_front();
  }
  return taken;
}

void channel::send(std::string line, std::vector<net::fd> descriptors) {
  if (!open() || closing_)
    return;
  unsent_ += line.size();
  outbox_.push_back({std::move(line), std::move(descriptors)});
  if (unsent_ > limits_.unsent) {
    fail({ec::exhausted, "the other side does not read its answers"});
    return;
  }
  if (!writing_ && transmit())
    write_more();
}

void channel::write_more() {
  writing_ = true;
  socket_.async_wait(
    socket::wait_write, [me = shared_from_this()](const auto& why) {
      me->writing_ = false;
      if (why || !me->open())
        return;
      if (me->transmit())
        me->write_more();
      else if (me->open() && me->on_room)
        me->on_room();
    });
}

/// Sends what the kernel takes; true: there is more, later.
bool channel::transmit() {
  while (!outbox_.empty()) {
    auto& next = outbox_.front();
    iovec part{next.bytes.data() + next.sent, next.bytes.size() - next.sent};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(max_descriptors * sizeof(int))>
      space{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    if (auto count = next.descriptors.size(); count != 0) {
      header.msg_control = space.data();
      header.msg_controllen = CMSG_SPACE(count * sizeof(int));
      auto* rights = CMSG_FIRSTHDR(&header);
      rights->cmsg_level = SOL_SOCKET;
      rights->cmsg_type = SCM_RIGHTS;
      rights->cmsg_len = CMSG_LEN(count * sizeof(int));
      for (size_t i = 0; i < count; ++i) {
        auto number = next.descriptors[i].get();
        std::memcpy(
          CMSG_DATA(rights) + i * sizeof(int), &number, sizeof(number));
      }
    }
    auto count = ::sendmsg(
      socket_.native_handle(), &header, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0) {
      if (errno == EINTR)
        continue;
      if (errno == EAGAIN)
        return true;
      fail(hang_up());
      return false;
    }
    next.descriptors.clear();
    next.sent += static_cast<size_t>(count);
    unsent_ -= static_cast<size_t>(count);
    if (next.sent == next.bytes.size())
      outbox_.pop_front();
  }
  if (closing_)
    shut();
  return false;
}

void channel::close_when_idle() {
  closing_ = true;
  deaf_ = true;
  if (outbox_.empty())
    shut();
}

void channel::close() {
  deaf_ = true;
  shut();
}

void channel::shut() {
  boost::system::error_code ignored;
  socket_.close(ignored);
  descriptors_.clear();
  outbox_.clear();
}

/// Tells by a post, so that nobody is called back from inside a call of his.
/// A peer that broke the rules can still be told so: the socket stays open
/// until the owner, who is expected to close it, has been heard.
void channel::fail(error why) {
  if (!open() || deaf_) {
    shut();
    return;
  }
  if (why.code != ec::bad_request)
    shut();
  boost::asio::post(
    socket_.get_executor(), [me = shared_from_this(), why = std::move(why)] {
      if (!std::exchange(me->deaf_, true))
        me->on_closed_(why);
      if (!me->closing_)
        me->shut();
    });
}

} // namespace pier::control
