#pragma once

/// The certificates of a user's daemon, and of the clients that it lets in: a
/// folder that only its user can enter (0700), in the state directory. Made
/// when it is first needed.
///
///     authority.pem authority.key   who signs
///     daemon.pem daemon.key         signed; what the daemon shows
///     clients                       a line for each: fingerprint, name
///
/// A client's own key is in its bundle, and nowhere here.

#include "messages/error.hpp"
#include "net/console/certificates.hpp"

#include <map>
#include <string>

namespace pier::control {

class console_keys {
public:
  /// In the state directory of this process; refused where there is none.
  static result<console_keys> open();

  /// In this folder.
  static result<console_keys> open(const std::string& folder);

  const net::credentials& daemon() const noexcept {
    return daemon_;
  }
  const std::string& authority() const noexcept {
    return authority_.certificate;
  }

  /// The bundle for a new client. Refused when the name is taken, or is not of
  /// up to 64 letters, digits, dots, dashes and underscores.
  result<net::bundle> add(const std::string& name) const;

  /// From now on it is not let in any more. Refused when there is none.
  result<void> revoke(const std::string& name) const;

  /// Names by fingerprint, as the file says now.
  std::map<std::string, std::string> clients() const;

  /// The file that says so.
  std::string clients_file() const {
    return folder_ + "/clients";
  }

private:
  explicit console_keys(std::string folder) : folder_(std::move(folder)) {}

  result<void> keep(const std::map<std::string, std::string>& clients) const;

  std::string folder_;
  net::credentials authority_;
  net::credentials daemon_;
};

} // namespace pier::control
