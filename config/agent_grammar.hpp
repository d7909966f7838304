#pragma once

/// How the terms of the SSH agent are written. Pure.

#include "config/grammar.hpp"

#include <string>

namespace pier::config {

/// "SHA256:" and 43 characters of base64, as `ssh-add -l` prints it.
grammar<std::string> key_fingerprint();

/// "auto", or the path of a socket, absolute or from "~/".
grammar<std::string> path_or_auto();

/// One line for a shell; empty: none.
grammar<std::string> shell_command();

} // namespace pier::config
