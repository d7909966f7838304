#include "net/circuit/dialer.hpp"
#include "net/pac/pac.hpp"
#include "test/net/dns/loop.hpp"
#include "test/net/proxy/fake_server.hpp"
#include "test/support/built.hpp"
#include "test/support/temp_dir.hpp"

#include <catch2/catch.hpp>
#include <sys/socket.h>

#include <filesystem>
#include <fstream>

using namespace pier;
using namespace pier::net;
using namespace std::chrono_literals;

namespace {

std::string function(const std::string& body) {
  return "function FindProxyForURL(url, host) { " + body + " }";
}

struct person : trials::loop {
  void begin(pac_origin from, pac_limits bounds = {}) {
    script_pauses brief;
    brief.first = 10ms;
    one.emplace(
      io, test::built("pier-pac").string(),
      [](family kind) { return host_socket(kind, SOCK_STREAM); }, from, bounds,
      brief);
  }
  void run(const std::string& text, pac_limits bounds = {}) {
    begin({{}, text}, bounds);
  }

  std::string ask(const std::string& host, uint16_t port = 80) {
    std::optional<std::string> out;
    one->ask(
      {port == 443, host, port}, [&](const std::vector<proxy_choice>& said) {
        out.emplace();
        for (const auto& each : said)
          *out += (out->empty() ? "" : "; ") + to_string(each);
      });
    until([&] { return out.has_value(); });
    return out.value_or("nothing");
  }

  std::optional<pac> one;
};

bool says(const std::string& text, const char* words) {
  INFO(text);
  CHECK(text.starts_with("blocked: "));
  return text.find(words) != std::string::npos;
}

} // namespace

TEST_CASE_METHOD(person, "a script says which way leads to a destination") {
  run(
    function("if (isPlainHostName(host)) return 'DIRECT';"
             "if (url.substring(0, 6) == 'https:') return 'PROXY s:1; DIRECT';"
             "if (shExpMatch(host, '*.example')) return 'SOCKS5 p:2';"
             "return 'PROXY q:3';"));
  CHECK(ask("web") == "direct");
  CHECK(ask("web.other", 443) == "through http://s:1; direct");
  CHECK(ask("web.example") == "through socks5://p:2");
  CHECK(ask("web.other") == "through http://q:3");
  CHECK(says(ask("a'b"), "its name is none"));
}

TEST_CASE_METHOD(person, "a script learns of names what the host knows") {
  run(function(
    "if (host == 'self') return 'PROXY ' + myIpAddress() + ':1';"
    "if (isInNet(host, '127.0.0.0', '255.0.0.0')) return 'PROXY loop:1';"
    "return isResolvable(host) ? 'PROXY known:1' : 'PROXY unknown:1';"));
  CHECK(ask("localhost") == "through http://loop:1");
  CHECK(ask("127.1.2.3") == "through http://loop:1");
  CHECK(ask("192.0.2.1") == "through http://known:1");
  CHECK(ask("name.invalid") == "through http://unknown:1");
  CHECK(ask("self").starts_with("through http://"));
}

TEST_CASE_METHOD(person, "an answer is kept, and known at once the next time") {
  run("var count = 0;" + function("return 'PROXY p:' + (++count);"));
  CHECK(ask("a") == "through http://p:1");
  CHECK(ask("b") == "through http://p:2");
  CHECK(ask("a") == "through http://p:1");
  CHECK(ask("a", 443) == "through http://p:3");
}

TEST_CASE_METHOD(
  person, "a script that loops costs its question, nothing else") {
  pac_limits brief;
  brief.question = 300ms;
  run(function("while (host == 'loop') {} return 'PROXY p:1';"), brief);
  CHECK(ask("a") == "through http://p:1");
  CHECK(says(ask("loop"), "has not answered in 300 ms"));
  CHECK(ask("b") == "through http://p:1");
}

TEST_CASE_METHOD(person, "a script that loops again and again is left alone") {
  pac_limits brief;
  brief.question = 100ms;
  brief.pause = 200ms;
  run(function("while (true) {}"), brief);
  for (int i = 0; i < 3; ++i)
    CHECK(says(ask("a"), "has not answered"));
  trials::stopwatch watch;
  CHECK(says(ask("a"), "it is tried again in 200 ms"));
  CHECK(watch.elapsed() < 90ms);
  CHECK(until([&] { return watch.elapsed() > 220ms; }));
  CHECK_FALSE(ask("a").ends_with("it is tried again in 200 ms"));
}

TEST_CASE_METHOD(
  person, "a script that eats memory is ended, and begun again") {
  run(
    "var all = [];"
    + function("while (host == 'eat') all.push(new Array(100000).join('x') + "
               "all.length);"
               "return 'PROXY p:1';"));
  CHECK(ask("a") == "through http://p:1");
  CHECK(ask("eat").starts_with("blocked: the PAC script "));
  CHECK(ask("b") == "through http://p:1");
}

TEST_CASE_METHOD(person, "whoever runs a script has nothing but memory") {
  run(function("return 'DIRECT';"));
  CHECK(ask("a") == "direct");
  std::ifstream children{"/proc/thread-self/children"};
  int pid = 0;
  REQUIRE(children >> pid);
  auto folder = "/proc/" + std::to_string(pid);
  auto line_of = [&](const char* file, const std::string& begin) {
    std::ifstream all{folder + "/" + file};
    for (std::string line; std::getline(all, line);)
      if (line.starts_with(begin))
        return line.substr(begin.size());
    return std::string{};
  };
  CHECK(line_of("comm", "") == "pier-pac");
  CHECK(line_of("status", "Seccomp:\t") == "2");
  CHECK(line_of("status", "NoNewPrivs:\t") == "1");
  CHECK(
    line_of("limits", "Max address space").find(" 268435456 ")
    != std::string::npos);
  CHECK(line_of("limits", "Max open files").find(" 0 ") != std::string::npos);
  one.reset();
  CHECK_FALSE(std::filesystem::exists(folder));
}

TEST_CASE_METHOD(
  person, "a script that never ends its recursion harms nobody") {
  run(function("function f(x) { return f(x + 1) + 1; }"
               "return host == 'deep' ? f(0) : 'PROXY p:1';"));
  CHECK(ask("deep").starts_with("blocked: the PAC script "));
  CHECK(ask("a") == "through http://p:1");
}

TEST_CASE_METHOD(person, "a script that is none blocks, and says why") {
  run("function FindProxyForURL(url, host) { return 'DIRECT'");
  CHECK(says(ask("a"), "the PAC script is broken: "));
  CHECK(says(ask("b"), "SyntaxError"));
  run("var x = 1;");
  CHECK(says(ask("a"), "the PAC script fails: "));
  run(function("return no_such_thing;"));
  CHECK(says(ask("a"), "no_such_thing is not defined"));
  run(function("return 7;"));
  CHECK(says(ask("a"), "answers \"7\""));
}

TEST_CASE_METHOD(person, "a file is obeyed anew when it changes") {
  test::temp_dir dir;
  auto file = dir / "proxy.pac";
  begin({file, {}});
  CHECK(says(ask("a"), "cannot be loaded: No such file"));
  std::ofstream{file} << function("return 'PROXY one:1';");
  CHECK(until([&] { return ask("a") == "through http://one:1"; }));
  std::ofstream{file} << function("return 'PROXY two:2';");
  CHECK(until([&] { return ask("a") == "through http://two:2"; }));
  // One that is gone stays in force.
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  io.restart();
  io.run_for(300ms);
  CHECK(ask("b") == "through http://two:2");
}

TEST_CASE_METHOD(
  person, "a URL is followed, and asked again until it answers") {
  std::string head;
  auto text = function("return 'PROXY far:1';");
  auto leads = [&](int client) {
    trials::hear_head(client);
    trials::say(
      client,
      "HTTP/1.1 302 Found\r\nLocation: /real.pac\r\n"
      "Content-Length: 0\r\n\r\n");
  };
  auto serves = [&](int client) {
    head = trials::hear_head(client);
    trials::say(
      client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    std::array<char, 8> size{};
    std::snprintf(size.data(), size.size(), "%zx", text.size());
    trials::say(client, size.data() + std::string{"\r\n"} + text);
    trials::say(client, "\r\n0\r\n\r\n");
  };
  auto fails = [&](int client) {
    trials::hear_head(client);
    trials::say(client, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
  };
  trials::fake_server web{{fails, leads, serves}};
  auto url = "http://127.0.0.1:" + std::to_string(web.port()) + "/proxy.pac";
  begin({url, {}});
  CHECK(says(ask("a"), "its server says 500"));
  CHECK(until([&] { return ask("a") == "through http://far:1"; }));
  CHECK(head.starts_with("GET /real.pac HTTP/1.1\r\n"));
}

TEST_CASE_METHOD(person, "what leads round in circles is no script") {
  auto leads = [&](int client) {
    trials::hear_head(client);
    trials::say(
      client,
      "HTTP/1.1 301 Moved\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n");
  };
  trials::fake_server web{std::vector<trials::fake_server::client>(6, leads)};
  begin({"http://127.0.0.1:" + std::to_string(web.port()) + "/", {}});
  CHECK(says(ask("a"), "it leads on more than five times"));
}

TEST_CASE_METHOD(person, "many who ask at once are all answered") {
  run(function("return 'PROXY ' + host + ':1';"));
  size_t answered = 0;
  for (int i = 0; i < 500; ++i)
    one->ask(
      {false, "h" + std::to_string(i % 50), 80},
      [&, i](const std::vector<proxy_choice>& said) {
        CHECK(said.at(0).proxy.host == "h" + std::to_string(i % 50));
        ++answered;
      });
  CHECK(until([&] { return answered == 500; }));
}
