#pragma once

/// The settings as a value, with their defaults: one struct for each section
/// of the settings file. Text becomes settings in config/.

#include "messages/forward.hpp"
#include "messages/policy.hpp"
#include "messages/settings/console_settings.hpp"
#include "messages/settings/dns_settings.hpp"
#include "messages/settings/limit_settings.hpp"
#include "messages/settings/log_settings.hpp"
#include "messages/settings/metrics_settings.hpp"
#include "messages/settings/network_settings.hpp"
#include "messages/settings/path_settings.hpp"
#include "messages/settings/port_settings.hpp"
#include "messages/settings/socks_settings.hpp"
#include "messages/settings/timeout_settings.hpp"

#include <map>
#include <memory>

namespace pier {

struct settings {
  network_settings network;
  port_settings ports;
  std::map<listen_address, forward_spec> forwards;
  timeout_settings timeouts;
  limit_settings limits;
  dns_settings dns;
  pier::policy policy;
  socks_settings socks;
  console_settings console;
  log_settings log;
  metrics_settings metrics;
  path_settings paths;

  friend bool operator==(const settings&, const settings&) = default;
};

/// Handed around as one value, which nobody changes.
using settings_ptr = std::shared_ptr<const settings>;

} // namespace pier
