#include "net/dns/anatomy.hpp"
#include "net/dns/own_answer.hpp"
#include "test/net/dns/message.hpp"
#include "test/net/dns/reply.hpp"
#include "test/support/show.hpp"

using namespace pier;
using namespace pier::trials;
using records = dns_record::kind;

namespace {

using lines = std::vector<std::string>;

const auto query = ask("web.test");

dns_record record(records type, std::string text) {
  dns_record out;
  out.name = "web.test";
  out.type = type;
  if (auto ip = ip_address::parse(text))
    out.address = *ip;
  else
    out.text = std::move(text);
  return out;
}

lines told(const dns_record& what) {
  dns_answer out;
  out.what = dns_answer::kind::records;
  out.records = {what};
  return lines_of(net::make_answer(query, out));
}

} // namespace

TEST_CASE("A record of ours is told as it was written") {
  CHECK(
    told(record(records::a, "10.0.0.7")) == lines{"web.test. 0 IN A 10.0.0.7"});
  CHECK(
    told(record(records::aaaa, "fd00::7"))
    == lines{"web.test. 0 IN AAAA fd00::7"});
  CHECK(
    told(record(records::cname, "other.test"))
    == lines{"web.test. 0 IN CNAME other.test."});
  CHECK(
    told(record(records::txt, "a b")) == lines{"web.test. 0 IN TXT \"a b\""});
  auto service = record(records::srv, "web.test");
  service.priority = 1;
  service.weight = 2;
  service.port = 443;
  CHECK(told(service) == lines{"web.test. 0 IN SRV 1 2 443 web.test."});
}

TEST_CASE("A long text is told in pieces, and an empty one as such") {
  CHECK(
    told(record(records::txt, std::string(300, 'x')))
    == lines{
      "web.test. 0 IN TXT \"" + std::string(255, 'x') + "\" \""
      + std::string(45, 'x') + "\""});
  CHECK(told(record(records::txt, "")) == lines{"web.test. 0 IN TXT \"\""});
}

TEST_CASE("A record that is none is not told") {
  CHECK(told(record(records::aaaa, "10.0.0.7")).empty());
  CHECK(told(record(records::cname, "a..b")).empty());
  CHECK(told(record(records::srv, "a..b")).empty());
  auto nameless = record(records::a, "10.0.0.7");
  nameless.name = "a..b";
  CHECK(told(nameless).empty());
}

TEST_CASE("A refusal says why to those who understand it") {
  auto plain = net::make_refusal(query, dns_refusal::blocked);
  CHECK(plain == net::make_failure(query, net::dns_code::refused));
  auto why = GENERATE(dns_refusal::blocked, dns_refusal::prohibited);
  auto said = net::make_refusal(with_edns(query, 1232), why);
  CHECK(net::code_of(said) == net::dns_code::refused);
  CHECK(net::answers(query, said));
  CHECK(said.back() == static_cast<uint8_t>(why));
  auto parts = net::dissect(said);
  REQUIRE(parts);
  CHECK(parts->opt_end == said.size() - 6);
}

TEST_CASE("A question is asked about another name, else as it was") {
  auto asked = with_edns(query, 1232);
  CHECK(
    net::ask_instead(asked, "longer.example")
    == with_edns(ask("longer.example"), 1232));
  CHECK(net::ask_instead(asked, "a..b").empty());
  CHECK(net::ask_instead({}, "a").empty());
}

TEST_CASE("What the other name has is told behind the alias") {
  dns_answer way;
  way.records = {record(records::cname, "other.test")};
  auto other = ask("other.test");
  auto said = net::tell_alias(
    query, way, reply{other}.address("10.0.0.7", 60).bytes());
  CHECK(net::answers(query, said));
  CHECK(
    lines_of(said)
    == lines{
      "web.test. 0 IN CNAME other.test.", "other.test. 60 IN A 10.0.0.7"});
  auto no = net::tell_alias(
    query, way,
    reply{other, net::dns_code::no_such_name}.start_of_authority(9, 9).bytes());
  CHECK(net::code_of(no) == net::dns_code::no_such_name);
  CHECK(lines_of(no).size() == 1);
  CHECK(
    net::code_of(net::tell_alias(query, way, {})) == net::dns_code::failure);
}

TEST_CASE("The addresses of an answer are read, others are not") {
  auto said = reply{query}
                .alias("other.test", 60)
                .address("10.0.0.7", 60)
                .address("fd00::7", 50)
                .bytes();
  auto parts = net::dissect(said);
  REQUIRE(parts);
  CHECK(
    parts->addresses
    == std::vector{
      *ip_address::parse("10.0.0.7"), *ip_address::parse("fd00::7")});
  CHECK(parts->shortest == 50);
  CHECK(parts->answered);
}
