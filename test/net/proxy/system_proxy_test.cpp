#include "net/proxy/system_proxy.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace pier;

namespace {

using variables = std::map<std::string, std::string>;

proxy_terms
read(const variables& all, std::vector<std::string>* wrong = nullptr) {
  return net::system_proxy(
    [&](const char* name) {
      auto found = all.find(name);
      return found == all.end() ? std::string{} : found->second;
    },
    [&](std::string why) {
      if (wrong != nullptr)
        wrong->push_back(std::move(why));
    });
}

} // namespace

TEST_CASE("an empty environment names no proxy") {
  auto none = read({});
  CHECK_FALSE(none.http);
  CHECK_FALSE(none.https);
  CHECK(none.exclude.empty());
}

TEST_CASE("each scheme has its variable, in either case, and all have one") {
  CHECK(read({{"http_proxy", "a:1"}}).http->host == "a");
  CHECK(read({{"HTTP_PROXY", "b:1"}}).http->host == "b");
  CHECK(read({{"http_proxy", "a:1"}, {"HTTP_PROXY", "b:1"}}).http->host == "a");
  CHECK_FALSE(read({{"http_proxy", "a:1"}}).https);
  CHECK(read({{"HTTPS_PROXY", "c:1"}}).https->host == "c");
  auto all = read({{"ALL_PROXY", "socks5://d"}, {"https_proxy", "c:1"}});
  CHECK(all.http->scheme == proxy_scheme::socks5);
  CHECK(all.https->host == "c");
}

TEST_CASE("a client's header is no proxy of ours") {
  variables cgi{{"REQUEST_METHOD", "GET"}, {"HTTP_PROXY", "evil:1"}};
  CHECK_FALSE(read(cgi).http);
}

TEST_CASE("exclusions stand between commas or blanks") {
  auto some = read({{"no_proxy", "a.example,, .b.example 10.0.0.0/8,\t!"}});
  REQUIRE(some.exclude.size() == 3);
  CHECK(some.exclude[1].below);
  CHECK(read({{"NO_PROXY", "*"}}).exclude == std::vector<exclusion>{{}});
}

TEST_CASE("what is no proxy is passed over, and said without its credentials") {
  std::vector<std::string> wrong;
  auto none = read({{"http_proxy", "http://ann:hidden@:x"}}, &wrong);
  CHECK_FALSE(none.http);
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].find("http_proxy") == 0);
  CHECK(wrong[0].find("hidden") == std::string::npos);
}
