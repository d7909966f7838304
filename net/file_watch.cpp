#include "net/file_watch.hpp"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <deque>
#include <utility>

namespace pier::net {

namespace {

constexpr std::chrono::milliseconds quiet{100};
constexpr std::chrono::seconds patience{1};

/// As many as the kernel follows (path_resolution(7)).
constexpr size_t most_links = 40;

constexpr uint32_t news = IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM
  | IN_MOVED_TO | IN_DELETE;

/// The names on the way, "." left out.
std::deque<std::string> steps_of(const std::string& path) {
  std::deque<std::string> out;
  size_t begin = 0;
  while (begin <= path.size()) {
    auto end = std::min(path.find('/', begin), path.size());
    auto name = path.substr(begin, end - begin);
    if (!name.empty() && name != ".")
      out.push_back(std::move(name));
    begin = end + 1;
  }
  return out;
}

std::optional<std::string> target_of(const std::string& link) {
  std::array<char, PATH_MAX> text{};
  auto size = ::readlink(link.c_str(), text.data(), text.size());
  if (size <= 0)
    return {};
  return std::string{text.data(), static_cast<size_t>(size)};
}

std::string parent_of(const std::string& folder) {
  return folder.substr(0, folder.rfind('/'));
}

} // namespace

file_watch::file_watch(
  boost::asio::io_context& io, std::string path,
  std::function<void()> on_change)
  : path_(std::move(path)),
    on_change_(std::move(on_change)),
    quiet_(io),
    patience_(io) {
  auto number = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (number < 0) {
    blind_ = true;
    return;
  }
  events_.emplace(io, number);
  walk();
  await_events();
}

/// Watches first and looks then: what happens in between is heard.
void file_watch::walk() {
  for (const auto& [number, where] : std::exchange(places_, {}))
    ::inotify_rm_watch(events_->native_handle(), number);
  blind_ = false;
  auto steps = steps_of(path_);
  std::string folder;
  size_t links = 0;
  while (!steps.empty()) {
    auto name = std::move(steps.front());
    steps.pop_front();
    if (name == "..") {
      folder = parent_of(folder);
      continue;
    }
    if (!watch(folder.empty() ? "/" : folder, name))
      return;
    auto here = folder;
    here.append("/").append(name);
    auto target = target_of(here);
    if (!target) {
      folder = here;
      continue;
    }
    if (++links > most_links)
      return;
    if (target->starts_with('/'))
      folder.clear();
    auto further = steps_of(*target);
    steps.insert(steps.begin(), further.begin(), further.end());
  }
}

/// False: it is no folder, or not there yet.
bool file_watch::watch(const std::string& folder, const std::string& name) {
  auto number = ::inotify_add_watch(
    events_->native_handle(), folder.c_str(), news | IN_ONLYDIR);
  if (number < 0) {
    blind_ = blind_ || (errno != ENOENT && errno != ENOTDIR);
    // One that may be passed but not read cannot be watched.
    return errno == EACCES;
  }
  auto& at = places_[number];
  at.folder = folder;
  at.names.insert(name);
  return true;
}

void file_watch::await_events() {
  events_->async_wait(
    boost::asio::posix::stream_descriptor::wait_read,
    life_.guard([this](const boost::system::error_code& why) {
      if (why)
        return;
      if (hears()) {
        walk();
        settle();
      }
      await_events();
    }));
}

/// Reads what there is; whether any of it concerns us.
bool file_watch::hears() {
  alignas(inotify_event) std::array<char, 8192> room{};
  auto any = false;
  while (true) {
    auto size = ::read(events_->native_handle(), room.data(), room.size());
    if (size <= 0)
      return any;
    for (const auto* at = room.data(); at < room.data() + size;) {
      inotify_event what{};
      std::memcpy(&what, at, sizeof(what));
      std::string name;
      if (what.len > 0)
        name = at + sizeof(what);
      any = any || concerns(what.wd, what.mask, name);
      at += sizeof(what) + what.len;
    }
  }
}

bool file_watch::concerns(
  int number, uint32_t mask, const std::string& name) const {
  if ((mask & IN_Q_OVERFLOW) != 0)
    return true;
  auto found = places_.find(number);
  if (found == places_.end() || !found->second.names.contains(name))
    return false;
  if ((mask & IN_CREATE) == 0 || (mask & IN_ISDIR) != 0)
    return true;
  // A plain file is still to be written; a link is whole at once.
  struct stat facts {};
  auto path = found->second.folder + "/" + name;
  return ::lstat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)
    || facts.st_nlink > 1;
}

void file_watch::settle() {
  if (!waiting_) {
    waiting_ = true;
    patience_.expires_after(patience);
    patience_.async_wait(life_.guard([this](const auto& stopped) {
      if (!stopped)
        tell();
    }));
  }
  quiet_.expires_after(quiet);
  quiet_.async_wait(life_.guard([this](const auto& stopped) {
    if (!stopped)
      tell();
  }));
}

void file_watch::tell() {
  if (!std::exchange(waiting_, false))
    return;
  quiet_.cancel();
  patience_.cancel();
  on_change_();
}

} // namespace pier::net
