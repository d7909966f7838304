#include "net/sandbox/shim.hpp"

int main() {
  return pier::net::run_shim(3);
}
