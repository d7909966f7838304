#include "test/support/show.hpp"
#include "test/tools/samples.hpp"
#include "tools/pier/draw_tree.hpp"
#include "tools/pier/events.hpp"
#include "tools/pier/finding.hpp"
#include "tools/pier/flows.hpp"
#include "tools/pier/forwards.hpp"
#include "tools/pier/port.hpp"
#include "tools/pier/ports_text.hpp"
#include "tools/pier/ps.hpp"
#include "tools/pier/table.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::cli;

namespace {

bound_port
tcp(const char* ip, uint16_t host, uint16_t container, bool open = true) {
  return {protocol::tcp, {*ip_address::parse(ip), host}, container, open};
}

} // namespace

TEST_CASE("columns are as wide as their widest cell") {
  CHECK(
    draw_table({{"NAME", "X"}, {"ä", "1"}, {"longer", ""}})
    == "NAME     X\n"
       "ä        1\n"
       "longer\n");
}

TEST_CASE("what others wrote cannot drive the terminal") {
  CHECK(draw_table({{"\033[2J", "a\nb"}}) == "?[2J   a?b\n");
}

TEST_CASE("a text is shortened between characters") {
  CHECK(shorten("abc", 3) == "abc");
  CHECK(shorten("abcd", 3) == "ab…");
  CHECK(shorten("äöüß", 3) == "äö…");
}

TEST_CASE("durations are told as Docker tells them") {
  CHECK(human_duration(0) == "Less than a second");
  CHECK(human_duration(1) == "1 second");
  CHECK(human_duration(59) == "59 seconds");
  CHECK(human_duration(60) == "About a minute");
  CHECK(human_duration(300) == "5 minutes");
  CHECK(human_duration(3600) == "About an hour");
  CHECK(human_duration(3 * 3600) == "3 hours");
  CHECK(human_duration(3 * 86400) == "3 days");
  CHECK(human_duration(21 * 86400) == "3 weeks");
  CHECK(human_duration(90 * 86400) == "3 months");
  CHECK(human_duration(900 * 86400LL) == "2 years");
}

TEST_CASE("a forward is listed with what it is and why it is not open") {
  forward_info open;
  open.listen = {protocol::udp, ip_address::loopback(family::v4), 53, {}};
  open.what.to.at = {*ip_address::parse("10.0.0.7"), 53};
  open.open = true;
  open.clients = 3;
  auto refuses = open;
  refuses.refusal = "no container db is there";
  forward_info closed;
  closed.listen.path = "/run/x";
  closed.what.to.container = "web";
  closed.what.to.at.port = 80;
  closed.refusal = "in use";
  CHECK(
    draw_forwards({open, refuses, closed})
    == "LISTEN               TO            CLIENTS   STATE\n"
       "udp://127.0.0.1:53   10.0.0.7:53   3         open\n"
       "udp://127.0.0.1:53   10.0.0.7:53   3         refuses: no container db "
       "is there\n"
       "unix:///run/x        web:80        0         closed: in use\n");
}

TEST_CASE("sizes have three digits that count") {
  CHECK(human_size(0) == "0 B");
  CHECK(human_size(999) == "999 B");
  CHECK(human_size(1000) == "1.0 kB");
  CHECK(human_size(99'949) == "99.9 kB");
  CHECK(human_size(99'950) == "100 kB");
  CHECK(human_size(999'949) == "999 kB");
  CHECK(human_size(999'950) == "1.0 MB");
  CHECK(human_size(2'345'678) == "2.3 MB");
  CHECK(human_size(UINT64_MAX) == "18.4 EB");
}

TEST_CASE("a round trip is told in the unit that fits") {
  CHECK(human_microseconds(0) == "0 µs");
  CHECK(human_microseconds(999) == "999 µs");
  CHECK(human_microseconds(1000) == "1.0 ms");
  CHECK(human_microseconds(12'345) == "12.3 ms");
  CHECK(human_microseconds(999'949) == "999.9 ms");
  CHECK(human_microseconds(999'950) == "1.0 s");
  CHECK(human_microseconds(1'250'000) == "1.3 s");
}

TEST_CASE("a flow is told from who began it to where it leads") {
  auto out = test::sample_flow();
  auto in = out;
  in.what.way = direction::inbound;
  in.what.peer = {*ip_address::parse("10.0.0.9"), 5000};
  in.what.guest.port = 80;
  in.to = in.what.guest;
  in.names.clear();
  in.state = "dialing";
  in.bytes = {};
  in.guest_rtt = in.peer_rtt = std::nullopt;
  in.milliseconds = 700;
  CHECK(
    draw_flows({out, in})
    == "CONTAINER   PROTO   FROM                TO                  "
       "VIA            STATE     RTT GUEST   RTT PEER   AGE                  "
       "SENT     RECEIVED   NAME\n"
       "web         tcp     192.168.65.3:4711   192.168.65.254:80   "
       "127.0.0.1:80   open      84 µs       12.3 ms    About a minute       "
       "1.5 kB   2.3 MB     host.iechor.internal\n"
       "web         tcp     10.0.0.9:5000       192.168.65.3:80     "
       "               dialing                          Less than a second   "
       "0 B      0 B\n");
}

TEST_CASE("ports are listed by container port, one line each") {
  CHECK(
    port_lines(
      {tcp("::", 8443, 443), tcp("0.0.0.0", 8080, 80),
       tcp("0.0.0.0", 8443, 443)})
    == "80/tcp -> 0.0.0.0:8080\n"
       "443/tcp -> 0.0.0.0:8443\n"
       "443/tcp -> [::]:8443\n");
  CHECK(port_lines({}).empty());
}

TEST_CASE("neighbouring ports are drawn together") {
  CHECK(
    port_column(
      {tcp("0.0.0.0", 8001, 81), tcp("0.0.0.0", 8000, 80), tcp("::", 8000, 80),
       tcp("::", 8001, 81)})
    == "0.0.0.0:8000-8001->80-81/tcp, [::]:8000-8001->80-81/tcp");
  CHECK(
    port_column({tcp("0.0.0.0", 8000, 80), tcp("0.0.0.0", 9001, 81)})
    == "0.0.0.0:8000->80/tcp, 0.0.0.0:9001->81/tcp");
}

TEST_CASE("a port on which nothing listens yet says so") {
  CHECK(
    port_column({tcp("0.0.0.0", 8000, 80), tcp("0.0.0.0", 8001, 81, false)})
    == "0.0.0.0:8000->80/tcp, 0.0.0.0:8001->81/tcp (closed)");
}

TEST_CASE("one port is asked for by number and protocol") {
  container_info info;
  info.name = "web";
  info.ports = {tcp("0.0.0.0", 8080, 80), tcp("::", 8080, 80)};
  CHECK(*port_answer(info, "80") == "0.0.0.0:8080\n[::]:8080\n");
  CHECK(*port_answer(info, "80/tcp") == "0.0.0.0:8080\n[::]:8080\n");
  auto none = port_answer(info, "80/udp");
  REQUIRE_FALSE(none);
  CHECK(none.error().code == ec::no_such_port);
  CHECK(
    none.error().text
    == "no public port \"80/udp\" published for web; \"pier port web\" lists "
       "those that are");
  CHECK_FALSE(port_answer(info, "http"));
}

TEST_CASE("containers are a table") {
  auto web = test::sample_info();
  web.netns.clear();
  web.failure.clear();
  web.state = container_state::running;
  container_info old;
  old.name = "old";
  old.command = {"sh", "-c", "a very long command that nobody reads"};
  old.state = container_state::exited;
  old.exit_status = 3;
  CHECK(
    draw_containers({web, old}, web.started + 300)
    == R"(NAME   COMMAND                            STATUS         ADDRESS        PORTS
web    "python3 -m http.server"           Up 5 minutes   192.168.65.3   0.0.0.0:8000->80/tcp, [::]:53->5353/udp (closed)
old    "sh -c a very long command tha…"   Exited (3)     -
)");
}

TEST_CASE("a tree has a branch for every actor") {
  CHECK(
    draw_tree(test::sample_tree(), {}) == R"(root                           up
├─ dns                         no answer
└─ web         container       restarting
   ├─ 17       session         up          tcp a → b
   └─ 8000:80  published_port  up          restarted 2 times, clients 3
)");
}

TEST_CASE("colours say how an actor is, and only where they are wanted") {
  auto plain = draw_tree(test::sample_tree(), {});
  CHECK(plain.find('\033') == std::string::npos);
  auto painted = draw_tree(test::sample_tree(), {true});
  CHECK(painted.find("\033[32mup") != std::string::npos);
  CHECK(painted.find("\033[33mrestarting") != std::string::npos);
  CHECK(painted.find("\033[31mno answer") != std::string::npos);
}

TEST_CASE("of many leaves of one kind the rest is counted") {
  health sessions{"sessions", "sessions", "up", 0, {}, {}};
  for (int i = 0; i < 100; ++i)
    sessions.children.push_back(
      {std::to_string(i), "session", "up", 0, {}, {}});
  auto text = draw_tree(sessions, {false, 3});
  CHECK(text == R"(sessions                   up
├─ 0              session  up
├─ 1              session  up
├─ 2              session  up
└─ … and 97 more  session
)");
  CHECK(draw_tree(sessions, {false, 1000}).find("└─ 99") != std::string::npos);
}

TEST_CASE("one more than the fold is shown, not counted") {
  health few{"few", "few", "up", 0, {}, {}};
  for (int i = 0; i < 4; ++i)
    few.children.push_back({std::to_string(i), "x", "up", 0, {}, {}});
  CHECK(draw_tree(few, {false, 3}).find("more") == std::string::npos);
}

TEST_CASE("news is one line") {
  CHECK(
    event_line({event::kind::exited, "web", "exit\nstatus"})
    == "exited            web   exit?status\n");
  CHECK(
    event_line({event::kind::gateway_up, "", "up"})
    == "gateway_up        -   up\n");
}

TEST_CASE("ping needs a group that may") {
  CHECK(judge_ping("0\t2147483647\n", 1000, false).how == finding::grade::good);
  auto no = judge_ping("1\t0\n", 1000, false);
  CHECK(no.how == finding::grade::note);
  CHECK(no.mend.find("ping_group_range") != std::string::npos);
  CHECK(no.text.find("(1 0)") != std::string::npos);
  CHECK(judge_ping("1\t0\n", 0, true).how == finding::grade::good);
  CHECK(judge_ping("", 1000, false).how == finding::grade::note);
}

TEST_CASE("low ports are root's unless the kernel says otherwise") {
  CHECK(judge_low_ports("1024\n", true).how == finding::grade::good);
  CHECK(judge_low_ports("0\n", false).how == finding::grade::good);
  auto no = judge_low_ports("1024\n", false);
  CHECK(no.how == finding::grade::note);
  CHECK(no.text.find("1024") != std::string::npos);
}

TEST_CASE("resolvers are those that are addresses") {
  auto good = judge_resolvers(
    "# x\nsearch lan\nnameserver 10.0.0.1\nnameserver ::1\n", "/r");
  CHECK(good.how == finding::grade::good);
  CHECK(good.text == "10.0.0.1, ::1");
  CHECK(
    judge_resolvers("nameserver rubbish\n", "/r").how == finding::grade::note);
  CHECK(judge_resolvers({}, "/r").text.find("/r") != std::string::npos);
}

TEST_CASE("a forbidden user namespace is mended by the switch that forbids") {
  auto mend = [](const namespace_switches& are) {
    auto found = judge_user_namespaces(false, 1, are);
    CHECK(found.how == finding::grade::bad);
    return found.mend;
  };
  CHECK(
    mend({"0", "100", "0"}).find("unprivileged_userns_clone")
    != std::string::npos);
  CHECK(mend({"", "0\n", ""}).find("max_user_namespaces") != std::string::npos);
  CHECK(mend({"1", "100", "1"}).find("apparmor") != std::string::npos);
  CHECK(mend({"", "", ""}).find("root") != std::string::npos);
  CHECK(judge_user_namespaces(false, 0, {}).how == finding::grade::good);
  CHECK(judge_user_namespaces(true, 1, {}).how == finding::grade::good);
}

TEST_CASE("findings are a list with the mend below") {
  std::vector<finding> all{
    {"kernel", finding::grade::good, "Linux", ""},
    {"ping", finding::grade::note, "no", "sudo x"}};
  CHECK(
    draw_findings(all, false)
    == "ok    kernel  Linux\n"
       "note  ping    no\n"
       "              mend it: sudo x\n");
  CHECK(exit_status(all) == 0);
  all.push_back({"gateway", finding::grade::bad, "no", ""});
  CHECK(exit_status(all) == 1);
}
