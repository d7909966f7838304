#pragma once

/// Filters as tcpdump's users write them, compiled by libpcap. It happens here,
/// in the program of whoever wants it: a name in a filter is looked up, which
/// takes its time, and no daemon has to believe a program that a client made.
/// The kernel checks it once more.

#include "messages/error.hpp"

#include <linux/filter.h>

#include <cstdint>
#include <string>
#include <vector>

namespace pier::cli {

/// For the gateway's end of a link, which is an Ethernet; "inbound" is what
/// comes to the container. What is let in is cut after `snaplen` bytes. Empty
/// text: everything is. Refused with libpcap's words.
result<std::vector<sock_filter>>
compile_filter(const std::string& text, uint32_t snaplen);

/// What both let in. Each is a filter by itself.
std::string both_filters(const std::string& one, const std::string& other);

} // namespace pier::cli
