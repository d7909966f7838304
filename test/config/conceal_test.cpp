#include "config/complaint.hpp"
#include "config/conceal.hpp"
#include "config/load.hpp"

#include <catch2/catch.hpp>

using pier::config::conceal;

TEST_CASE("credentials in a URL are not shown") {
  CHECK(conceal("http://ann:pass@host:1") == "http://***@host:1");
  CHECK(conceal("http://ann@host") == "http://***@host");
  CHECK(
    conceal("a = \"http://u:p@x\", b = \"socks5://v:q@y\"")
    == "a = \"http://***@x\", b = \"socks5://***@y\"");
  CHECK(conceal("http://u:p@ss/w@host/") == "http://***@host/");
}

TEST_CASE("what has none is shown as it is") {
  for (const auto* text :
       {"", "http://host:1/", "a@b", "://", "http://host \"a@b\"",
        "me@here http://host"})
    CHECK(conceal(text) == text);
}

TEST_CASE("a complaint about a proxy's URL shows no credentials") {
  for (std::string text :
       {"[proxy]\nhttp = \"http://ann:hidden@host:x\"\n",
        "[proxy]\nhttp = \"http://ann:hidden@host:1\" oops\n",
        "[proxy]\nhttps = [\"http://ann:hidden@host:1\"]\n",
        "[policy]\ndeny = [\"http://ann:hidden@host:1\"]\n"}) {
    auto read = pier::config::load("pier.toml", text);
    REQUIRE_FALSE(read.has_value());
    INFO(read.error().text);
    CHECK(read.error().text.find("hidden") == std::string::npos);
  }
}
