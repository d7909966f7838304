#include "test/support/show.hpp"
#include "tools/control/channel.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/write.hpp>

#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <optional>

using namespace pier;
using namespace pier::control;

namespace {

/// Two ends: one is a channel, the other a plain socket that the test drives.
struct wire {
  boost::asio::io_context io{1};
  channel::socket plain{io};
  std::shared_ptr<channel> line;
  std::vector<std::string> heard;
  std::optional<error> ended;

  explicit wire(channel::limits bounds = {1000, 1000000}) {
    channel::socket other{io};
    boost::asio::local::connect_pair(plain, other);
    line = std::make_shared<channel>(std::move(other), bounds);
    line->start(
      [this](std::string_view text) { heard.emplace_back(text); },
      [this](const error& why) { ended = why; });
  }
  ~wire() {
    line->close();
  }

  void say(const std::string& text) {
    boost::asio::write(plain, boost::asio::buffer(text));
  }

  /// Everything that can happen now, happens.
  void settle() {
    io.restart();
    io.poll();
  }

  void say_with(const std::string& text, const std::vector<int>& numbers) {
    std::array<char, CMSG_SPACE(16 * sizeof(int))> space{};
    iovec part{const_cast<char*>(text.data()), text.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = space.data();
    header.msg_controllen = CMSG_SPACE(numbers.size() * sizeof(int));
    auto* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(numbers.size() * sizeof(int));
    std::memcpy(
      CMSG_DATA(rights), numbers.data(), numbers.size() * sizeof(int));
    REQUIRE(
      ::sendmsg(plain.native_handle(), &header, 0)
      == static_cast<ssize_t>(text.size()));
  }
};

std::array<net::fd, 2> make_pipe() {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  return {net::fd{ends[0]}, net::fd{ends[1]}};
}

} // namespace

TEST_CASE_METHOD(wire, "lines are heard whole, however they are cut") {
  say("one\ntw");
  settle();
  CHECK(heard == std::vector<std::string>{"one"});
  say("o\n\nthr");
  settle();
  CHECK(heard == std::vector<std::string>{"one", "two", ""});
  say("ee\n");
  settle();
  CHECK(heard.back() == "three");
  CHECK_FALSE(ended);
}

TEST_CASE_METHOD(wire, "a peer that goes is heard of once") {
  say("half a li");
  plain.close();
  settle();
  CHECK(heard.empty());
  REQUIRE(ended);
  CHECK(ended->code == ec::stopped);
  CHECK_FALSE(line->open());
}

TEST_CASE_METHOD(wire, "a line that is too long ends the connection") {
  SECTION("with its end") {
    say(std::string(1001, 'x') + "\n");
  }
  SECTION("before its end") {
    say(std::string(1001, 'x'));
  }
  settle();
  CHECK(heard.empty());
  REQUIRE(ended);
  CHECK(ended->code == ec::bad_request);
  CHECK_FALSE(line->open());
}

TEST_CASE_METHOD(wire, "a line as long as the limit is heard") {
  say(std::string(1000, 'x') + "\n");
  settle();
  CHECK(heard.size() == 1);
  CHECK_FALSE(ended);
}

TEST_CASE("a peer that does not read its answers is let go") {
  wire one{{1000, 100000}};
  std::string text(10000, 'x');
  text.back() = '\n';
  for (int i = 0; i < 1000 && one.line->open(); ++i)
    one.line->send(text);
  one.settle();
  CHECK_FALSE(one.line->open());
  REQUIRE(one.ended);
  CHECK(one.ended->code == ec::exhausted);
}

TEST_CASE_METHOD(wire, "what does not fit into the socket leaves later") {
  std::string text(900000, 'x');
  text.back() = '\n';
  line->send(text);
  line->send("end\n");
  CHECK_FALSE(line->idle());
  std::string got;
  std::array<char, 65536> chunk;
  while (got.size() < text.size() + 4) {
    got.append(chunk.data(), plain.read_some(boost::asio::buffer(chunk)));
    settle();
  }
  CHECK(got == text + "end\n");
  CHECK(line->idle());
}

TEST_CASE_METHOD(wire, "a last word is still said when closing") {
  line->send("goodbye\n");
  line->close_when_idle();
  settle();
  std::array<char, 100> chunk;
  CHECK(plain.read_some(boost::asio::buffer(chunk)) == 8);
  boost::system::error_code why;
  plain.read_some(boost::asio::buffer(chunk), why);
  CHECK(why == boost::asio::error::eof);
  CHECK_FALSE(ended);
}

TEST_CASE_METHOD(wire, "descriptors arrive with their line and work") {
  auto pipe = make_pipe();
  auto write_end = pipe[1].get();
  say_with("a\n", {write_end, write_end, write_end});
  settle();
  REQUIRE(heard.size() == 1);
  CHECK(line->take_descriptors(4).empty());
  auto taken = line->take_descriptors(3);
  REQUIRE(taken.size() == 3);
  REQUIRE(::write(taken[2].get(), "!", 1) == 1);
  char byte = 0;
  CHECK(::read(pipe[0].get(), &byte, 1) == 1);
  CHECK(byte == '!');
}

TEST_CASE_METHOD(wire, "descriptors that nobody takes are closed") {
  auto pipe = make_pipe();
  SECTION("at the end of the connection") {
    say_with("a\n", {pipe[1].get()});
    settle();
    line->close();
  }
  SECTION("when they are too many at once") {
    say_with("a\n", std::vector<int>(9, pipe[1].get()));
    settle();
    REQUIRE(ended);
    CHECK(ended->code == ec::bad_request);
  }
  SECTION("when they are too many one after the other") {
    for (int i = 0; i < 4; ++i)
      say_with("a\n", {pipe[1].get()});
    settle();
    REQUIRE(ended);
  }
  pipe[1].reset();
  // Nobody holds the writing end any more: the reader sees the end.
  char byte = 0;
  CHECK(::read(pipe[0].get(), &byte, 1) == 0);
}

TEST_CASE_METHOD(wire, "descriptors are sent with their line") {
  auto pipe = make_pipe();
  std::vector<net::fd> sent;
  sent.emplace_back(::dup(pipe[1].get()));
  line->send("take\n", std::move(sent));
  settle();
  std::array<char, CMSG_SPACE(sizeof(int))> space{};
  std::array<char, 100> bytes;
  iovec part{bytes.data(), bytes.size()};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = space.data();
  header.msg_controllen = space.size();
  REQUIRE(::recvmsg(plain.native_handle(), &header, 0) == 5);
  auto* rights = CMSG_FIRSTHDR(&header);
  REQUIRE(rights);
  int number = -1;
  std::memcpy(&number, CMSG_DATA(rights), sizeof(number));
  net::fd got{number};
  CHECK(::write(got.get(), "x", 1) == 1);
}
