#include "net/socks/pac.hpp"
#include "test/support/show.hpp"

using namespace pier;
using namespace pier::net;

TEST_CASE("a PAC file has nothing of what hostile names would add to it") {
  pac_facts of;
  of.proxy = "127.0.0.1:1080\"; evil(); \"";
  of.guests = plan_network({});
  of.domains = {"iechor.internal"};
  of.names = {"Web", "a\");evil(\"", "b\nevil()"};
  auto text = pac_file(of);
  CHECK(text.find("evil(") == std::string::npos);
  CHECK(
    text.find("var names = [\"web\", \"aevil\", \"bevil\"];")
    != std::string::npos);
  CHECK(text.find("var net = \"192.168.65.0\";") != std::string::npos);
  CHECK(text.find("var mask = \"255.255.255.0\";") != std::string::npos);
  CHECK(
    text.find(
      "var net6 = \"1111110100000111101101010001101011001100011001100000000000"
      "000000\";")
    != std::string::npos);
}
