#include "test/support/show.hpp"
#include "test/support/temp_dir.hpp"
#include "tools/control/replace_file.hpp"
#include "tools/control/settings_history.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace pier;
using namespace pier::control;

namespace {

struct scribe {
  test::temp_dir dir;
  settings_history past{dir / "state/deep"};

  static std::string read(const std::string& path) {
    std::ifstream file{path};
    return {std::istreambuf_iterator<char>{file}, {}};
  }
};

} // namespace

TEST_CASE_METHOD(scribe, "what was obeyed is kept, and whether it was") {
  CHECK(past.all().empty());
  REQUIRE(past.keep("one", true, 100));
  REQUIRE(past.keep("two", false, 200));
  auto all = past.all();
  REQUIRE(all.size() == 2);
  CHECK(all[0].number == 1);
  CHECK(all[0].when == 100);
  CHECK(all[0].good);
  CHECK_FALSE(all[1].good);
  CHECK(*past.text(all[1]) == "two");
}

TEST_CASE_METHOD(scribe, "the same text twice in a row is one") {
  REQUIRE(past.keep("one", true, 1));
  REQUIRE(past.keep("other", false, 2));
  REQUIRE(past.keep("one", true, 3));
  CHECK(past.all().size() == 2);
}

TEST_CASE_METHOD(scribe, "of many texts the last twenty are kept") {
  for (int i = 1; i <= 25; ++i)
    REQUIRE(past.keep(std::to_string(i), true, i));
  auto all = past.all();
  REQUIRE(all.size() == 20);
  CHECK(*past.text(all.front()) == "6");
  CHECK(*past.text(all.back()) == "25");
}

TEST_CASE_METHOD(scribe, "what a killed writer has left behind is no history") {
  REQUIRE(past.keep("one", true, 1));
  for (const auto* name : {"2-2-good.new-77", "x", "-1-good", "3-x-good", "4"})
    std::ofstream{past.folder() + "/" + name} << "half";
  CHECK(past.all().size() == 1);
  REQUIRE(past.keep("two", true, 2));
  CHECK(*past.text(past.all().back()) == "two");
}

TEST_CASE_METHOD(scribe, "only its user can read it") {
  REQUIRE(past.keep("one", true, 1));
  struct stat facts {};
  REQUIRE(::stat((past.folder() + "/1-1-good").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
}

TEST_CASE("each settings file has a history of its own") {
  CHECK(history_folder("/a/pier.toml") != history_folder("/b/pier.toml"));
  CHECK(history_folder("/a/pier.toml") == history_folder("/a/./pier.toml"));
  CHECK(history_folder("").empty());
}

TEST_CASE_METHOD(scribe, "a replaced file keeps its mode, and a link to it") {
  auto file = dir / "pier.toml";
  auto link = dir / "link.toml";
  std::ofstream{file} << "old";
  REQUIRE(::chmod(file.c_str(), 0640) == 0);
  std::filesystem::create_symlink(file, link);
  REQUIRE(replace_file(link, "new"));
  CHECK(std::filesystem::is_symlink(link));
  CHECK(read(file) == "new");
  struct stat facts {};
  REQUIRE(::stat(file.c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0640);
  CHECK_FALSE(replace_file(dir / "missing/file", "x"));
}
