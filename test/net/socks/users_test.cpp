#include "net/socks/users.hpp"
#include "test/support/show.hpp"
#include "test/support/temp_dir.hpp"

#include <sys/stat.h>

#include <fstream>

using namespace pier;
using namespace pier::net;

TEST_CASE("users stand in a line each, and comments say nothing") {
  auto all = read_users("# ours\nme:x:y\n\nyou:z\r\n");
  REQUIRE(all);
  CHECK(*all == std::vector<socks_login>{{"me", "x:y"}, {"you", "z"}});
  CHECK(read_users("")->empty());
}

TEST_CASE("a line that names no user is told by its number, not by its words") {
  for (auto odd : {"me:x\nsecret\n", "me:x\n:secret\n", "me:x\nsecret:\n"}) {
    auto all = read_users(odd);
    REQUIRE_FALSE(all);
    CHECK(all.error().text.find("line 2") == 0);
    CHECK(all.error().text.find("secret") == std::string::npos);
  }
  CHECK_FALSE(read_users("me:" + std::string(256, 'x')));
}

TEST_CASE("a user is known by both of his words") {
  std::vector<socks_login> all{{"me", "x"}, {"you", "y"}};
  CHECK(knows(all, {"me", "x"}));
  CHECK(knows(all, {"you", "y"}));
  CHECK_FALSE(knows(all, {"me", "y"}));
  CHECK_FALSE(knows(all, {"", ""}));
  CHECK_FALSE(knows({}, {"", ""}));
}

TEST_CASE("a file that others may read is refused with the mend") {
  test::temp_dir dir;
  auto path = dir / "users";
  std::ofstream{path} << "me:x\n";
  ::chmod(path.c_str(), 0644);
  auto refused = load_users(path);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().text.find("chmod 600 " + path) != std::string::npos);
  ::chmod(path.c_str(), 0600);
  CHECK(load_users(path)->size() == 1);
  CHECK_FALSE(load_users(path + ".not"));
  CHECK_FALSE(load_users(dir.path()));
  std::ofstream{path} << std::string(70000, '#');
  CHECK_FALSE(load_users(path));
}

TEST_CASE("of Basic comes a user, and of anything else none") {
  CHECK(*read_basic("Basic bWU6eHl6") == socks_login{"me", "xyz"});
  CHECK(*read_basic("bAsIc  bWU6eA==") == socks_login{"me", "x"});
  CHECK(*read_basic("Basic bWU6eDp5") == socks_login{"me", "x:y"});
  for (auto odd :
       {"", "Basic", "Basic ", "Basic bWU", "Basic !!!!",
        "Basic ====", "Digest bWU6eHl6", "Basic bWV4eXo="})
    CHECK_FALSE(read_basic(odd));
  CHECK_FALSE(read_basic("Basic " + std::string(2000, 'A')));
}
