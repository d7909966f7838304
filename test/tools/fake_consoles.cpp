// The part of the fake supervisor that has no actors to be asked.

#include "tools/libpier/pier.hpp"

#include <unistd.h>

namespace pier {

void supervisor::attach_console(
  uint64_t, std::string, int socket, reply<void> done) {
  ::close(socket);
  done(error{ec::not_supported, "there are no actors here"});
}

void supervisor::detach_console(uint64_t) {}

void supervisor::answer_console(uint64_t, uint64_t, std::string) {}

void supervisor::tell_console(uint64_t, event) {}

} // namespace pier
