#include "net/proxy/digest.hpp"
#include "test/net/proxy/fake_server.hpp"
#include "test/net/proxy/traveller.hpp"

#include <atomic>

using namespace pier;
using namespace pier::net;
using namespace std::chrono_literals;
using trials::all_of;
using trials::fake_server;
using trials::hear_head;
using trials::say;
using trials::traveller;

namespace {

std::string status(const std::string& line, const std::string& more = "") {
  return "HTTP/1.1 " + line + "\r\n" + more + "\r\n";
}

std::string login_of(const std::string& head) {
  auto at = head.find("Proxy-Authorization: ");
  if (at == std::string_view::npos)
    return "";
  at += 21;
  return head.substr(at, head.find("\r\n", at) - at);
}

const std::string wants_basic = status(
                                  "407 Who are you",
                                  "Proxy-Authenticate: Basic realm=\"x\"\r\n"
                                  "Content-Length: 5\r\n")
  + "login";

} // namespace

TEST_CASE_METHOD(
  traveller, "an HTTP proxy leads to the target that it is told") {
  std::string head;
  fake_server proxy{{[&](int client) {
    head = hear_head(client);
    say(client, status("200 Connection established") + "220 hello");
  }}};
  auto how = dial(proxy.port());
  REQUIRE(how);
  REQUIRE(how->connection);
  CHECK(head.starts_with("CONNECT web.example:443 HTTP/1.1\r\nHost: "
                         "web.example:443\r\n"));
  CHECK(login_of(head).empty());
  CHECK(all_of(how->connection) == "220 hello");
}

TEST_CASE_METHOD(traveller, "a head that comes in pieces is one head") {
  fake_server proxy{{[&](int client) {
    hear_head(client);
    say(client, status("100 Continue"));
    for (auto each :
         status("200 Fine", "X-Long: " + std::string(900, 'x') + "\r\n"))
      say(client, std::string(1, each));
    say(client, "after");
  }}};
  auto how = dial(proxy.port(), "::1");
  REQUIRE(how);
  REQUIRE(how->connection);
  CHECK(all_of(how->connection) == "after");
}

TEST_CASE_METHOD(
  traveller, "a login is told when it is asked for, not before") {
  std::vector<std::string> logins;
  auto asks = [&](int client) {
    logins.push_back(login_of(hear_head(client)));
    say(client, wants_basic);
    logins.push_back(login_of(hear_head(client)));
    say(client, status("200 Fine") + "in");
  };
  auto knows = [&](int client) {
    logins.push_back(login_of(hear_head(client)));
    say(client, status("200 Fine"));
  };
  fake_server proxy{{asks, knows}};
  auto how = dial(proxy.port(), "web.example", "http://", "me:s%20cret@");
  REQUIRE(how);
  REQUIRE(how->connection);
  CHECK(all_of(how->connection) == "in");
  // What has worked is said at once the next time.
  auto again = dial(proxy.port(), "web.example", "http://", "me:s%20cret@");
  REQUIRE(again);
  CHECK(again->connection);
  CHECK(
    logins
    == std::vector<std::string>{
      "", "Basic bWU6cyBjcmV0", "Basic bWU6cyBjcmV0"});
}

TEST_CASE_METHOD(
  traveller, "a proxy that hangs up over a login is dialled again") {
  std::string login;
  auto closes = [&](int client) {
    hear_head(client);
    say(
      client,
      status(
        "407 Who",
        "Proxy-Authenticate: Basic realm=x\r\n"
        "Connection: close\r\n"));
  };
  auto takes = [&](int client) {
    login = login_of(hear_head(client));
    say(client, status("200 Fine"));
  };
  fake_server proxy{{closes, takes}};
  auto how = dial(proxy.port(), "web.example", "http://", "a:b@");
  REQUIRE(how);
  CHECK(how->connection);
  CHECK(login == "Basic YTpi");
}

TEST_CASE_METHOD(traveller, "of several schemes the strongest is answered") {
  std::string login;
  fake_server proxy{{[&](int client) {
    hear_head(client);
    say(
      client,
      status(
        "407 Who",
        "Proxy-Authenticate: Basic realm=x\r\n"
        "Proxy-Authenticate: Digest realm=x, nonce=one, "
        "qop=auth, algorithm=SHA-256\r\n"
        "Content-Length: 0\r\n"));
    hear_head(client);
    say(
      client,
      status(
        "407 Late",
        "Proxy-Authenticate: Digest realm=x, nonce=two, "
        "qop=auth, algorithm=SHA-256, stale=true\r\n"
        "Transfer-Encoding: chunked\r\n")
        + "3\r\nold\r\n0\r\n\r\n");
    login = login_of(hear_head(client));
    say(client, status("200 Fine"));
  }}};
  auto how = dial(proxy.port(), "web.example", "http://", "a:b@");
  REQUIRE(how);
  CHECK(how->connection);
  auto said = parse_challenges(login);
  REQUIRE(said.size() == 1);
  CHECK(said[0].scheme == "digest");
  CHECK(said[0].parameter("nonce") == "two");
  CHECK(said[0].parameter("uri") == "web.example:443");
  secret user{"a"};
  secret password{"b"};
  auto asked = strongest_digest(
    parse_challenges("Digest realm=x, nonce=two, qop=auth, algorithm=SHA-256"));
  auto expected = answer_digest(
    *asked,
    {user, password, "CONNECT", "web.example:443", 1,
     std::string{said[0].parameter("cnonce")}});
  CHECK(login == expected);
}

TEST_CASE_METHOD(traveller, "a wrong login is an answer, and not shown") {
  fake_server proxy{{[&](int client) {
    for (int i = 0; i < 2; ++i) {
      hear_head(client);
      say(client, wants_basic);
    }
  }}};
  auto how = dial(proxy.port(), "web.example", "http://", "me:hush@");
  REQUIRE(how);
  CHECK_FALSE(how->connection);
  CHECK(how->why.code == ec::permission_denied);
  CHECK_FALSE(how->proxy_failed);
  CHECK(how->why.text.find("hush") == std::string::npos);
  CHECK(how->why.text.find("USER:PASSWORD") != std::string::npos);
  CHECK(
    past->find(*parse_upstream_proxy(
      "http://me:hush@127.0.0.1:" + std::to_string(proxy.port())))
    == nullptr);
}

TEST_CASE_METHOD(traveller, "each no of a proxy has its own meaning") {
  struct meaning {
    std::string answer;
    ec code;
    bool proxy_failed;
  };
  std::vector<meaning> all{
    {status("403 Forbidden"), ec::forbidden, false},
    {status("502 Bad Gateway"), ec::host_unreachable, false},
    {status("504 Gateway Timeout"), ec::timed_out, false},
    {status("503 No", "X-Squid-Error: ERR_CONNECT_FAIL 111\r\n"), ec::refused,
     false},
    {status("503 No", "X-Squid-Error: ERR_CONNECT_FAIL 101\r\n"),
     ec::network_unreachable, false},
    {status("503 No", "X-Squid-Error: ERR_DNS_FAIL 0\r\n"),
     ec::host_unreachable, false},
    {status("502 No", "Proxy-Status: p; error=connection_refused\r\n"),
     ec::refused, false},
    {status(
       "407 Who",
       "Proxy-Authenticate: Basic realm=x\r\n"
       "Content-Length: 0\r\n"),
     ec::permission_denied, false},
    {"", ec::reset, true},
    {"HTTP/1.1 200", ec::reset, true},
    {"SSH-2.0-OpenSSH_9.2\r\n", ec::bad_request, true},
    {"HTTP/1.1 200 OK\r\nX: " + std::string(20000, 'x') + "\r\n\r\n",
     ec::bad_request, true},
  };
  std::vector<fake_server::client> clients;
  for (const auto& each : all)
    clients.emplace_back([&each](int client) {
      hear_head(client);
      say(client, each.answer);
    });
  fake_server proxy{clients};
  for (const auto& each : all) {
    INFO(each.answer.substr(0, 80));
    auto how = dial(proxy.port());
    REQUIRE(how);
    CHECK_FALSE(how->connection);
    CHECK(how->why.code == each.code);
    CHECK(how->proxy_failed == each.proxy_failed);
    CHECK(how->why.text.find("http://127.0.0.1:") != std::string::npos);
  }
}

TEST_CASE_METHOD(traveller, "a proxy that is not there has failed itself") {
  uint16_t port = 0;
  {
    fake_server gone{{}};
    port = gone.port();
  }
  for (const auto* scheme : {"http://", "socks5://", "https://"}) {
    auto how = dial(port, "web.example", scheme);
    REQUIRE(how);
    CHECK(how->why.code == ec::refused);
    CHECK(how->proxy_failed);
  }
}

TEST_CASE_METHOD(traveller, "who is silent has failed when his time is over") {
  std::atomic<bool> done = false;
  auto silent = [&](int client) {
    trials::hear(client, 10000);
    done = true;
  };
  fake_server proxy{{silent, silent}};
  way.wait_at_most(30ms);
  auto how = dial(proxy.port());
  REQUIRE(how);
  CHECK(how->why.code == ec::timed_out);
  CHECK_FALSE(how->proxy_failed);
  // It is closed: the server hears so.
  CHECK(until([&] { return done.load(); }));
  how = dial(proxy.port(), "web.example", "socks5://");
  REQUIRE(how);
  CHECK(how->why.code == ec::timed_out);
  CHECK(how->proxy_failed);
}

TEST_CASE_METHOD(
  traveller, "a tunnel that is forgotten closes, and says nothing") {
  std::atomic<bool> closed = false;
  fake_server proxy{{[&](int client) {
    hear_head(client);
    closed = trials::hear(client, 1).empty();
  }}};
  auto by = parse_upstream_proxy(
    "http://127.0.0.1:" + std::to_string(proxy.port()));
  auto said = false;
  {
    tunnel brief{io, socket, nullptr};
    brief.begin(
      *by, "web.example", 443, [&](const tunnel_end&) { said = true; });
    for (int i = 0; i < 20; ++i)
      io.run_one_for(1ms);
  }
  CHECK(until([&] { return closed.load(); }));
  CHECK_FALSE(said);
}

TEST_CASE_METHOD(traveller, "a target's name is no second request") {
  fake_server proxy{{}};
  for (const auto* name : {"web\r\nX: y", "web x", "", "a\tb"}) {
    if (*name == '\0')
      continue;
    auto how = dial(proxy.port(), name);
    REQUIRE(how);
    CHECK(how->why.code == ec::bad_request);
  }
  auto how = dial(proxy.port(), std::string(254, 'x'));
  REQUIRE(how);
  CHECK(how->why.code == ec::bad_request);
}
