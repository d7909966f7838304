// Theory of operation. A container lives either on the host's files or on a
// rootfs; both are a root folder here, and everything is attached below it by
// descriptor, so that no symbolic link in a rootfs leads a mount astray.
//
// All sources are cloned first, from the host as it was. The files that are
// the container's own (resolv.conf, hosts, hostname) are written to a tmpfs
// that lies on the host's /proc for a moment, for lack of another folder that
// is certain to be there; each is cloned out of it, and the tmpfs is taken off
// again. It lives on under the clones and vanishes with the namespace.
//
// A new proc in a user namespace asks for a proc in sight that nothing is
// masked in, which is why ours comes before the masks.

#include "net/sandbox/mounts.hpp"

#include "net/sandbox/device_files.hpp"
#include "net/sandbox/host_services.hpp"
#include "net/sandbox/kernel_files.hpp"
#include "net/sandbox/mount_tree.hpp"
#include "net/sandbox/refusal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

namespace pier::net::box {

namespace {

/// A mount that is ready to be attached.
struct piece {
  fd tree;
  std::string target;
  bool folder = false;
};

using pieces = std::vector<piece>;

error with(std::string what, const error& why) {
  return {why.code, std::move(what) + ": " + why.text};
}

/// The `--mount`s, parents before what lies in them.
result<pieces> clone_binds(const plan& what) {
  auto order = what.mounts;
  auto depth = [](const bind_mount& mount) {
    return std::count(mount.target.begin(), mount.target.end(), '/');
  };
  std::stable_sort(
    order.begin(), order.end(),
    [&depth](const auto& a, const auto& b) { return depth(a) < depth(b); });
  pieces out;
  for (const auto& mount : order) {
    if (mount.source == agent_path) {
      out.push_back({fd{}, mount.target});
      continue;
    }
    auto tree = clone_tree(AT_FDCWD, mount.source);
    if (!tree && ::access(mount.source.c_str(), F_OK) != 0 && errno == ENOENT)
      return error{
        ec::bad_request, "bind source path does not exist: " + mount.source};
    if (!tree)
      return with("bind source", tree.error());
    if (mount.read_only)
      if (auto done = make_read_only(tree->get()); !done)
        return with("bind source " + mount.source, done.error());
    bool folder = is_folder(tree->get());
    out.push_back({std::move(*tree), mount.target, folder});
  }
  return out;
}

result<void>
write_own_file(int folder, const char* name, const std::string& text) {
  fd file{
    ::openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)};
  for (size_t at = 0; file && at < text.size();) {
    auto size = ::write(file.get(), text.data() + at, text.size() - at);
    if (size < 0)
      return refusal(errno, fmt::format("the container's {}", name));
    at += static_cast<size_t>(size);
  }
  if (!file || ::fchmod(file.get(), 0644) != 0)
    return refusal(errno, fmt::format("the container's {}", name));
  return {};
}

/// The container's own /etc files. On the host's network a container keeps the
/// host's resolv.conf and hosts, also under a rootfs.
result<pieces> make_own_files(const plan& what, int staging) {
  bool host = what.network == network_mode::host;
  struct own {
    const char* name;
    const std::string text;
    bool ours;
  };
  const own files[] = {
    {"resolv.conf", what.resolv_conf, !host},
    {"hosts", what.hosts, !host},
    {"hostname", what.hostname + '\n', !what.hostname.empty()},
  };
  pieces out;
  for (const auto& file : files) {
    auto target = std::string{"/etc/"} + file.name;
    if (file.ours) {
      if (auto done = write_own_file(staging, file.name, file.text); !done)
        return done.error();
      auto tree = clone_tree(staging, file.name);
      if (!tree)
        return tree.error();
      out.push_back({std::move(*tree), target});
    } else if (host && !what.rootfs.empty()) {
      if (auto tree = clone_tree(AT_FDCWD, target))
        out.push_back({std::move(*tree), target});
    }
  }
  return out;
}

/// The host's /etc with the container's own files laid over it. A file that is
/// bound over one of the host's is lost as soon as the host replaces its own,
/// as network tools do with resolv.conf; a layer is not. `staging` is a tmpfs
/// at /proc.
result<pieces> lay_over_etc(const plan& what, int staging) {
  for (const auto* each : {"upper", "work"})
    if (::mkdirat(staging, each, 0755) != 0)
      return refusal(errno, "a layer over /etc");
  fd upper{::openat(staging, "upper", O_DIRECTORY | O_RDONLY | O_CLOEXEC)};
  for (const auto& [name, text] :
       {std::pair{"resolv.conf", what.resolv_conf},
        std::pair{"hosts", what.hosts},
        std::pair{"hostname", what.hostname + '\n'}}) {
    if (name == std::string_view{"hostname"} && what.hostname.empty())
      continue;
    if (auto done = write_own_file(upper.get(), name, text); !done)
      return done.error();
  }
  auto tree = new_tree(
    "overlay",
    {{"lowerdir", "/etc"},
     {"upperdir", "/proc/upper"},
     {"workdir", "/proc/work"}},
    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
  if (!tree)
    return tree.error();
  pieces out;
  out.push_back({std::move(*tree), "/etc", true});
  return out;
}

/// Where the kernel has no overlay for us, file by file.
result<pieces> make_etc(const plan& what, int staging) {
  if (what.rootfs.empty() && what.network != network_mode::host)
    if (auto layered = lay_over_etc(what, staging); layered)
      return layered;
  return make_own_files(what, staging);
}

result<pieces> stage_own_files(const plan& what) {
  auto staging = new_tree(
    "tmpfs", {{"mode", "755"}, {"size", "16m"}},
    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
  if (!staging)
    return staging.error();
  fd place{::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (!place)
    return refusal(errno, "/proc");
  if (auto done = attach(staging->get(), place.get()); !done)
    return with("a tmpfs for the container's own files", done.error());
  auto out = make_etc(what, staging->get());
  if (::umount2("/proc", MNT_DETACH) != 0)
    return refusal(errno, "taking the tmpfs off /proc");
  return out;
}

/// Files of /etc that are not there and cannot be made are done without.
void attach_own_files(int root, const plan& what, const pieces& files) {
  for (const auto& file : files) {
    auto target = what.rootfs.empty() ? find_inside(root, file.target)
                                      : make_inside(root, file.target, false);
    if (target)
      static_cast<void>(attach(file.tree.get(), target->get()));
  }
}

result<void> attach_binds(int root, const pieces& binds) {
  for (const auto& bind : binds) {
    auto target = make_inside(root, bind.target, bind.folder);
    if (!target)
      return with(
        fmt::format(
          "bind target {} does not exist and cannot be made", bind.target),
        target.error());
    if (is_folder(target->get()) != bind.folder)
      return error{
        ec::bad_request,
        fmt::format(
          "bind target {} is {}, but its source is {}: make both a file or "
          "both a folder",
          bind.target, bind.folder ? "a file" : "a folder",
          bind.folder ? "a folder" : "a file")};
    auto agent = bind.tree ? result<fd>{fd{}} : clone_agent(root);
    if (!agent)
      return agent.error();
    const auto& tree = bind.tree ? bind.tree : *agent;
    if (auto done = attach(tree.get(), target->get()); !done)
      return with("bind target " + bind.target, done.error());
  }
  return {};
}

/// The rootfs becomes a mount of its own, as pivot_root(2) wants it.
result<fd> open_root(const plan& what) {
  if (!what.rootfs.empty()) {
    auto tree = clone_tree(AT_FDCWD, what.rootfs);
    if (!tree)
      return with("rootfs", tree.error());
    fd place{::open(what.rootfs.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
    if (!place)
      return refusal(errno, "rootfs " + what.rootfs);
    if (auto done = attach(tree->get(), place.get()); !done)
      return with("rootfs " + what.rootfs, done.error());
  }
  const auto& path = what.rootfs.empty() ? std::string{"/"} : what.rootfs;
  fd root{::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (!root)
    return refusal(errno, path);
  return root;
}

result<void> enter_root(int root) {
  if (::fchdir(root) != 0 || ::syscall(SYS_pivot_root, ".", ".") != 0)
    return refusal(errno, "entering the rootfs");
  // The old root lies under the new one now, at the same place.
  if (::umount2(".", MNT_DETACH) != 0)
    return refusal(errno, "taking the host's files off");
  return {};
}

} // namespace

result<void> make_mounts(const plan& what, int terminal, int agent) {
  bool rootfs = !what.rootfs.empty();
  auto console = rootfs ? clone_terminal(terminal) : fd{};
  // Mounts and unmounts of the host still arrive here; ours never leave.
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
    return refusal(errno, "making mounts private");
  auto binds = clone_binds(what);
  if (!binds)
    return binds.error();
  auto files = stage_own_files(what);
  if (!files)
    return files.error();
  auto root = open_root(what);
  if (!root)
    return root.error();
  if (auto done = mount_proc(root->get()); !done)
    return done;
  if (auto done = mount_sys(root->get(), what); !done)
    return done;
  if (rootfs)
    if (auto done = mount_devices(root->get(), std::move(console)); !done)
      return done;
  attach_own_files(root->get(), what, *files);
  // One that cannot be had is not there, and its owner says so.
  if (agent >= 0)
    static_cast<void>(add_host_services(root->get(), rootfs, agent));
  if (!rootfs && what.network != network_mode::host)
    mask_name_services(root->get());
  if (auto done = attach_binds(root->get(), *binds); !done)
    return done;
  mask_kernel_files(root->get());
  if (rootfs)
    if (auto done = enter_root(root->get()); !done)
      return done;
  if (::chdir("/") != 0)
    return refusal(errno, "/");
  return {};
}

} // namespace pier::net::box
