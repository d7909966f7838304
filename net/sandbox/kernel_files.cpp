#include "net/sandbox/kernel_files.hpp"

#include "net/sandbox/mount_tree.hpp"

#include <fcntl.h>
#include <sys/mount.h>

namespace pier::net::box {

namespace {

constexpr uint64_t harmless = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV
  | MOUNT_ATTR_NOEXEC;

constexpr const char* read_only[] = {
  "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger",
};

constexpr const char* hidden[] = {
  "/proc/acpi",        "/proc/asound",  "/proc/interrupts",
  "/proc/kcore",       "/proc/keys",    "/proc/latency_stats",
  "/proc/sched_debug", "/proc/scsi",    "/proc/timer_list",
  "/proc/timer_stats", "/sys/firmware", "/sys/devices/virtual/powercap",
};

constexpr const char* name_services[] = {
  "/run/systemd/resolve/io.systemd.Resolve",
  "/run/systemd/resolve/io.systemd.Resolve.Monitor",
  "/run/nscd/socket",
  "/var/run/nscd/socket",
};

/// An empty folder or /dev/null in its place; what is not there stays away.
void hide(int root, const char* path) {
  auto target = find_inside(root, path);
  if (!target)
    return;
  auto cover = is_folder(target->get())
    ? new_tree("tmpfs", {{"size", "4k"}}, harmless | MOUNT_ATTR_RDONLY)
    : clone_tree(AT_FDCWD, "/dev/null");
  if (cover)
    static_cast<void>(attach(cover->get(), target->get()));
}

result<fd> make_sys() {
  if (auto own = new_tree("sysfs", {}, harmless | MOUNT_ATTR_RDONLY))
    return own;
  auto host = clone_tree(AT_FDCWD, "/sys");
  if (host)
    if (auto done = make_read_only(host->get()); !done)
      return done.error();
  return host;
}

} // namespace

result<void> mount_proc(int root) {
  auto target = make_inside(root, "/proc", true);
  if (!target)
    return error{
      target.error().code, "/proc of the container: " + target.error().text};
  auto tree = new_tree("proc", {}, harmless);
  auto done = tree ? attach(tree->get(), target->get()) : tree.error();
  if (!done)
    return error{
      done.error().code,
      "/proc of the container cannot be mounted: " + done.error().text
        + " (inside another container without root this needs its /proc "
          "unmasked, Docker's --security-opt systempaths=unconfined)"};
  return {};
}

result<void> mount_sys(int root, const plan& what) {
  bool host_files = what.rootfs.empty();
  if (host_files && what.network == network_mode::host)
    return {};
  auto groups = clone_tree(AT_FDCWD, "/sys/fs/cgroup");
  // The host's own sysfs shows the host's interfaces: wrong, but no reason to
  // run nothing.
  auto target = host_files ? find_inside(root, "/sys")
                           : make_inside(root, "/sys", true);
  auto tree = make_sys();
  if (!target || !tree || !attach(tree->get(), target->get()))
    return {};
  if (!groups || !make_read_only(groups->get()))
    return {};
  if (auto place = find_inside(root, "/sys/fs/cgroup"))
    static_cast<void>(attach(groups->get(), place->get()));
  return {};
}

void mask_kernel_files(int root) {
  for (const auto* path : hidden)
    hide(root, path);
  auto base = find_inside(root, "/");
  for (const auto* path : read_only) {
    auto target = find_inside(root, path);
    if (!target || !base)
      continue;
    auto tree = clone_tree(target->get(), "");
    if (tree && make_read_only(tree->get()))
      static_cast<void>(attach(tree->get(), target->get()));
  }
}

void mask_name_services(int root) {
  for (const auto* path : name_services)
    hide(root, path);
}

} // namespace pier::net::box
