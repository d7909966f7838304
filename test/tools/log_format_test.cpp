// How a line of the log is written.

#include "messages/redact.hpp"
#include "tools/pierd/log_format.hpp"

#include <boost/json/parse.hpp>

#include <catch2/catch.hpp>
#include <spdlog/details/log_msg.h>

using namespace pier;
using namespace pier::daemon;

namespace {

std::string formatted(log_format how, std::string_view text) {
  auto formatter = make_log_formatter(how);
  spdlog::details::log_msg line{
    "containers/web", spdlog::level::warn, {text.data(), text.size()}};
  line.time = {};
  spdlog::memory_buf_t out;
  formatter->format(line, out);
  return {out.data(), out.size()};
}

} // namespace

TEST_CASE("a line of JSON says when, how grave, who and what") {
  auto line = formatted(log_format::json, "it \"fails\"");
  CHECK(line.ends_with("}\n"));
  auto read = boost::json::parse(line).as_object();
  CHECK(read.at("time") == "1970-01-01T00:00:00.000Z");
  CHECK(read.at("level") == "warn");
  CHECK(read.at("actor") == "containers/web");
  CHECK(read.at("text") == "it \"fails\"");
}

TEST_CASE("a line for a person says the same") {
  auto line = formatted(log_format::human, "it fails");
  CHECK(line.find("[containers/web] [warning] it fails\n") != line.npos);
}

TEST_CASE("whatever is said is one line, and nothing to a terminal") {
  for (auto how : {log_format::human, log_format::json}) {
    auto line = formatted(how, "a\nb\x1b[2Jc\rd");
    CHECK(line.find('\n') == line.size() - 1);
    CHECK(line.find('\x1b') == line.npos);
    CHECK(line.find('\r') == line.npos);
  }
  CHECK(log_text("a\nb\x1b") == "a\\nb\\x1b");
  CHECK(log_text("é → ü") == "é → ü");
}

TEST_CASE("a secret is in no line") {
  const std::pair<const char*, const char*> all[] = {
    {"proxy http://ann:s3cret@proxy.test:3128/ is away",
     "proxy http://***@proxy.test:3128/ is away"},
    {"socks5h://ann:a@b:c@proxy.test:1080", "socks5h://***@proxy.test:1080"},
    {"two: http://a:b@c, https://d@e.", "two: http://***@c, https://***@e."},
    {"\"http://u:p@h\" -> \"off\"", "\"http://***@h\" -> \"off\""},
    {"http://proxy.test/user@host", "http://proxy.test/user@host"},
    {"ann@host", "ann@host"},
    {"Proxy-Authorization: Basic YW5uOnMzY3JldA==\r\nHost: x",
     "Proxy-Authorization: ***\r\nHost: x"},
    {"authorization:Bearer s3cret", "authorization: ***"},
    {"a -----BEGIN PRIVATE KEY-----\nMIIs3cret\n-----END PRIVATE KEY----- b",
     "a *** b"},
    {"-----BEGIN OPENSSH PRIVATE KEY-----\ns3cret", "***"},
    {"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
     "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"},
  };
  for (const auto& [said, heard] : all) {
    CHECK(redact(said) == heard);
    CHECK(redact(redact(said)) == heard);
  }
  CHECK(
    formatted(log_format::json, all[0].first).find("s3cret")
    == std::string::npos);
  CHECK(
    formatted(log_format::human, all[8].first).find("s3cret")
    == std::string::npos);
}
