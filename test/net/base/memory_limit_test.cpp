#include "net/memory_limit.hpp"
#include "test/support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using pier::net::memory_limit;

namespace {

class groups {
public:
  void put(const std::string& file, const std::string& text) {
    std::filesystem::path path{folder_ / file};
    std::filesystem::create_directories(path.parent_path());
    std::ofstream{path} << text;
  }
  auto limit() const {
    return memory_limit(folder_ / "self", folder_.path());
  }

private:
  pier::test::temp_dir folder_;
};

} // namespace

TEST_CASE("the memory of a process is what its group allows it") {
  groups all;
  all.put("self", "0::/user/pier\n");
  all.put("user/pier/memory.max", "268435456\n");
  CHECK(all.limit() == 268435456);
}

TEST_CASE("a group above may allow less, but not more") {
  groups all;
  all.put("self", "0::/user/pier\n");
  all.put("user/pier/memory.max", "268435456\n");
  all.put("user/memory.max", "67108864\n");
  CHECK(all.limit() == 67108864);
  all.put("user/memory.max", "536870912\n");
  CHECK(all.limit() == 268435456);
  all.put("user/pier/memory.max", "max\n");
  CHECK(all.limit() == 536870912);
}

TEST_CASE("the old hierarchy of groups counts as much") {
  groups all;
  all.put("self", "9:name=systemd:/\n4:memory:/box\n3:cpu:/\n0::/\n");
  all.put("memory/box/memory.limit_in_bytes", "100663296\n");
  all.put("memory/memory.limit_in_bytes", "9223372036854771712\n");
  CHECK(all.limit() == 100663296);
}

TEST_CASE("where nobody limits memory there is no limit") {
  groups all;
  CHECK_FALSE(all.limit());
  all.put("self", "0::/user/pier\nnonsense\n4:memory:/box\n");
  CHECK_FALSE(all.limit());
  all.put("user/pier/memory.max", "max\n");
  all.put("memory/box/memory.limit_in_bytes", "9223372036854771712\n");
  CHECK_FALSE(all.limit());
}
