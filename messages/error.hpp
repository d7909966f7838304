#pragma once

/// What can go wrong, in the words of a user, and the result type of every
/// floor. Refusals are values of this type: they are returned, shown and
/// perhaps tried again; they are never thrown.

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace pier {

/// Why something was refused or has ended.
enum class ec : uint8_t {
  ok = 0,
  // What a person asked for cannot be.
  bad_request,       // malformed input: a flag, a port, a name, a message
  name_in_use,       // another container bears the name
  no_such_container, // nobody bears the name
  no_such_port,      // the container does not publish it
  port_allocated,    // one of our own containers holds the host port
  address_in_use,    // a foreign process holds it
  permission_denied, // the kernel says EACCES or EPERM
  address_not_local, // no interface has the address
  not_supported,     // this kernel or machine cannot
  command_not_found, // exec: exit status 127
  command_not_run,   // exec: exit status 126
  // How the far side of a connection answers.
  refused,             // RST or ICMP port unreachable
  host_unreachable,    // ICMP host unreachable, or no neighbour
  network_unreachable, // no route
  timed_out,           // silence
  reset,               // RST in the middle
  forbidden,           // policy
  exhausted,           // out of descriptors, memory or ports, for now
  // How things of our own end.
  stopped,       // on request
  gateway_lost,  // the gateway cannot be made or is gone
  renumbered,    // an address of it is another by new settings
  restart_limit, // a supervisor gave up
  failed,        // a bug
  interrupted,   // an actor of ours was restarted over it: ask again
  last
};

/// The stable name of a code, as JSON and logs show it.
std::string_view to_string(ec code) noexcept;

/// A refusal: its cause, and the sentence that a person reads. The sentence
/// names the thing, its value and, where there is one, the mend.
struct error {
  ec code = ec::failed;
  std::string text;

  friend bool operator==(const error&, const error&) = default;
};

/// Maps an errno to the cause; what is not known becomes `failed`.
ec from_errno(int number) noexcept;

/// What a call that can refuse returns.
template <class T>
using result = boost::system::result<T, error>;

/// Called by result::value() on a refusal: a bug of the caller.
[[noreturn]] void
throw_exception_from_error(const error& what, const boost::source_location&);

} // namespace pier
