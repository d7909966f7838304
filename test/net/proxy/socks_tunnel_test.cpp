#include "test/net/proxy/fake_server.hpp"
#include "test/net/proxy/traveller.hpp"

using namespace pier;
using namespace pier::net;
using trials::all_of;
using trials::fake_server;
using trials::say;
using trials::traveller;

TEST_CASE_METHOD(
  traveller, "a SOCKS5 proxy is told the name, and leads there") {
  std::string offer;
  std::string request;
  fake_server proxy{{[&](int client) {
    offer = trials::hear(client, 3);
    say(client, std::string("\5\0", 2));
    request = trials::hear(client, 4 + 1 + 11 + 2);
    say(client, std::string("\5\0\0\1\0\0\0\0\0\0", 10) + "220 hello");
  }}};
  auto how = dial(proxy.port(), "web.example", "socks5://");
  REQUIRE(how);
  REQUIRE(how->connection);
  CHECK(offer == std::string("\5\1\0", 3));
  CHECK(request == std::string("\5\1\0\3\13web.example\1\273", 18));
  CHECK(all_of(how->connection) == "220 hello");
}

TEST_CASE_METHOD(
  traveller, "a SOCKS5 proxy is told who asks, and the address") {
  std::string login;
  std::string request;
  fake_server proxy{{[&](int client) {
    trials::hear(client, 4);
    say(client, std::string("\5\2", 2));
    login = trials::hear(client, 9);
    say(client, std::string("\1\0", 2));
    request = trials::hear(client, 22);
    for (auto each :
         std::string("\5\0\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 22))
      say(client, std::string(1, each));
  }}};
  auto how = dial(proxy.port(), "::1", "socks5h://", "me:pass@");
  REQUIRE(how);
  CHECK(how->connection);
  CHECK(login == std::string("\1\2me\4pass"));
  CHECK(request.substr(0, 4) == std::string("\5\1\0\4", 4));
}

TEST_CASE_METHOD(traveller, "each no of a SOCKS5 proxy has its own meaning") {
  struct meaning {
    std::string choice;
    std::string reply;
    ec code;
    bool proxy_failed;
  };
  auto reply = [](char how) {
    return std::string("\5", 1) + how + std::string("\0\1\0\0\0\0\0\0", 8);
  };
  std::string none("\5\0", 2);
  std::vector<meaning> all{
    {none, reply(2), ec::forbidden, false},
    {none, reply(3), ec::network_unreachable, false},
    {none, reply(4), ec::host_unreachable, false},
    {none, reply(5), ec::refused, false},
    {none, reply(6), ec::timed_out, false},
    {std::string("\5\xff", 2), "", ec::permission_denied, false},
    {std::string("\5\2", 2), "", ec::permission_denied, false},
    {"", "", ec::reset, true},
    {"HTTP/1.1 400", "", ec::bad_request, true},
    {none, "", ec::reset, false},
  };
  std::vector<fake_server::client> clients;
  for (const auto& each : all)
    clients.emplace_back([&each](int client) {
      trials::hear(client, 3);
      say(client, each.choice);
      if (each.choice == std::string("\5\0", 2))
        trials::hear(client, 18);
      say(client, each.reply);
    });
  fake_server proxy{clients};
  for (const auto& each : all) {
    auto how = dial(proxy.port(), "web.example", "socks5://");
    REQUIRE(how);
    CHECK_FALSE(how->connection);
    CHECK(how->why.code == each.code);
    CHECK(how->proxy_failed == each.proxy_failed);
  }
}
