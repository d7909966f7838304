#pragma once

/// The name of a Unix stream socket that takes clients in.
///
/// Theory of operation. The socket is bound under a name of its own beside the
/// one that is wanted, for its owner alone (0600), and renamed when it listens:
/// nobody finds it too young, and what stands at the name stays until then. A
/// socket whose process has died is replaced; one that answers, and whatever
/// is no socket, is left alone and refused in words.

#include "messages/error.hpp"

#include <sys/types.h>

#include <string>

namespace pier::net {

/// Role: owns the name, not the socket; gone after its end, but for a name that
/// is somebody else's by then.
class unix_name {
public:
  /// Binds a fresh socket where nobody finds it. Refusals read
  /// `listen unix PATH: …`. The path has at most 103 bytes.
  static result<unix_name> take(const std::string& path, int socket);

  unix_name(unix_name&& other) noexcept;
  unix_name& operator=(unix_name&& other) noexcept;
  ~unix_name();

  const std::string& path() const noexcept {
    return path_;
  }

  /// The socket listens: it stands at its path from now on. Idempotent.
  result<void> appear();

private:
  explicit unix_name(std::string path) : path_(std::move(path)) {}

  bool is_ours() const;

  std::string path_;
  /// Where it stands now; empty: nowhere.
  std::string name_;
  /// Which file that is.
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

} // namespace pier::net
