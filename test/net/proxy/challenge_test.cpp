#include "net/proxy/challenge.hpp"
#include "net/proxy/digest.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::net;

namespace {

using parameters = std::vector<std::pair<std::string, std::string>>;

/// RFC 7616, 3.9.1.
const std::string of_rfc_7616
  = "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "
    "algorithm=SHA-256, "
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", "
    "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", "
    "algorithm=MD5, "
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

std::string response_to(const challenge& what) {
  secret user{"Mufasa"};
  secret password{"Circle of Life"};
  auto said = answer_digest(
    what,
    {user, password, "GET", "/dir/index.html", 1,
     "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"});
  auto all = parse_challenges(said);
  REQUIRE(all.size() == 1);
  CHECK(all[0].parameter("nc") == "00000001");
  CHECK(all[0].parameter("username") == "Mufasa");
  CHECK(all[0].parameter("uri") == "/dir/index.html");
  CHECK(all[0].parameter("opaque") == what.parameter("opaque"));
  return std::string{all[0].parameter("response")};
}

} // namespace

TEST_CASE("challenges are read as RFC 9110 writes them") {
  CHECK(parse_challenges("").empty());
  CHECK(
    parse_challenges("Negotiate")
    == std::vector{challenge{"negotiate", {}, {}}});
  CHECK(
    parse_challenges("NTLM TlRMTVNTUAACAAAA==")
    == std::vector{challenge{"ntlm", "TlRMTVNTUAACAAAA==", {}}});
  CHECK(
    parse_challenges(
      "Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", "
      "Basic realm = \"simple\"")
    == std::vector{
      challenge{
        "newauth",
        {},
        parameters{
          {"realm", "apps"}, {"type", "1"}, {"title", "Login to \"apps\""}}},
      challenge{"basic", {}, parameters{{"realm", "simple"}}}});
  auto four = parse_challenges(
    " , Negotiate , NTLM,Digest Realm=x, nonce=\"a,b\",, Basic realm=\"\"");
  REQUIRE(four.size() == 4);
  CHECK(four[1].scheme == "ntlm");
  CHECK(four[2].parameter("realm") == "x");
  CHECK(four[2].parameter("nonce") == "a,b");
  CHECK(four[3].parameters == parameters{{"realm", ""}});
}

TEST_CASE("what makes no sense in a challenge spoils only what follows it") {
  CHECK(parse_challenges("\"quoted\"").empty());
  auto one = parse_challenges("Basic realm=\"never closed, Digest nonce=x");
  REQUIRE(one.size() == 1);
  CHECK(one[0].parameters.empty());
  auto two = parse_challenges("Basic realm=x @, Digest nonce=y");
  REQUIRE(two.size() == 1);
  CHECK(two[0].parameter("realm") == "x");
}

TEST_CASE("no more challenges and parameters are read than there may be") {
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += "Scheme" + std::to_string(i) + ", ";
  CHECK(parse_challenges(many).size() == 16);
  std::string long_one = "Digest a=b";
  for (int i = 0; i < 100; ++i)
    long_one += ", p" + std::to_string(i) + "=v";
  CHECK(parse_challenges(long_one).at(0).parameters.size() == 32);
}

TEST_CASE("the answers of RFC 7616's examples are ours") {
  auto all = parse_challenges(of_rfc_7616);
  REQUIRE(all.size() == 2);
  CHECK(
    response_to(all[0])
    == "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
  CHECK(response_to(all[1]) == "8ca523f5e9506fed4657c9700eebdbec");
}

TEST_CASE("SHA-256 is taken before MD5, and what we cannot answer is not") {
  auto all = parse_challenges(of_rfc_7616);
  std::swap(all[0], all[1]);
  auto best = strongest_digest(all);
  REQUIRE(best);
  CHECK(best->parameter("algorithm") == "SHA-256");
  for (const auto* each :
       {"Digest realm=x, nonce=y, algorithm=SHA-512-256",
        "Digest realm=x, nonce=y, qop=\"auth-int\"", "Digest realm=x",
        "Basic realm=x"})
    CHECK_FALSE(strongest_digest(parse_challenges(each)));
}

TEST_CASE("a server that knows RFC 2069 only is answered in its way") {
  auto old = strongest_digest(
    parse_challenges("Digest realm=\"testrealm@host.com\", "
                     "nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\""));
  REQUIRE(old);
  secret user{"Mufasa"};
  secret password{"CircleOfLife"};
  auto said = parse_challenges(answer_digest(
    *old, {user, password, "GET", "/dir/index.html", 1, "unused"}));
  REQUIRE(said.size() == 1);
  // RFC 2069's example as its erratum 749 has it.
  CHECK(said[0].parameter("response") == "1949323746fe6a43ef61f9606e7febea");
  CHECK(said[0].parameter("qop").empty());
  CHECK(said[0].parameter("cnonce").empty());
}

TEST_CASE("quotes in a login stay within their quotes") {
  auto one = strongest_digest(
    parse_challenges("Digest realm=\"a\\\"b\", nonce=n, qop=auth"));
  REQUIRE(one);
  secret user{"x\", uri=\"/else"};
  secret password{"p"};
  auto said = parse_challenges(
    answer_digest(*one, {user, password, "GET", "/", 7, "c"}));
  REQUIRE(said.size() == 1);
  CHECK(said[0].parameter("username") == "x\", uri=\"/else");
  CHECK(said[0].parameter("uri") == "/");
  CHECK(said[0].parameter("realm") == "a\"b");
  CHECK(said[0].parameter("nc") == "00000007");
}
