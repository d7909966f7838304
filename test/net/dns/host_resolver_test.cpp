#include "net/dns/host_resolver.hpp"
#include "test/net/dns/loop.hpp"
#include "test/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

using namespace pier;
using namespace pier::trials;

namespace {

namespace fs = std::filesystem;

std::vector<std::string> servers_of(const net::resolv_conf& what) {
  std::vector<std::string> out;
  for (const auto& each : what.servers)
    out.push_back(to_string(each));
  return out;
}

using list = std::vector<std::string>;

list servers(std::string_view text) {
  return servers_of(net::parse_resolv_conf(text));
}

list search(std::string_view text) {
  return net::parse_resolv_conf(text).search;
}

/// A folder of its own, removed at the end.
struct folder : loop {
  void write(const char* name, const std::string& text) const {
    std::ofstream{at / name} << text;
  }

  bool comes_to(const net::host_resolver& resolver, const list& expected) {
    return until([&] { return servers_of(resolver.now()) == expected; });
  }

  test::temp_dir own;
  fs::path at{own.path()};
};

} // namespace

TEST_CASE("Servers are taken in their order, on port 53") {
  CHECK(
    servers("nameserver 10.0.0.1\n  nameserver\tfd00::1\n")
    == list{"10.0.0.1:53", "[fd00::1]:53"});
  CHECK(servers("nameserver 10.0.0.1") == list{"10.0.0.1:53"});
  CHECK(servers("nameserver 10.0.0.1 10.0.0.2\n") == list{"10.0.0.1:53"});
}

TEST_CASE("An IPv6 server loses its scope") {
  CHECK(servers("nameserver ::1%lo\n") == list{"[::1]:53"});
}

TEST_CASE("Rubbish and comments are passed over") {
  CHECK(
    servers("# nameserver 10.0.0.9\n;nameserver 10.0.0.9\nnameserver\n"
            "nameserver example.com\nnameserver 300.0.0.1\nnameserver %\n"
            "nameservers 10.0.0.9\noptions edns0\n\n\nnameserver 10.0.0.1\n")
    == list{"10.0.0.1:53"});
  CHECK(servers("").empty());
  CHECK(servers(std::string(1000, '\0')).empty());
}

TEST_CASE("At most 8 servers and 16 search domains are taken") {
  std::string text;
  std::string domains = "search";
  for (int i = 1; i <= 20; ++i) {
    text += "nameserver 10.0.0." + std::to_string(i) + "\n";
    domains += " d" + std::to_string(i) + ".test";
  }
  CHECK(servers(text).size() == 8);
  CHECK(servers(text).back() == "10.0.0.8:53");
  CHECK(search(domains).size() == 16);
}

TEST_CASE("Only the first 64 KiB are read") {
  CHECK(
    servers(
      "nameserver 10.0.0.1\n" + std::string(64 * 1024, '\n')
      + "nameserver 10.0.0.2\n")
    == list{"10.0.0.1:53"});
}

TEST_CASE("The last of the search and domain lines counts") {
  CHECK(search("search a.test b.test\n") == list{"a.test", "b.test"});
  CHECK(search("search a.test\ndomain b.test\n") == list{"b.test"});
  CHECK(
    search("search " + std::string(254, 'x') + " a.test") == list{"a.test"});
}

TEST_CASE_METHOD(folder, "A missing file names no servers, until it is there") {
  net::host_resolver resolver{io, (at / "resolv.conf").string()};
  CHECK(resolver.now().servers.empty());
  write("resolv.conf", "nameserver 10.0.0.1\n");
  CHECK(comes_to(resolver, {"10.0.0.1:53"}));
  fs::remove(at / "resolv.conf");
  CHECK(comes_to(resolver, {}));
}

TEST_CASE_METHOD(folder, "A file that is replaced is read again") {
  write("resolv.conf", "nameserver 10.0.0.1\n");
  net::host_resolver resolver{io, (at / "resolv.conf").string()};
  CHECK(servers_of(resolver.now()) == list{"10.0.0.1:53"});
  write("new", "nameserver 10.0.0.2\n");
  fs::rename(at / "new", at / "resolv.conf");
  CHECK(comes_to(resolver, {"10.0.0.2:53"}));
  write("resolv.conf", "nameserver 10.0.0.3\n");
  CHECK(comes_to(resolver, {"10.0.0.3:53"}));
}

TEST_CASE_METHOD(folder, "A link is followed, also when it leads elsewhere") {
  fs::create_directories(at / "run");
  fs::create_directories(at / "etc");
  write("run/stub", "nameserver 10.0.0.1\n");
  fs::create_symlink(at / "run/stub", at / "etc/resolv.conf");
  net::host_resolver resolver{io, (at / "etc/resolv.conf").string()};
  CHECK(servers_of(resolver.now()) == list{"10.0.0.1:53"});
  write("run/new", "nameserver 10.0.0.2\n");
  fs::rename(at / "run/new", at / "run/stub");
  CHECK(comes_to(resolver, {"10.0.0.2:53"}));
  fs::create_directories(at / "var");
  write("var/stub", "nameserver 10.0.0.3\n");
  fs::create_symlink(at / "var/stub", at / "etc/new");
  fs::rename(at / "etc/new", at / "etc/resolv.conf");
  CHECK(comes_to(resolver, {"10.0.0.3:53"}));
  write("var/stub", "nameserver 10.0.0.4\n");
  CHECK(comes_to(resolver, {"10.0.0.4:53"}));
}
