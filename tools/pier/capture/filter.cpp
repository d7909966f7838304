#include "tools/pier/capture/filter.hpp"

#include "tools/pier/table.hpp"

#include <pcap/pcap.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <string_view>

namespace pier::cli {

namespace {

constexpr size_t longest_filter = 8192;

error refusal(const std::string& text, const std::string& why) {
  return {
    ec::bad_request,
    "--filter \"" + printable(text) + "\": " + printable(why)
      + "; man pcap-filter has the language, and --filter 'tcp port 80' is "
        "right"};
}

bool is_letter(char which) {
  constexpr std::string_view others = "_-.";
  return std::isalnum(static_cast<unsigned char>(which)) != 0
    || others.find(which) != std::string_view::npos;
}

/// The kernel sees the link from the gateway's end, people from the
/// container's: what comes in for the one goes out for the other.
std::string seen_by_the_gateway(const std::string& text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() && is_letter(text[end]))
      ++end;
    auto word = text.substr(at, std::max<size_t>(end - at, 1));
    at += word.size();
    out += word == "inbound" ? "outbound"
      : word == "outbound"   ? "inbound"
                             : word;
  }
  return out;
}

/// Owns what libpcap has allotted for a program.
struct compiled : bpf_program {
  compiled() : bpf_program{} {}
  compiled(const compiled&) = delete;
  compiled& operator=(const compiled&) = delete;
  ~compiled() {
    ::pcap_freecode(this);
  }
};

} // namespace

result<std::vector<sock_filter>>
compile_filter(const std::string& text, uint32_t snaplen) {
  if (text.size() > longest_filter)
    return error{
      ec::bad_request,
      "--filter has " + std::to_string(text.size()) + " bytes, and "
        + std::to_string(longest_filter) + " are the most: make it shorter"};
  // It cuts where it lets in, and libpcap wants at least a byte.
  std::unique_ptr<pcap_t, decltype(&::pcap_close)> ethernet{
    ::pcap_open_dead(DLT_EN10MB, static_cast<int>(snaplen)), &::pcap_close};
  compiled program;
  if (!ethernet)
    return error{ec::exhausted, "libpcap has no memory left"};
  constexpr int optimized = 1;
  if (
    ::pcap_compile(
      ethernet.get(), &program, seen_by_the_gateway(text).c_str(), optimized,
      PCAP_NETMASK_UNKNOWN)
    != 0)
    return refusal(text, ::pcap_geterr(ethernet.get()));
  std::vector<sock_filter> out;
  for (unsigned i = 0; i < program.bf_len; ++i) {
    const auto& each = program.bf_insns[i];
    out.push_back({each.code, each.jt, each.jf, each.k});
  }
  return out;
}

std::string both_filters(const std::string& one, const std::string& other) {
  if (one.empty() || other.empty())
    return one + other;
  return "(" + one + ") and (" + other + ")";
}

} // namespace pier::cli
