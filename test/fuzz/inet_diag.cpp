/// The kernel's list of sockets. It is not hostile, but of another version.

#include "net/port/inet_diag.hpp"

#include "test/fuzz/target.hpp"

using namespace pier;
using fuzz::must;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  size_t sockets = 0;
  net::read_dump({data, size}, [&](const net::bound_socket& one) {
    must(one.at.port != 0, "a bound socket has a port");
    ++sockets;
  });
  must(sockets * 16 <= size, "no socket comes from nothing");
  return 0;
}
