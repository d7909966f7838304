/// Static forwards as a person writes them.

#include "config/difference.hpp"
#include "config/print.hpp"
#include "test/config/told.hpp"
#include "test/support/show.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::trials;

namespace {

std::string forward_of(const std::string& listen, const std::string& to) {
  return "[[forward]]\nlisten = \"" + listen + "\"\nto = \"" + to + "\"\n";
}

/// How it is kept.
std::string listens(const std::string& text) {
  auto read = config::load("x", forward_of(text, "10.0.0.1:80"));
  return read ? to_string(read->forwards.begin()->first) : read.error().text;
}

std::string leads(const std::string& text) {
  auto read = config::load("x", forward_of("80", text));
  return read ? to_string(read->forwards.begin()->second.to)
              : read.error().text;
}

std::string wrong_place(const std::string& listen) {
  return sentence(forward_of(listen, "10.0.0.1:80"));
}

std::string wrong_target(const std::string& to) {
  return sentence(forward_of("80", to));
}

} // namespace

TEST_CASE("a forward listens at a port, with an address or without") {
  CHECK(listens("tcp://127.0.0.1:8080") == "tcp://127.0.0.1:8080");
  CHECK(listens("127.0.0.1:8080") == "tcp://127.0.0.1:8080");
  CHECK(listens("127.0.0.1:8080/tcp") == "tcp://127.0.0.1:8080");
  CHECK(listens("udp://[::1]:53") == "udp://[::1]:53");
  CHECK(listens("[::1]:53/udp") == "udp://[::1]:53");
  CHECK(listens("0.0.0.0:80") == "tcp://0.0.0.0:80");
  CHECK(listens("8080") == "tcp://:8080");
  CHECK(listens("tcp://:8080") == "tcp://:8080");
  CHECK(listens("8080/udp") == "udp://:8080");
}

TEST_CASE("a forward listens at the path of a Unix socket") {
  CHECK(listens("unix:///run/x.sock") == "unix:///run/x.sock");
  CHECK(listens("unix:///run/my socket") == "unix:///run/my socket");
  for (const auto* each : {"unix://run/x", "unix:///run/", "unix://"})
    CHECK(
      wrong_place(each)
      == "forward.listen: \"" + std::string{each}
        + "\": the path of a socket begins with / and ends in its name");
  CHECK(
    wrong_place("unix:///" + std::string(103, 'x')).find("at most 103 bytes")
    != std::string::npos);
}

TEST_CASE("whatever else a forward is to listen at is refused in words") {
  for (const auto* each :
       {"", "tcp://", "0", "65536", "tcp://127.0.0.1", "127.0.0.1", "::1:80",
        "localhost:80", "sctp://:80", "tcp://:80/tcp", "8000-8010", "080",
        "10.0.0.1:80:80", "http://127.0.0.1:80", "80/icmp"})
    CHECK(
      wrong_place(each)
      == "forward.listen: \"" + std::string{each}
        + R"(": expected "tcp://ADDRESS:PORT", "udp://ADDRESS:PORT", )"
          R"("unix:///PATH", or "[ADDRESS:]PORT[/udp]")");
}

TEST_CASE("a forward leads to an address, a container or a Unix socket") {
  CHECK(leads("10.1.2.3:80") == "10.1.2.3:80");
  CHECK(leads("[fd00::7]:80") == "[fd00::7]:80");
  CHECK(leads("web:80") == "web:80");
  CHECK(leads("my.web-1:8080") == "my.web-1:8080");
  CHECK(leads("unix:///run/x.sock") == "unix:///run/x.sock");
}

TEST_CASE("where a forward cannot lead is said, and the mend") {
  CHECK(
    wrong_target("localhost:80")
    == "forward.to: \"localhost:80\": localhost is no container: write "
       "127.0.0.1 or [::1]");
  CHECK(
    wrong_target("0.0.0.0:80")
    == "forward.to: \"0.0.0.0:80\": nobody can be called at 0.0.0.0: write "
       "127.0.0.1:80");
  CHECK(
    wrong_target("[::]:80")
    == "forward.to: \"[::]:80\": nobody can be called at ::: write [::1]:80");
  CHECK(
    wrong_target("10.0.0:80")
    == "forward.to: \"10.0.0:80\": this is no address: it has four numbers up "
       "to 255");
  for (const auto* each :
       {"", "80", ":80", "web", "web:", "web:0", "a b:80", "tcp://10.0.0.1:80",
        "10.0.0.1:80/tcp", "-web:80"})
    CHECK(
      wrong_target(each)
      == "forward.to: \"" + std::string{each}
        + R"(": expected "ADDRESS:PORT", "CONTAINER:PORT", or )"
          R"("unix:///PATH")");
}

TEST_CASE("the header of the PROXY protocol is for streams") {
  auto text = forward_of("80", "10.0.0.1:80");
  CHECK_FALSE(config::load("x", text)->forwards.begin()->second.proxy_protocol);
  CHECK(config::load("x", text + "proxy_protocol = \"v2\"\n")
          ->forwards.begin()
          ->second.proxy_protocol);
  CHECK(
    sentence(text + "proxy_protocol = \"v1\"\n").find("expected \"none\" or")
    != std::string::npos);
  CHECK(
    sentence(forward_of("80/udp", "10.0.0.1:80") + "proxy_protocol = \"v2\"\n")
    == "forward.proxy_protocol: datagrams have no beginning that a header "
       "could stand at: listen to tcp, or leave it out");
  CHECK(
    sentence(forward_of("80/udp", "unix:///run/x"))
    == "forward.to: datagrams cannot go to a Unix socket: listen to tcp");
}

TEST_CASE("two forwards cannot listen at the same place, however it is spelt") {
  auto text = forward_of("8080", "10.0.0.1:80")
    + forward_of("tcp://:8080", "10.0.0.2:80");
  CHECK(
    refusal(text)
    == "pier.toml:5:10: forward.listen: \"tcp://:8080\" stands here twice: the "
       "first time in line 2\n"
       "    listen = \"tcp://:8080\"\n"
       "             ^");
}

TEST_CASE("every mistake of every forward is told, where it is") {
  auto text = "[[forward]]\nlisten = 80\n"
              "[[forward]]\nto = \"web:80\"\n"
              "[[forward]]\nlisten = \"81\"\ntoo = \"web:80\"\n"
              "[[forward]]\nlisten = \"82\"\n"
              "to = [1]\n";
  auto all = sentences(text);
  REQUIRE(all.size() == 5);
  CHECK(all[0] == "forward.listen: expected a string, not an integer");
  CHECK(all[1] == "forward.listen: it is missing");
  CHECK(all[2] == "forward.too: there is no such key; did you mean \"to\"?");
  CHECK(all[3] == "forward.to: it is missing: say where to");
  CHECK(
    all[4]
    == R"(forward.to: expected "ADDRESS:PORT", "CONTAINER:PORT", or )"
       R"("unix:///PATH", not a list)");
}

TEST_CASE("forwards are the tables of a list, and nothing else") {
  CHECK(
    sentence("[forward]\nlisten = \"80\"\n")
    == "forward: expected tables of a list, [[forward]], not a table");
  CHECK(
    sentence("forward = [1]\n") == "forward: expected a table, not an integer");
  CHECK(
    sentence("[[forwrad]]\nlisten = \"80\"\n")
    == "forwrad: there is no such key; did you mean \"forward\"?");
  CHECK(
    config::load("x", "forward = [{ listen = \"80\", to = \"10.0.0.1:80\" }]\n")
      ->forwards.size()
    == 1);
}

TEST_CASE("no forward leads back to itself, on whatever way") {
  auto back = [](const std::string& at) {
    return "forward.\"" + at
      + "\": what comes in here would come back here: let \"to\" lead "
        "elsewhere";
  };
  CHECK(
    sentence(forward_of("127.0.0.1:80", "127.0.0.1:80"))
    == back("tcp://127.0.0.1:80"));
  CHECK(sentence(forward_of("80", "127.0.0.1:80")) == back("tcp://:80"));
  CHECK(sentence(forward_of("[::]:80", "[::1]:80")) == back("tcp://[::]:80"));
  CHECK(
    sentence(forward_of("unix:///run/x", "unix:///run/x"))
    == back("unix:///run/x"));
  CHECK(
    sentences(
      forward_of("127.0.0.1:80", "unix:///run/x")
      + forward_of("unix:///run/x", "127.0.0.1:81")
      + forward_of("0.0.0.0:81", "127.0.0.1:80"))
      .size()
    == 1);
  CHECK(
    refusal(
      forward_of("127.0.0.1:80", "127.0.0.1:81")
      + forward_of("127.0.0.1:81", "10.0.0.1:80")
      + forward_of("127.0.0.1:80/udp", "127.0.0.1:81")
      + forward_of("127.0.0.2:80", "127.0.0.1:80") + forward_of("82", "web:82"))
    == "");
}

TEST_CASE("a difference knows a forward by where it listens") {
  auto was = config::load(
    "x", forward_of("80", "10.0.0.1:80") + forward_of("81", "10.0.0.1:81"));
  auto is = config::load(
    "x",
    forward_of("81", "web:81") + "proxy_protocol = \"v2\"\n"
      + forward_of("80", "10.0.0.1:80"));
  REQUIRE(was);
  REQUIRE(is);
  auto changes = config::diff(*was, *is);
  REQUIRE(changes.size() == 1);
  CHECK(config::full_path(changes[0]) == "forward.\"tcp://:81\"");
  CHECK(changes[0].was == "{ to = \"10.0.0.1:81\" }");
  CHECK(changes[0].is == "{ to = \"web:81\", proxy_protocol = \"v2\" }");
}

TEST_CASE("forwards are printed as they are written") {
  auto text = forward_of("unix:///run/x", "web:80")
    + "proxy_protocol = \"v2\"\n";
  auto read = config::load("x", text);
  REQUIRE(read);
  CHECK(config::print(*read, config::printed::changed) == text);
}
