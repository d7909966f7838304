#include "messages/container.hpp"

namespace pier {

std::vector<ip_address> lease::addresses() const {
  std::vector<ip_address> out;
  for (const auto& each : {v4, v6})
    if (!each.is_any())
      out.push_back(each);
  return out;
}

std::string_view to_string(network_mode mode) noexcept {
  switch (mode) {
    case network_mode::bridge:
      return "bridge";
    case network_mode::host:
      return "host";
    default:
      return "none";
  }
}

std::string_view to_string(container_state state) noexcept {
  switch (state) {
    case container_state::created:
      return "created";
    case container_state::running:
      return "running";
    case container_state::stopping:
      return "stopping";
    default:
      return "exited";
  }
}

std::string_view to_string(event::kind what) noexcept {
  switch (what) {
    case event::kind::gateway_up:
      return "gateway_up";
    case event::kind::gateway_lost:
      return "gateway_lost";
    case event::kind::forward_up:
      return "forward_up";
    case event::kind::forward_refused:
      return "forward_refused";
    case event::kind::created:
      return "created";
    case event::kind::started:
      return "started";
    case event::kind::exited:
      return "exited";
    case event::kind::removed:
      return "removed";
    case event::kind::port_opened:
      return "port_opened";
    case event::kind::port_closed:
      return "port_closed";
    case event::kind::settings_changed:
      return "settings_changed";
    case event::kind::settings_refused:
      return "settings_refused";
    case event::kind::console_opened:
      return "console_opened";
    case event::kind::console_closed:
      return "console_closed";
    case event::kind::console_acted:
      return "console_acted";
    case event::kind::ssh_agent:
      return "ssh_agent";
    case event::kind::socks:
      return "socks";
    case event::kind::capture_begun:
      return "capture_begun";
    case event::kind::capture_ended:
      return "capture_ended";
    case event::kind::warning:
      return "warning";
    case event::kind::killed:
      return "killed";
    case event::kind::restarted:
      return "restarted";
    case event::kind::drained:
      return "drained";
    case event::kind::paused:
      return "paused";
    case event::kind::resumed:
      return "resumed";
    case event::kind::log_changed:
      return "log_changed";
    case event::kind::missed:
      return "missed";
    default:
      return "fault";
  }
}

namespace {

log_level level_of(event::kind what) {
  switch (what) {
    case event::kind::gateway_lost:
    case event::kind::forward_refused:
    case event::kind::warning:
    case event::kind::fault:
      return log_level::warn;
    default:
      return log_level::info;
  }
}

} // namespace

log_line line_of(const event& news) {
  auto front = std::string{to_string(news.what)};
  if (!news.container.empty())
    front += " " + news.container;
  return {
    level_of(news.what), news.path == "root" ? std::string{} : news.path,
    front + ": " + news.text};
}

} // namespace pier
