#include "net/proxy/desktop_proxy.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::net;

namespace {

/// As `gsettings list-recursively org.gnome.system.proxy` prints them.
std::string listed(const std::string& mode) {
  return "org.gnome.system.proxy autoconfig-url 'http://wpad.example/p.pac'\n"
         "org.gnome.system.proxy ignore-hosts ['localhost', '10.0.0.0/8', "
         "'::1', \"*.corp.example\"]\n"
         "org.gnome.system.proxy mode '"
    + mode
    + "'\n"
      "org.gnome.system.proxy use-same-proxy true\n"
      "org.gnome.system.proxy.ftp host ''\n"
      "org.gnome.system.proxy.ftp port 0\n"
      "org.gnome.system.proxy.http authentication-password 'it\\'s'\n"
      "org.gnome.system.proxy.http authentication-user 'ann'\n"
      "org.gnome.system.proxy.http enabled false\n"
      "org.gnome.system.proxy.http host 'proxy.example'\n"
      "org.gnome.system.proxy.http port 8080\n"
      "org.gnome.system.proxy.http use-authentication true\n"
      "org.gnome.system.proxy.https host ''\n"
      "org.gnome.system.proxy.https port 0\n"
      "org.gnome.system.proxy.socks host 'fd00::1'\n"
      "org.gnome.system.proxy.socks port 1080\n";
}

std::optional<proxy_terms> read(const std::string& text) {
  return desktop_proxy(text, [](const std::string&) {});
}

} // namespace

TEST_CASE("\"manual\" of a desktop is a proxy for http, one for the rest") {
  auto found = read(listed("manual"));
  REQUIRE(found);
  CHECK(to_string(*found->http) == "http://***@proxy.example:8080");
  CHECK(found->http->user.reveal() == "ann");
  CHECK(found->http->password.reveal() == "it's");
  CHECK(to_string(*found->https) == "socks5h://[fd00::1]:1080");
  REQUIRE(found->exclude.size() == 4);
  CHECK(to_string(found->exclude[1]) == "10.0.0.0/8");
  CHECK(to_string(found->exclude[3]) == ".corp.example");
  CHECK(found->pac.empty());
}

TEST_CASE("\"auto\" of a desktop is a script, and \"none\" is no word") {
  auto found = read(listed("auto"));
  REQUIRE(found);
  CHECK(found->pac == "http://wpad.example/p.pac");
  CHECK_FALSE(found->http);
  CHECK_FALSE(read(listed("none")));
  CHECK_FALSE(read(""));
  CHECK_FALSE(read("No such schema \"org.gnome.system.proxy\"\n"));
}

TEST_CASE("what a desktop calls a proxy and is none is passed over, aloud") {
  std::string heard;
  auto found = desktop_proxy(
    "org.gnome.system.proxy mode 'manual'\n"
    "org.gnome.system.proxy.http host 'a b'\n"
    "org.gnome.system.proxy.http port 80\n",
    [&](const std::string& why) { heard = why; });
  CHECK_FALSE(found);
  CHECK(heard.starts_with("org.gnome.system.proxy.http is passed over: "));
  desktop_proxy(
    "org.gnome.system.proxy mode 'auto'\n"
    "org.gnome.system.proxy autoconfig-url ''\n",
    [&](const std::string& why) { heard = why; });
  CHECK(heard.find("autoconfig-url") != heard.npos);
}

TEST_CASE("a desktop's list that breaks off is what there is of it") {
  auto whole = listed("manual");
  for (size_t size = 0; size <= whole.size(); ++size)
    read(whole.substr(0, size));
}
