#include "config/place_grammar.hpp"
#include "config/rows.hpp"
#include "config/schema/sections.hpp"

namespace pier::config {

section socks_section() {
  using group = socks_settings;
  auto here = &settings::socks;
  return {
    "socks",
    "The host's way in to every address and name of a container, without any "
    "published port.",
    {
      row(
        "socks.listen", here, &group::listen, place_or_off(),
        "Where SOCKS version 5 and HTTP CONNECT are spoken, and /proxy.pac is "
        "for browsers: \"127.0.0.1:1080\", for one. An address that is not "
        "loopback must be in ports.allowed_binds."),
      row(
        "socks.users", here, &group::users, file_or_none(),
        "Who is let in: a file of mode 0600 with USER:PASSWORD in each line, "
        "read anew for each client. None: everybody who can connect."),
      row(
        "socks.outside", here, &group::outside,
        choice<socks_outside>(
          {{"refuse", socks_outside::refuse}, {"allow", socks_outside::allow}}),
        "What becomes of clients that ask for an address or a name that is no "
        "container's: \"allow\" dials it from the host, its loopback "
        "excepted."),
    }};
}

} // namespace pier::config
