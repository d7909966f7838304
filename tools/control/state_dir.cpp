#include "tools/control/state_dir.hpp"

#include "tools/control/environment.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace pier::control {

std::string state_dir() {
  auto base = variable("XDG_STATE_HOME");
  if (!base.starts_with('/')) {
    auto home = variable("HOME");
    base = home.starts_with('/') ? home + "/.local/state" : "";
  }
  return base.empty() ? base : base + "/iechor";
}

result<void> prepare_folder(const std::string& path) {
  for (auto cut = path.find('/', 1);; cut = path.find('/', cut + 1)) {
    auto part = path.substr(0, cut);
    if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST)
      return error{
        from_errno(errno),
        "cannot make the folder " + part + ": " + std::strerror(errno)};
    if (cut == std::string::npos)
      return {};
  }
}

} // namespace pier::control
