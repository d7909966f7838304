#pragma once

/// The sections of the schema, a file each.

#include "config/schema.hpp"

namespace pier::config {

section console_section();
section container_section();
section containers_proxy_section();
section dns_records_section();
section dns_section();
section dns_zones_section();
section forward_section();
section limits_section();
section log_section();
section metrics_section();
section network_section();
section policy_section();
section ports_section();
section proxy_section();
section socks_section();
section ssh_agent_section();
section timeouts_section();

/// What a container says of the agent, in its own section.
std::vector<key> container_agent_rows();

/// And of proxies.
std::vector<key> container_proxy_rows();

} // namespace pier::config
