#include "net/sandbox/host_services.hpp"

#include "net/sandbox/mount_tree.hpp"
#include "net/sandbox/refusal.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace pier::net::box {

namespace {

constexpr auto folder = "/run/host-services";
constexpr auto socket_name = "ssh-auth.sock";
constexpr mode_t for_everybody = 0666;

result<fd> small_tree() {
  return new_tree(
    "tmpfs", {{"mode", "755"}, {"size", "1m"}},
    MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
}

/// Something of the host's /run, to be put where it was.
struct entry {
  std::string name;
  bool folder = false;
  std::string leads_to; // a symbolic link
  fd tree;
};

std::string target_of(int in, const char* name) {
  std::array<char, PATH_MAX> text{};
  auto size = ::readlinkat(in, name, text.data(), text.size());
  return size > 0 ? std::string(text.data(), static_cast<size_t>(size)) : "";
}

/// What cannot be had by whoever we are is left out.
std::vector<entry> entries_of(const char* path) {
  std::vector<entry> out;
  std::unique_ptr<DIR, int (*)(DIR*)> all{::opendir(path), ::closedir};
  while (const auto* each = all ? ::readdir(all.get()) : nullptr) {
    std::string name = each->d_name;
    if (name == "." || name == "..")
      continue;
    entry made;
    if (each->d_type == DT_LNK) {
      made.leads_to = target_of(::dirfd(all.get()), each->d_name);
    } else {
      auto tree = clone_tree(::dirfd(all.get()), name);
      if (!tree)
        continue;
      made.folder = is_folder(tree->get());
      made.tree = std::move(*tree);
    }
    made.name = std::move(name);
    out.push_back(std::move(made));
  }
  return out;
}

void put_back(int run, const entry& what) {
  if (!what.tree) {
    static_cast<void>(
      ::symlinkat(what.leads_to.c_str(), run, what.name.c_str()));
    return;
  }
  auto place = make_inside(run, "/" + what.name, what.folder);
  if (place)
    static_cast<void>(attach(what.tree.get(), place->get()));
}

/// The host's /run as it is, in one of our own, where folders can be made.
result<void> make_own_run(int root) {
  auto run = small_tree();
  if (!run)
    return run.error();
  auto all = entries_of("/run");
  auto place = find_inside(root, "/run");
  if (!place)
    return place.error();
  if (auto done = attach(run->get(), place->get()); !done)
    return done;
  for (const auto& each : all)
    put_back(run->get(), each);
  return {};
}

result<fd> find_place(int root, bool own_files) {
  if (own_files)
    return make_inside(root, folder, true);
  auto there = find_inside(root, folder);
  if (there && is_folder(there->get()))
    return there;
  if (auto done = make_own_run(root); !done)
    return done.error();
  return make_inside(root, folder, true);
}

/// By a relative name: we see the folder under no path that is certain.
result<void> bind_here(int socket) {
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::memcpy(at.sun_path, socket_name, std::strlen(socket_name) + 1);
  if (
    ::bind(socket, reinterpret_cast<const sockaddr*>(&at), sizeof(at)) != 0
    || ::chmod(socket_name, for_everybody) != 0
    || ::listen(socket, SOMAXCONN) != 0)
    return refusal(errno, std::string{agent_path});
  return {};
}

} // namespace

result<void> add_host_services(int root, bool own_files, int agent) {
  auto tree = small_tree();
  if (!tree)
    return tree.error();
  auto place = find_place(root, own_files);
  if (!place)
    return place.error();
  if (auto done = attach(tree->get(), place->get()); !done)
    return done;
  if (::fchdir(tree->get()) != 0)
    return refusal(errno, folder);
  return bind_here(agent);
}

result<fd> clone_agent(int root) {
  auto socket = find_inside(root, std::string{agent_path});
  if (!socket)
    return error{
      ec::bad_request,
      fmt::format(
        "bind source {}: this container can have no socket for the SSH agent; "
        "leave the mount out",
        agent_path)};
  return clone_tree(socket->get(), {});
}

} // namespace pier::net::box
