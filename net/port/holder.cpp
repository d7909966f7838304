#include "net/port/holder.hpp"

#include "net/port/inet_diag.hpp"

#include <dirent.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>

namespace pier::net {

namespace {

struct folder_closer {
  void operator()(DIR* folder) const {
    ::closedir(folder);
  }
};
using folder = std::unique_ptr<DIR, folder_closer>;

bool overlap(const ip_address& a, const ip_address& b) {
  return a.kind() == b.kind() && (a == b || a.is_any() || b.is_any());
}

bool has_socket(const std::string& process, const std::set<uint32_t>& inodes) {
  auto path = process + "/fd";
  folder all{::opendir(path.c_str())};
  while (all) {
    auto entry = ::readdir(all.get());
    if (entry == nullptr)
      break;
    std::array<char, 64> target{};
    auto link = path + "/" + entry->d_name;
    if (::readlink(link.c_str(), target.data(), target.size() - 1) <= 0)
      continue;
    std::string text = target.data();
    if (text.rfind("socket:[", 0) != 0)
      continue;
    auto inode = std::strtoul(text.c_str() + 8, nullptr, 10);
    if (inodes.count(static_cast<uint32_t>(inode)) != 0)
      return true;
  }
  return false;
}

} // namespace

std::string holder_of(protocol proto, const endpoint& at) {
  std::set<uint32_t> inodes;
  for (const auto& each : list_bound(at.ip.kind(), proto))
    if (each.at.port == at.port && overlap(each.at.ip, at.ip))
      inodes.insert(each.inode);
  if (inodes.empty())
    return {};
  folder all{::opendir("/proc")};
  while (all) {
    auto entry = ::readdir(all.get());
    if (entry == nullptr)
      break;
    std::string pid = entry->d_name;
    if (std::isdigit(static_cast<unsigned char>(pid[0])) == 0)
      continue;
    auto process = "/proc/" + pid;
    if (!has_socket(process, inodes))
      continue;
    std::string name;
    std::getline(std::ifstream{process + "/comm"}, name);
    return " (held by " + name + ", pid " + pid + ")";
  }
  return {};
}

} // namespace pier::net
