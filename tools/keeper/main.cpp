/// pier-keeper: makes namespaces for Pier, in one of two roles. It is started
/// by Pier with a channel as descriptor 3 and ends with it.

#include "net/gateway/keeper.hpp"
#include "net/sandbox/shim.hpp"

#include <cstdio>
#include <string_view>

#include <fcntl.h>

namespace {

constexpr int channel = 3;
constexpr int usage_error = 125;

} // namespace

int main(int argc, char** argv) {
  std::string_view role = argc == 2 ? argv[1] : "";
  auto has_channel = ::fcntl(channel, F_GETFD) >= 0;
  if (has_channel && role == "gateway")
    return pier::net::run_keeper(channel);
  if (has_channel && role == "sandbox")
    return pier::net::run_shim(channel);
  std::fputs(
    "pier-keeper: a part of Pier that is not run by hand: see pier --help\n",
    stderr);
  return usage_error;
}
