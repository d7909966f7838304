#include "net/port/audit.hpp"

#include "net/port/inet_diag.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

namespace pier::net {

namespace {

std::set<ino_t> own_sockets() {
  std::set<ino_t> out;
  std::error_code ignored;
  for (const auto& each :
       std::filesystem::directory_iterator{"/proc/self/fd", ignored}) {
    struct stat what {};
    auto number = std::atoi(each.path().filename().c_str());
    if (::fstat(number, &what) == 0 && S_ISSOCK(what.st_mode))
      out.insert(what.st_ino);
  }
  return out;
}

} // namespace

std::vector<std::string> audit_ports(const std::vector<bound_port>& ports) {
  std::vector<std::string> out;
  std::map<std::pair<protocol, family>, std::set<endpoint>> wanted;
  for (const auto& each : ports)
    wanted[{each.proto, each.host.ip.kind()}].insert(each.host);
  std::set<ino_t> own;
  for (const auto& [table, endpoints] : wanted)
    for (const auto& each : list_bound(table.second, table.first)) {
      if (endpoints.count(each.at) == 0)
        continue;
      if (own.empty())
        own = own_sockets();
      if (own.count(each.inode) != 0)
        out.push_back(
          std::string{to_string(table.first)} + " " + to_string(each.at)
          + " is still bound");
    }
  return out;
}

} // namespace pier::net
