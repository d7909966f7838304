#pragma once

/// Mounts by descriptor (Linux 5.12: mount_setattr(2)). A tree is a mount that
/// is not attached anywhere yet; a root is the folder that is or will be the
/// container's "/", and paths below it never lead out of it, whatever symbolic
/// links there are.

#include "messages/error.hpp"
#include "net/fd.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

namespace pier::net::box {

/// A copy of the mount at `path` below `folder`, with all below it; an empty
/// path stands for `folder` itself.
result<fd> clone_tree(int folder, const std::string& path);

/// A new file system; `options` as in fstab, `attributes` as MOUNT_ATTR_*.
result<fd> new_tree(
  const char* type,
  std::initializer_list<std::pair<const char*, const char*>> options,
  uint64_t attributes);

/// Flags that a user namespace may not take away are kept by themselves.
result<void> make_read_only(int tree);

result<void> attach(int tree, int target);

/// The file or folder at `path`, as an O_PATH descriptor.
result<fd> find_inside(int root, const std::string& path);

/// The same; makes it, and folders on the way, where it is missing.
result<fd> make_inside(int root, const std::string& path, bool folder);

bool is_folder(int file);

} // namespace pier::net::box
