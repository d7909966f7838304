/// What pacparser takes for the C library's resolver. The process has no
/// network: whoever has started it looks the name up, and says what the host
/// itself would have found. An executable's own functions go before those of
/// its libraries (ld.so(8)).

#include "tools/pac/channel.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

#include <cstdlib>
#include <cstring>
#include <new>
#include <sstream>
#include <string>

namespace {

constexpr int most_addresses = 16;

/// One of the list, with the address that it points to.
struct found {
  addrinfo info;
  sockaddr_storage at;
};

/// Null: it is no address of the family that is wanted.
addrinfo* make(const char* text, int wanted) {
  in_addr v4{};
  in6_addr v6{};
  auto domain = ::inet_pton(AF_INET, text, &v4) == 1 ? AF_INET
    : ::inet_pton(AF_INET6, text, &v6) == 1          ? AF_INET6
                                                     : AF_UNSPEC;
  if (domain == AF_UNSPEC || (wanted != AF_UNSPEC && wanted != domain))
    return nullptr;
  auto* one = new (std::nothrow) found{};
  if (one == nullptr)
    return nullptr;
  if (domain == AF_INET) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr = v4;
    std::memcpy(&one->at, &at, sizeof(at));
    one->info.ai_addrlen = sizeof(at);
  } else {
    sockaddr_in6 at{};
    at.sin6_family = AF_INET6;
    at.sin6_addr = v6;
    std::memcpy(&one->at, &at, sizeof(at));
    one->info.ai_addrlen = sizeof(at);
  }
  one->info.ai_family = domain;
  one->info.ai_socktype = SOCK_STREAM;
  one->info.ai_addr = reinterpret_cast<sockaddr*>(&one->at);
  return &one->info;
}

std::string ask(const char* name) {
  using pier::net::pac_word;
  pier::pac::say({pac_word::name, name});
  auto said = pier::pac::hear();
  return said.what == pac_word::addresses ? said.text : std::string{};
}

} // namespace

extern "C" int getaddrinfo(
  const char* name, const char*, const addrinfo* hints, addrinfo** out) {
  auto wanted = hints == nullptr ? AF_UNSPEC : hints->ai_family;
  *out = nullptr;
  if (name == nullptr || *name == '\0')
    return EAI_NONAME;
  in6_addr any{};
  auto is_address = ::inet_pton(AF_INET, name, &any) == 1
    || ::inet_pton(AF_INET6, name, &any) == 1;
  std::istringstream all{is_address ? std::string{name} : ask(name)};
  auto** next = out;
  std::string text;
  for (int i = 0; i < most_addresses && all >> text; ++i)
    if (auto* one = make(text.c_str(), wanted); one != nullptr) {
      *next = one;
      next = &one->ai_next;
    }
  return *out == nullptr ? EAI_NONAME : 0;
}

extern "C" void freeaddrinfo(addrinfo* all) {
  while (all != nullptr) {
    auto* next = all->ai_next;
    // It is its first member.
    delete reinterpret_cast<found*>(all);
    all = next;
  }
}
