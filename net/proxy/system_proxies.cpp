#include "net/proxy/system_proxies.hpp"

#include "net/proxy/desktop_proxy.hpp"
#include "net/spawn.hpp"
#include "net/workers.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

namespace pier::net {

namespace {

/// With each piece of its answer, which is a line, or several.
constexpr std::chrono::milliseconds patience{2000};
constexpr int most_pieces = 256;
constexpr size_t longest_piece = 4096;
constexpr const char* system_profile = "/etc/dconf/profile/user";

std::string variable(const char* name) {
  const auto* value = std::getenv(name);
  return value == nullptr ? std::string{} : value;
}

/// Where a person's settings may be; empty: nowhere.
std::vector<std::string> files() {
  auto folder = variable("XDG_CONFIG_HOME");
  if (!folder.starts_with('/'))
    folder = variable("HOME") + "/.config";
  if (!folder.starts_with('/'))
    return {};
  return {folder + "/dconf/user", folder + "/glib-2.0/settings/keyfile"};
}

/// Until its end; nothing, if it is silent for long or says too much.
std::string read_all(int from) {
  std::string out;
  std::vector<char> some(longest_piece);
  for (int turn = 0; turn < most_pieces; ++turn) {
    pollfd one{from, POLLIN, 0};
    if (::poll(&one, 1, static_cast<int>(patience.count())) == 0)
      return {};
    auto size = ::read(from, some.data(), some.size());
    if (size == 0 || (size < 0 && errno != EINTR))
      return out;
    if (size > 0)
      out.append(some.data(), static_cast<size_t>(size));
  }
  return {};
}

/// What gsettings says; empty: there is none, or it does not know the schema.
std::string list_settings() {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    return {};
  fd ours{ends[0]};
  fd theirs{ends[1]};
  spawn_plan how{
    "/bin/sh",
    {"sh", "-c", "exec gsettings list-recursively org.gnome.system.proxy >&3"},
    {theirs.get()}};
  how.inherits = true;
  auto pid = spawn(how);
  theirs.reset();
  if (!pid)
    return {};
  auto out = read_all(ours.get());
  end_process(*pid);
  return out;
}

} // namespace

system_proxies::system_proxies(boost::asio::io_context& io)
  : io_(io),
    environment_{proxy_of_environment(), "environment"},
    now_(std::make_shared<const system_terms>(environment_)) {
  if (environment_.terms.http || environment_.terms.https)
    return;
  auto places = files();
  for (const auto& each : places)
    watches_.emplace_back(io_, each, [this] { ask(); });
  auto may_know = [](const std::string& each) {
    return ::access(each.c_str(), R_OK) == 0;
  };
  if (
    may_know(system_profile)
    || std::any_of(places.begin(), places.end(), may_know))
    hear(list_settings());
}

void system_proxies::ask() {
  if (std::exchange(asking_, true)) {
    ask_again_ = true;
    return;
  }
  auto said = std::make_shared<std::string>();
  auto will = workers::of(io_).run(
    [said] { *said = list_settings(); }, life_.guard([this, said] {
      asking_ = false;
      hear(*said);
      if (std::exchange(ask_again_, false))
        ask();
    }));
  asking_ = will;
}

void system_proxies::hear(const std::string& listed) {
  auto found = desktop_proxy(
    listed, [](const std::string& why) { spdlog::warn("{}", why); });
  auto next = found ? system_terms{std::move(*found), "desktop"} : environment_;
  if (next == *now_)
    return;
  spdlog::info(
    found ? "proxies are those of the desktop's settings now"
          : "the desktop's settings name no proxy any more");
  now_ = std::make_shared<const system_terms>(std::move(next));
}

} // namespace pier::net
