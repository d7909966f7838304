#pragma once

/// A network of our own for facts of the kernel: the whole program runs in it,
/// so that it may use what numbers and addresses it likes.

#include "messages/address.hpp"
#include "net/fd.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace pier::platform {

/// Empty: we are in it. Else why this machine refuses.
const std::string& refusal();

/// At the head of a test that needs the network; the rest is skipped, in words,
/// where there is none.
#define NEEDS_A_NETWORK() \
  do { \
    if (!pier::platform::refusal().empty()) { \
      WARN("skipped: " << pier::platform::refusal()); \
      return; \
    } \
  } while (false)

endpoint loopback(family kind, uint16_t port);

/// Non-blocking.
net::fd make_socket(family kind, int type);
void set(const net::fd& socket, int level, int name, int value);

/// What the kernel answers: an errno, or 0.
int bind_to(const net::fd& socket, const endpoint& at);
int connect_to(const net::fd& socket, const endpoint& to);

endpoint own_address(const net::fd& socket);

/// The outcome of a connect; nothing when it has none before the deadline.
std::optional<int> outcome(const net::fd& socket);
/// A fresh socket's connect and its outcome.
std::optional<int> try_connect(const endpoint& to);
/// Waits for a client.
net::fd accept_from(const net::fd& listener);

bool send(const net::fd& socket, const std::string& text);
/// Waits; nothing: an error, in errno. Empty: end of file.
std::optional<std::string> receive(const net::fd& socket);
bool readable(const net::fd& socket, int milliseconds = 10000);

/// Runs in a child; its exit status.
int in_a_child(const std::function<int()>& what);
/// Reaps a child of ours; its wait status.
int reap(int child);

} // namespace pier::platform
