#include "messages/error.hpp"

#include <cerrno>
#include <iterator>
#include <stdexcept>

namespace pier {

namespace {

constexpr std::string_view names[] = {
  "ok",
  "bad_request",
  "name_in_use",
  "no_such_container",
  "no_such_port",
  "port_allocated",
  "address_in_use",
  "permission_denied",
  "address_not_local",
  "not_supported",
  "command_not_found",
  "command_not_run",
  "refused",
  "host_unreachable",
  "network_unreachable",
  "timed_out",
  "reset",
  "forbidden",
  "exhausted",
  "stopped",
  "gateway_lost",
  "renumbered",
  "restart_limit",
  "failed",
  "interrupted",
};

static_assert(
  std::size(names) == static_cast<size_t>(ec::last), "every code has a name");

} // namespace

std::string_view to_string(ec code) noexcept {
  auto index = static_cast<size_t>(code);
  return index < std::size(names) ? names[index] : "unknown";
}

ec from_errno(int number) noexcept {
  switch (number) {
    case 0:
      return ec::ok;
    case EADDRINUSE:
      return ec::address_in_use;
    case EACCES:
    case EPERM:
      return ec::permission_denied;
    case EADDRNOTAVAIL:
      return ec::address_not_local;
    case EAFNOSUPPORT:
    case EOPNOTSUPP:
    case EPROTONOSUPPORT:
    case ENOSYS:
      return ec::not_supported;
    case ECONNREFUSED:
      return ec::refused;
    case EHOSTUNREACH:
    case EHOSTDOWN:
      return ec::host_unreachable;
    case ENETUNREACH:
    case ENETDOWN:
      return ec::network_unreachable;
    case ETIMEDOUT:
      return ec::timed_out;
    case ECONNRESET:
    case EPIPE:
      return ec::reset;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return ec::exhausted;
    default:
      return ec::failed;
  }
}

void throw_exception_from_error(
  const error& what, const boost::source_location&) {
  throw std::runtime_error(what.text);
}

} // namespace pier
