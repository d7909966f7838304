#include "net/file_watch.hpp"
#include "test/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>

namespace fs = std::filesystem;
using namespace pier::net;
using namespace std::chrono_literals;

namespace {

struct watcher {
  void begin(const fs::path& path) {
    watch.emplace(io, path.string(), [this] { ++heard; });
  }

  static void write(const fs::path& path) {
    std::ofstream{path} << "x";
  }

  /// Whether what happened is heard, once.
  bool hears(const std::function<void()>& act) {
    heard = 0;
    act();
    io.restart();
    while (heard == 0 && io.run_one_for(5s) > 0) {}
    return heard == 1;
  }

  boost::asio::io_context io{1};
  pier::test::temp_dir own;
  fs::path dir{own.path()};
  std::optional<file_watch> watch;
  int heard = 0;
};

} // namespace

TEST_CASE_METHOD(watcher, "a file that is written or replaced is heard of") {
  auto file = dir / "f";
  write(file);
  begin(file);
  CHECK_FALSE(watch->blind());
  CHECK(hears([&] { write(file); }));
  CHECK(hears([&] {
    write(dir / "f.swp");
    fs::rename(dir / "f.swp", file);
  }));
  CHECK(hears([&] { fs::remove(file); }));
  CHECK(hears([&] { write(file); }));
}

TEST_CASE_METHOD(watcher, "a folder may come, go, and come again") {
  auto file = dir / "a/b/f";
  begin(file);
  for (int i = 0; i < 2; ++i) {
    CHECK(hears([&] {
      fs::create_directories(dir / "a/b");
      write(file);
    }));
    CHECK(hears([&] { write(file); }));
    CHECK(hears([&] { fs::remove_all(dir / "a"); }));
  }
  fs::create_directories(dir / "c/b");
  CHECK(hears([&] { fs::rename(dir / "c", dir / "a"); }));
  CHECK(hears([&] { write(file); }));
}

TEST_CASE_METHOD(watcher, "a link is followed, and may lead elsewhere") {
  for (const auto* name : {"one", "two"}) {
    fs::create_directory(dir / name);
    write(dir / name / "f");
  }
  fs::create_symlink("one", dir / "link");
  fs::create_symlink("link/f", dir / "f");
  begin(dir / "f");
  CHECK(hears([&] { write(dir / "one/f"); }));
  CHECK(hears([&] {
    fs::create_symlink("two", dir / "new");
    fs::rename(dir / "new", dir / "link");
  }));
  CHECK(hears([&] { write(dir / "two/f"); }));
}

TEST_CASE_METHOD(watcher, "links that lead to each other end") {
  fs::create_symlink("b", dir / "a");
  fs::create_symlink("a", dir / "b");
  begin(dir / "a");
  CHECK(hears([&] {
    fs::remove(dir / "a");
    write(dir / "a");
  }));
}

TEST_CASE_METHOD(watcher, "what happens beside the file is not heard of") {
  auto file = dir / "f";
  write(file);
  begin(file);
  write(dir / "g");
  // The file's own news comes after the neighbour's, and is the only one.
  CHECK(hears([&] { write(file); }));
  io.restart();
  io.poll();
  CHECK(heard == 1);
}
