#include "net/sandbox/device_files.hpp"

#include "net/sandbox/mount_tree.hpp"
#include "net/sandbox/refusal.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

namespace pier::net::box {

namespace {

constexpr const char* devices[] = {
  "null", "zero", "full", "random", "urandom", "tty",
};

struct link {
  const char* name;
  const char* target;
};

constexpr link links[] = {
  {"fd", "/proc/self/fd"},       {"stdin", "/proc/self/fd/0"},
  {"stdout", "/proc/self/fd/1"}, {"stderr", "/proc/self/fd/2"},
  {"ptmx", "pts/ptmx"},
};

result<void> attach_file(int folder, const std::string& name, const fd& tree) {
  auto target = make_inside(folder, "/" + name, false);
  if (!target)
    return target.error();
  return attach(tree.get(), target->get());
}

result<void>
attach_folder(int folder, const std::string& name, const result<fd>& tree) {
  auto target = make_inside(folder, "/" + name, true);
  if (!target)
    return target.error();
  if (!tree)
    return tree.error();
  return attach(tree->get(), target->get());
}

/// Group 5 is `tty` nearly everywhere; a user namespace may not have it.
result<fd> make_terminals() {
  constexpr auto attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC;
  auto with_group = new_tree(
    "devpts", {{"ptmxmode", "0666"}, {"mode", "0620"}, {"gid", "5"}},
    attributes);
  if (with_group)
    return with_group;
  return new_tree(
    "devpts", {{"ptmxmode", "0666"}, {"mode", "0620"}}, attributes);
}

error in_dev(const std::string& name, const error& why) {
  return {why.code, "/dev/" + name + " of the container: " + why.text};
}

} // namespace

fd clone_terminal(int terminal) {
  std::array<char, 128> name{};
  if (terminal < 0 || ::ttyname_r(terminal, name.data(), name.size()) != 0)
    return {};
  auto tree = clone_tree(AT_FDCWD, name.data());
  return tree ? std::move(*tree) : fd{};
}

result<void> mount_devices(int root, fd console) {
  auto dev = new_tree(
    "tmpfs", {{"mode", "755"}, {"size", "1m"}},
    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
  auto target = make_inside(root, "/dev", true);
  if (!target)
    return in_dev("", target.error());
  if (!dev)
    return in_dev("", dev.error());
  if (auto done = attach(dev->get(), target->get()); !done)
    return in_dev("", done.error());
  int folder = dev->get();
  for (const auto* name : devices) {
    auto device = clone_tree(AT_FDCWD, std::string{"/dev/"} + name);
    auto done = device ? attach_file(folder, name, *device) : device.error();
    if (!done)
      return in_dev(name, done.error());
  }
  for (const auto& made : links)
    if (::symlinkat(made.target, folder, made.name) != 0)
      return in_dev(made.name, refusal(errno, made.target));
  // Without terminals of its own a container still runs.
  static_cast<void>(attach_folder(folder, "pts", make_terminals()));
  auto shm = attach_folder(
    folder, "shm",
    new_tree(
      "tmpfs", {{"mode", "1777"}, {"size", "64m"}},
      MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC));
  if (!shm)
    return in_dev("shm", shm.error());
  if (console)
    static_cast<void>(attach_file(folder, "console", console));
  return {};
}

} // namespace pier::net::box
