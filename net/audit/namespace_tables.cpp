#include "net/audit/namespace_tables.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

namespace pier::net {

namespace {

constexpr std::string_view tcp_listens = "0A";
constexpr std::string_view udp_unconnected = "07";

std::string text_of(int process, const std::string& table) {
  std::ifstream in{"/proc/" + std::to_string(process) + "/net/" + table};
  return {std::istreambuf_iterator<char>{in}, {}};
}

template <class T>
bool read_number(std::string_view text, T& to, int base) {
  auto end = text.data() + text.size();
  return std::from_chars(text.data(), end, to, base).ptr == end;
}

/// Words of 32 bits in the byte order of this machine, and a port.
std::optional<endpoint> read_place(std::string_view text) {
  auto cut = text.find(':');
  if (cut != 8 && cut != 32)
    return {};
  std::array<uint8_t, 16> bytes{};
  for (size_t i = 0; i < cut / 8; ++i) {
    uint32_t word = 0;
    if (!read_number(text.substr(8 * i, 8), word, 16))
      return {};
    std::memcpy(bytes.data() + 4 * i, &word, sizeof(word));
  }
  endpoint out;
  if (!read_number(text.substr(cut + 1), out.port, 16))
    return {};
  out.ip = cut == 8 ? ip_address::v4({bytes[0], bytes[1], bytes[2], bytes[3]})
                    : ip_address::v6(bytes);
  return out;
}

} // namespace

std::vector<open_socket>
read_sockets(std::string_view table, const std::string& protocol) {
  std::vector<open_socket> out;
  std::istringstream lines{std::string{table}};
  auto wanted = protocol.starts_with("tcp") ? tcp_listens : udp_unconnected;
  for (std::string line; std::getline(lines, line);) {
    // sl local remote state queues timer retransmits uid timeout inode
    std::istringstream words{line};
    std::array<std::string, 10> field;
    size_t count = 0;
    while (count < field.size() && words >> field[count])
      ++count;
    open_socket each;
    each.protocol = protocol;
    auto at = count == field.size() ? read_place(field[1]) : std::nullopt;
    if (!at || field[3] != wanted || !read_number(field[9], each.inode, 10))
      continue;
    each.at = *at;
    out.push_back(std::move(each));
  }
  return out;
}

std::vector<std::string> read_links(std::string_view table) {
  std::vector<std::string> out;
  std::istringstream lines{std::string{table}};
  for (std::string line; std::getline(lines, line);) {
    auto end = line.find(':');
    auto begin = line.find_first_not_of(' ');
    if (end != std::string::npos && begin < end)
      out.push_back(line.substr(begin, end - begin));
  }
  return out;
}

std::vector<open_socket> open_sockets_of(int process) {
  std::vector<open_socket> out;
  for (const char* table : {"tcp", "tcp6", "udp", "udp6"})
    for (auto& each : read_sockets(text_of(process, table), table))
      out.push_back(std::move(each));
  return out;
}

std::vector<std::string> links_of(int process) {
  return read_links(text_of(process, "dev"));
}

} // namespace pier::net
