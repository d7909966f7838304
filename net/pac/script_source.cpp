#include "net/pac/script_source.hpp"

#include "net/pac/wire.hpp"

#include <boost/asio/post.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pier::net {

namespace {

bool is_url(const std::string& where) {
  return where.starts_with("http://") || where.starts_with("https://");
}

std::string path_of(const std::string& where) {
  constexpr std::string_view scheme = "file://";
  return where.starts_with(scheme) ? where.substr(scheme.size()) : where;
}

} // namespace

result<std::string> read_script_file(const std::string& path) {
  auto refuse = [&](ec code, const std::string& why) {
    return error{code, "the PAC script " + path + " cannot be loaded: " + why};
  };
  // Whatever it is, opening it does not block.
  fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat about {};
  if (!file || ::fstat(file.get(), &about) != 0)
    return refuse(from_errno(errno), std::strerror(errno));
  if (!S_ISREG(about.st_mode))
    return refuse(ec::bad_request, "it is no file");
  std::string out(max_pac_script + 1, '\0');
  size_t size = 0;
  while (size < out.size()) {
    auto count = ::read(file.get(), out.data() + size, out.size() - size);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return refuse(from_errno(errno), std::strerror(errno));
    if (count == 0)
      break;
    size += static_cast<size_t>(count);
  }
  if (size > max_pac_script)
    return refuse(ec::bad_request, "it is longer than a megabyte");
  if (size == 0)
    return refuse(ec::bad_request, "it is empty");
  out.resize(size);
  return out;
}

script_source::script_source(
  boost::asio::io_context& io, socket_source sockets, std::string where,
  sink heard, script_pauses between)
  : io_(io),
    where_(std::move(where)),
    heard_(std::move(heard)),
    pauses_(between),
    next_pause_(between.first),
    fetch_(io, std::move(sockets)),
    pause_(io) {
  if (!is_url(where_) && path_of(where_).starts_with('/'))
    watch_.emplace(io_, path_of(where_), [this] { load(); });
  boost::asio::post(io_, life_.guard([this] { load(); }));
}

void script_source::load() {
  if (!is_url(where_))
    return heard_(read_script_file(path_of(where_)));
  auto from = parse_script_url(where_);
  // What is no URL now will never be.
  if (!from)
    return heard_(from.error());
  fetch_.begin(
    *from, [this](result<std::string> how) { hear_fetched(std::move(how)); });
}

void script_source::hear_fetched(result<std::string> how) {
  if (how) {
    next_pause_ = pauses_.first;
    load_in(pauses_.renewal);
  } else {
    load_in(next_pause_);
    next_pause_ = std::min(next_pause_ * 2, pauses_.longest);
  }
  heard_(std::move(how));
}

void script_source::load_in(std::chrono::milliseconds pause) {
  pause_.expires_after(pause);
  pause_.async_wait(
    life_.guard([this](const boost::system::error_code& stopped) {
      if (!stopped)
        load();
    }));
}

} // namespace pier::net
