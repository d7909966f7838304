#include "net/dns/host_resolver.hpp"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace pier::net {

namespace {

constexpr size_t most_servers = 8;
constexpr size_t most_domains = 16;
constexpr size_t most_bytes = 64 * 1024;
constexpr uint16_t dns_port = 53;

} // namespace

resolv_conf parse_resolv_conf(std::string_view text) {
  resolv_conf out;
  std::istringstream lines{std::string{text.substr(0, most_bytes)}};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    std::string key;
    std::string value;
    words >> key;
    if (key == "nameserver" && words >> value) {
      auto ip = ip_address::parse(value.substr(0, value.find('%')));
      if (ip && out.servers.size() < most_servers)
        out.servers.push_back({*ip, dns_port});
    } else if (key == "search" || key == "domain") {
      out.search.clear();
      while (words >> value && out.search.size() < most_domains)
        if (value.size() < 254)
          out.search.push_back(value);
    }
  }
  return out;
}

host_resolver::host_resolver(boost::asio::io_context& io, std::string path)
  : path_(std::move(path)) {
  auto number = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (number >= 0) {
    changes_.emplace(io, number);
    watch_folders();
    await_change();
  }
  read();
}

void host_resolver::watch_folders() {
  namespace fs = std::filesystem;
  std::error_code ignored;
  for (const auto& each : {fs::path{path_}, fs::canonical(path_, ignored)})
    if (!each.empty())
      ::inotify_add_watch(
        changes_->native_handle(), each.parent_path().c_str(),
        IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE);
}

void host_resolver::await_change() {
  changes_->async_wait(
    boost::asio::posix::stream_descriptor::wait_read,
    life_.guard([this](const boost::system::error_code& why) {
      if (why)
        return;
      std::array<char, 4096> events{};
      while (::read(changes_->native_handle(), events.data(), events.size())
             > 0) {}
      // A link may lead elsewhere now.
      watch_folders();
      read();
      await_change();
    }));
}

void host_resolver::read() {
  std::ifstream file{path_};
  std::string text(most_bytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  auto was = std::exchange(now_, parse_resolv_conf(text));
  if (on_change && was != now_)
    on_change();
}

} // namespace pier::net
