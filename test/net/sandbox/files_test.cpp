#include "test/net/sandbox/scratch.hpp"
#include "test/net/sandbox/trial.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

using namespace pier;
using namespace pier::net;
using namespace pier::net::trials;

namespace {

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

/// An empty folder with the host's programs mounted in.
sandbox_plan in_rootfs(const std::string& rootfs, std::string script) {
  auto out = shell(std::move(script));
  out.spec.rootfs = rootfs;
  for (const auto* path : {"/usr", "/bin", "/lib", "/lib64"})
    if (::access(path, F_OK) == 0)
      out.spec.mounts.push_back({path, path, true});
  return out;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE(
  "a container has its own name, hosts and resolv.conf, and the host "
  "keeps its own",
  "[sandbox]") {
  auto before = host_name() + read_file("/etc/hosts")
    + read_file("/etc/resolv.conf") + read_file("/etc/hostname")
    + read_file("/proc/self/mountinfo");
  auto plan = shell("hostname; cat /etc/hostname /etc/hosts /etc/resolv.conf; "
                    "echo changed >/etc/hosts; cat /etc/hosts");
  plan.hosts = "127.0.0.1 localhost\n10.0.0.1 friend\n";
  plan.resolv_conf = "nameserver 192.168.65.1\n";
  trial box{std::move(plan)};
  CHECK(
    box.to_the_end().output
    == "trial\ntrial\n127.0.0.1 localhost\n10.0.0.1 friend\n"
       "nameserver 192.168.65.1\nchanged\n");
  auto after = host_name() + read_file("/etc/hosts")
    + read_file("/etc/resolv.conf") + read_file("/etc/hostname")
    + read_file("/proc/self/mountinfo");
  CHECK(before == after);
}

TEST_CASE(
  "on the host's network a container keeps the host's resolver", "[sandbox]") {
  auto plan = shell("cat /etc/resolv.conf /etc/hosts; hostname");
  plan.spec.network = network_mode::host;
  plan.hosts = "ours\n";
  plan.resolv_conf = "ours\n";
  trial box{std::move(plan)};
  box.to_the_end();
  CHECK_FALSE(box.netns);
  CHECK(
    box.output
    == read_file("/etc/resolv.conf") + read_file("/etc/hosts") + "trial\n");
}

TEST_CASE(
  "files and folders of the host can be mounted, also read-only", "[sandbox]") {
  scratch tmp;
  auto file = tmp.file("file", "one\n");
  auto folder = tmp.folder("folder");
  tmp.file("folder/inside", "two\n");
  auto plan = shell(
    "cd " + tmp.path()
    + "; cat new/file new/folder/inside ro/inside; echo more >>new/file; "
      "echo made >new/folder/made; echo no >ro/no; rm -f ro/inside; exit 3");
  plan.spec.mounts = {
    {folder, tmp / "new/folder", false},
    {file, tmp / "new/file", false},
    {folder, tmp / "ro", true},
  };
  trial box{std::move(plan)};
  box.to_the_end();
  CHECK(box.status == 3);
  CHECK(has(box.output, "one\ntwo\ntwo\n"));
  CHECK(has(box.output, "Read-only file system"));
  CHECK(read_file(file) == "one\nmore\n");
  CHECK(read_file(folder + "/made") == "made\n");
  CHECK(read_file(folder + "/inside") == "two\n");
  CHECK(::access((folder + "/no").c_str(), F_OK) != 0);
}

TEST_CASE("a mount of a source that is not there is refused", "[sandbox]") {
  auto plan = shell("true");
  plan.spec.mounts = {{"/no/such/source", "/tmp", false}};
  trial box{std::move(plan)};
  box.to_the_end();
  REQUIRE(box.failure);
  CHECK(
    box.failure->text == "bind source path does not exist: /no/such/source");
}

TEST_CASE("a file is not mounted on a folder", "[sandbox]") {
  scratch tmp;
  auto plan = shell("true");
  plan.spec.mounts = {{tmp.file("file", ""), tmp.folder("folder"), false}};
  trial box{std::move(plan)};
  box.to_the_end();
  REQUIRE(box.failure);
  CHECK(has(box.failure->text, "is a folder, but its source is a file"));
}

TEST_CASE("a rootfs is all that its container sees", "[sandbox]") {
  scratch tmp;
  auto plan = in_rootfs(
    tmp.folder("root"),
    "ls /; ls /dev; cat /etc/hostname /etc/hosts; cat /proc/1/comm; "
    "echo lost >/dev/null; head -c 4 /dev/zero | wc -c; "
    "test -e "
      + tmp.path()
      + " || echo gone; ls /proc/self/fd/ | wc -l; "
        "touch /dev/shm/x && echo shm; ls /dev/pts");
  plan.hosts = "127.0.0.1 localhost\n";
  trial box{std::move(plan)};
  box.to_the_end();
  CHECK(box.status == 0);
  std::string folders = "bin\ndev\netc\nlib\nlib64\nproc\nsys\nusr\n";
  if (::access("/lib64", F_OK) != 0)
    folders.erase(folders.find("lib64\n"), 6);
  CHECK(
    box.output
    == folders
      + "fd\nfull\nnull\nptmx\npts\nrandom\nshm\nstderr\nstdin\nstdout\n"
        "tty\nurandom\nzero\ntrial\n127.0.0.1 localhost\npier-init\n4\n"
        "gone\n4\nshm\nptmx\n");
  // Only empty mount points have stayed.
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator{tmp / "root"})
    if (entry.is_regular_file())
      CHECK(entry.file_size() == 0);
}

TEST_CASE("a command with a rootfs knows its terminal's name", "[sandbox]") {
  scratch tmp;
  fd master{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  REQUIRE(::grantpt(master.get()) == 0);
  REQUIRE(::unlockpt(master.get()) == 0);
  auto plan = in_rootfs(tmp.folder("root"), "tty");
  plan.spec.terminal = true;
  plan.in = fd{::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC)};
  CHECK(trial{std::move(plan)}.to_the_end().output == "/dev/console\n");
}

TEST_CASE("a rootfs that is not there, or no folder, is refused", "[sandbox]") {
  scratch tmp;
  auto plan = shell("true");
  plan.spec.rootfs = tmp / "nowhere";
  trial missing{std::move(plan)};
  missing.to_the_end();
  REQUIRE(missing.failure);
  CHECK(
    missing.failure->text
    == "rootfs: " + tmp / "nowhere" + ": no such file or directory");
  plan = shell("true");
  plan.spec.rootfs = tmp.file("file", "");
  trial file{std::move(plan)};
  file.to_the_end();
  REQUIRE(file.failure);
  CHECK(has(file.failure->text, "not a directory"));
}

TEST_CASE("links in a rootfs lead no mount out of it", "[sandbox]") {
  scratch tmp;
  auto outside = tmp.folder("outside");
  tmp.file("outside/hosts", "untouched");
  auto root = tmp.folder("root");
  tmp.folder("root/data");
  REQUIRE(::symlink(outside.c_str(), (root + "/etc").c_str()) == 0);
  REQUIRE(::symlink("../../../../..", (root + "/up").c_str()) == 0);
  auto plan = in_rootfs(root, "cat /up/mnt/hosts; cat /etc/hosts");
  plan.spec.mounts.push_back({outside, "/up/mnt", true});
  plan.hosts = "own";
  trial box{std::move(plan)};
  box.to_the_end();
  CHECK(has(box.output, "untouched"));
  CHECK(read_file(outside + "/hosts") == "untouched");
  size_t count = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator{outside})
    ++count;
  CHECK(count == 1);
  struct stat about {};
  CHECK(::stat((root + "/mnt").c_str(), &about) == 0);
}
