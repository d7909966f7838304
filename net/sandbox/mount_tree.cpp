#include "net/sandbox/mount_tree.hpp"

#include "net/sandbox/refusal.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

namespace pier::net::box {

result<fd> clone_tree(int folder, const std::string& path) {
  fd tree{::open_tree(
    folder, path.c_str(),
    OPEN_TREE_CLONE | static_cast<unsigned>(OPEN_TREE_CLOEXEC)
      | static_cast<unsigned>(AT_RECURSIVE | AT_EMPTY_PATH))};
  if (!tree)
    return refusal(errno, path);
  return tree;
}

result<fd> new_tree(
  const char* type,
  std::initializer_list<std::pair<const char*, const char*>> options,
  uint64_t attributes) {
  fd context{::fsopen(type, FSOPEN_CLOEXEC)};
  if (!context)
    return refusal(errno, type);
  for (auto [key, value] : options)
    if (::fsconfig(context.get(), FSCONFIG_SET_STRING, key, value, 0) != 0)
      return refusal(errno, std::string{type} + " option " + key);
  if (::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0)
    return refusal(errno, type);
  fd tree{::fsmount(
    context.get(), FSMOUNT_CLOEXEC, static_cast<unsigned>(attributes))};
  if (!tree)
    return refusal(errno, type);
  return tree;
}

result<void> make_read_only(int tree) {
  mount_attr change{};
  change.attr_set = MOUNT_ATTR_RDONLY;
  if (
    ::mount_setattr(
      tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &change, sizeof(change))
    != 0)
    return refusal(errno, "making a mount read-only");
  return {};
}

result<void> attach(int tree, int target) {
  if (
    ::move_mount(
      tree, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH)
    != 0)
    return refusal(errno, "mount");
  return {};
}

result<fd> find_inside(int root, const std::string& path) {
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  for (int attempt = 0; attempt < 16; ++attempt) {
    auto file = static_cast<int>(
      ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof(how)));
    if (file >= 0)
      return fd{file};
    // Somebody renames below the root; the kernel asks to look again.
    if (errno != EAGAIN && errno != EINTR)
      break;
  }
  return refusal(errno, path);
}

result<fd> make_inside(int root, const std::string& path, bool folder) {
  if (auto found = find_inside(root, path))
    return found;
  result<fd> at = find_inside(root, "/");
  for (size_t from = 0; at && from < path.size();) {
    auto start = path.find_first_not_of('/', from);
    if (start == std::string::npos)
      break;
    auto end = std::min(path.find('/', start), path.size());
    auto name = path.substr(start, end - start);
    auto prefix = path.substr(0, end);
    bool last = path.find_first_not_of('/', end) == std::string::npos;
    from = end;
    auto next = find_inside(root, prefix);
    if (!next) {
      // The parent has been resolved inside the root; the new name in it is
      // no link, so nothing is followed here.
      int made = -1;
      if (last && !folder) {
        made = ::openat(
          at->get(), name.c_str(),
          O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
        fd{made}.reset();
      } else
        made = ::mkdirat(at->get(), name.c_str(), 0755);
      if (made < 0 && errno != EEXIST)
        return refusal(errno, prefix);
      next = find_inside(root, prefix);
    }
    at = std::move(next);
  }
  return at;
}

bool is_folder(int file) {
  struct stat about {};
  return ::fstat(file, &about) == 0 && S_ISDIR(about.st_mode);
}

} // namespace pier::net::box
