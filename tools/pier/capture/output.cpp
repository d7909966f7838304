#include "tools/pier/capture/output.hpp"

#include <boost/asio/post.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <utility>

namespace pier::cli {

namespace asio = boost::asio;

namespace {

constexpr mode_t for_its_owner = 0600;

bool has_room(int pipe) {
  pollfd one{pipe, POLLOUT, 0};
  return ::poll(&one, 1, 0) > 0;
}

/// Of a write that came to nothing.
bool again() {
  return errno == EINTR || errno == EAGAIN;
}

} // namespace

result<void> output::check(const std::string& to) {
  if (to == "-" && ::isatty(STDOUT_FILENO) != 0)
    return error{
      ec::bad_request,
      "stdout is a terminal, and packets are no text: name a file with -o, or "
      "pipe them, as in \"pier capture web | tcpdump -r -\""};
  return {};
}

result<output> output::open(asio::io_context& io, const std::string& to) {
  auto is_stdout = to == "-";
  net::fd own;
  auto number = STDOUT_FILENO;
  if (!is_stdout) {
    constexpr auto flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY;
    own = net::fd{::open(to.c_str(), flags, for_its_owner)};
    number = own.get();
    if (!own)
      return error{
        from_errno(errno),
        "cannot write to " + to + ": " + std::strerror(errno)
          + "; choose another file with -o"};
  }
  output made{io, is_stdout ? "stdout" : to, std::move(own), number};
  struct stat facts {};
  if (
    ::fstat(number, &facts) == 0
    && (S_ISFIFO(facts.st_mode) || S_ISSOCK(facts.st_mode)))
    made.pipe_.emplace(io, ::fcntl(number, F_DUPFD_CLOEXEC, 3));
  return made;
}

output::output(asio::io_context& io, std::string name, net::fd own, int number)
  : io_(io), name_(std::move(name)), own_(std::move(own)), number_(number) {}

error output::failure() const {
  auto number = errno;
  if (number == EPIPE)
    return {ec::reset, name_ + " is read no more"};
  return {
    from_errno(number),
    "cannot write to " + name_ + ": " + std::strerror(number)
      + (number == ENOSPC
           ? "; end the capture earlier with --count or --seconds, or cut "
             "packets with --snaplen"
           : "")};
}

void output::write(std::string text, done written) {
  text_ = std::move(text);
  sent_ = 0;
  written_ = std::move(written);
  if (pipe_)
    write_more();
  else
    write_file();
}

void output::write_file() {
  while (sent_ < text_.size()) {
    auto count = ::write(number_, text_.data() + sent_, text_.size() - sent_);
    if (count >= 0)
      sent_ += static_cast<size_t>(count);
    else if (!again())
      return finish(failure());
  }
  finish({ec::ok, {}});
}

/// A pipe that has room takes so much at once.
void output::write_more() {
  while (sent_ < text_.size() && has_room(number_)) {
    auto size = std::min<size_t>(text_.size() - sent_, PIPE_BUF);
    auto count = ::write(number_, text_.data() + sent_, size);
    if (count >= 0)
      sent_ += static_cast<size_t>(count);
    else if (!again())
      return finish(failure());
  }
  if (sent_ == text_.size())
    return finish({ec::ok, {}});
  pipe_->async_wait(
    asio::posix::stream_descriptor::wait_write,
    [this](const boost::system::error_code& why) {
      if (!why)
        write_more();
    });
}

/// By a post: a file takes everything at once, and one text leads to the next.
void output::finish(const error& how) {
  asio::post(io_, [this, how] { std::exchange(written_, nullptr)(how); });
}

} // namespace pier::cli
