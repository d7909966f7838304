#include "net/sandbox/own_files.hpp"
#include "net/sandbox/plan.hpp"
#include "net/sandbox/saying.hpp"
#include "net/sandbox/shim_channel.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <random>

using namespace pier;
using namespace pier::net;
using namespace pier::net::box;

namespace {

plan example() {
  plan out;
  out.network = network_mode::none;
  out.command = {"printf", "%s", std::string{"\xff\xfe not UTF-8 \n\"\\\x01"}};
  out.environment = {"A=1", "EMPTY=", "B=x=y"};
  out.mounts = {{"/src", "/dst", true}, {"/a b", "/c\xc3", false}};
  out.hostname = "box";
  out.rootfs = "/srv/root";
  out.workdir = "/tmp";
  out.terminal = true;
  out.resolv_conf = "nameserver 192.168.65.1\n";
  out.hosts = "127.0.0.1 localhost\n";
  return out;
}

std::string refusal_of(const plan& what) {
  auto checked = check(what);
  return checked ? "" : checked.error().text;
}

} // namespace

TEST_CASE("a plan survives its journey byte for byte") {
  auto there = example();
  auto back = decode_plan(encode(there));
  REQUIRE(back.has_value());
  CHECK(*back == there);
}

TEST_CASE("any argument but one with a NUL byte can be passed") {
  std::mt19937 random{7};
  std::uniform_int_distribution<int> byte{1, 255};
  for (int round = 0; round < 200; ++round) {
    auto there = example();
    std::string word;
    for (int i = 0; i < 64; ++i)
      word.push_back(static_cast<char>(byte(random)));
    there.command.push_back(word);
    auto back = decode_plan(encode(there));
    REQUIRE(back.has_value());
    CHECK(back->command == there.command);
  }
}

TEST_CASE("a plan that is cut or bent is refused and harms nobody") {
  auto text = encode(example());
  for (size_t length = 0; length < text.size(); ++length)
    CHECK(decode_plan(text.substr(0, length)).has_error());
  std::mt19937 random{11};
  for (int round = 0; round < 2000; ++round) {
    auto bent = text;
    for (int i = 0; i < 3; ++i)
      bent[random() % bent.size()] = static_cast<char>(random());
    // Either it is refused or it is a plan that can be checked.
    if (auto read = decode_plan(bent))
      CHECK(check(*read).has_value());
  }
}

TEST_CASE("a plan with a field of another type is refused") {
  CHECK(decode_plan("[]").has_error());
  CHECK(decode_plan("{}").has_error());
  auto text = encode(example());
  auto at = text.find("\"terminal\":true");
  REQUIRE(at != std::string::npos);
  CHECK(decode_plan(text.replace(at, 15, "\"terminal\":1234")).has_error());
}

TEST_CASE("what no shim could do is refused in words") {
  auto bad = example();
  bad.command.clear();
  CHECK(refusal_of(bad) == "no command specified");
  bad = example();
  bad.command.push_back(std::string("a\0b", 3));
  CHECK(refusal_of(bad).find("NUL") != std::string::npos);
  bad = example();
  bad.environment = {"NOVALUE"};
  CHECK(refusal_of(bad) == "environment entry \"NOVALUE\": must be NAME=VALUE");
  bad.environment = {"=x"};
  CHECK_FALSE(refusal_of(bad).empty());
  bad = example();
  bad.mounts = {{"relative", "/x", false}};
  CHECK(
    refusal_of(bad) == "bind source \"relative\": must be an absolute path");
  bad.mounts = {{"/x", "/", false}};
  CHECK_FALSE(refusal_of(bad).empty());
  bad = example();
  bad.rootfs = "/";
  CHECK_FALSE(refusal_of(bad).empty());
  bad = example();
  bad.workdir = "tmp";
  CHECK_FALSE(refusal_of(bad).empty());
  bad = example();
  bad.hostname = std::string(65, 'x');
  CHECK_FALSE(refusal_of(bad).empty());
}

TEST_CASE("a saying survives its journey; a stranger's bytes are none") {
  saying there{word::failed, -7, ec::command_not_found, "exec: \"x\""};
  auto back = decode_saying(encode(there));
  REQUIRE(back.has_value());
  CHECK(*back == there);
  CHECK_FALSE(decode_saying(""));
  CHECK_FALSE(decode_saying("12345"));
  CHECK_FALSE(decode_saying(std::string(6, '\0')));
  CHECK_FALSE(decode_saying(std::string(6, '\x7f')));
  CHECK_FALSE(decode_saying(std::string(max_saying + 1, '\1')));
  there.text = std::string(2 * max_text, 'x');
  back = decode_saying(encode(there));
  REQUIRE(back.has_value());
  CHECK(back->text.size() == max_text);
}

TEST_CASE("descriptors travel with a saying, and an end is seen") {
  auto ends = make_channel();
  REQUIRE(ends.has_value());
  auto& [ours, theirs] = *ends;
  parcel got;
  CHECK(receive(theirs.get(), got, false) == reception::nothing);
  saying go{word::go, 5, ec::ok, {}};
  REQUIRE(send(ours.get(), go, {0, 1}).has_value());
  REQUIRE(receive(theirs.get(), got, false) == reception::parcel);
  CHECK(got.said.number == 5);
  CHECK(got.descriptors.size() == 2);
  ours.reset();
  CHECK(receive(theirs.get(), got, false) == reception::closed);
}

TEST_CASE("last words are heard, whatever the speaker has left unread") {
  auto ends = make_channel();
  REQUIRE(ends.has_value());
  auto& [ours, theirs] = *ends;
  saying unread{word::go, 0, ec::ok, {}};
  saying last_words{word::failed, 3, ec::stopped, "bye"};
  REQUIRE(send(ours.get(), unread).has_value());
  REQUIRE(send(theirs.get(), last_words).has_value());
  theirs.reset();
  parcel got;
  REQUIRE(receive(ours.get(), got, false) == reception::parcel);
  CHECK(got.said == last_words);
  CHECK(receive(ours.get(), got, false) == reception::closed);
}

TEST_CASE("a plan is read from a sealed memfd and from nothing else") {
  auto memory = seal(example());
  REQUIRE(memory.has_value());
  CHECK(::write(memory->get(), "x", 1) < 0);
  auto back = unseal(memory->get());
  REQUIRE(back.has_value());
  CHECK(*back == example());
  int pipe[2];
  REQUIRE(::pipe(pipe) == 0);
  fd in{pipe[0]};
  fd out{pipe[1]};
  CHECK(unseal(in.get()).has_error());
}

TEST_CASE("what was added to a file of ours stays when ours changes") {
  CHECK(revise("a\nb\n", "a\nb\n", "c\n") == "c\n");
  CHECK(revise("x\na\ny\n", "a\n", "bb\n") == "x\nbb\ny\n");
  CHECK_FALSE(revise("somebody's own\n", "a\n", "b\n"));
  CHECK_FALSE(revise("anything", "", "b\n"));
}
