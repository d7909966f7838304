// Catch2's main is slow to compile and stands alone for that.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <csignal>

namespace {

// A peer that hangs up is news to a test, too, not its end.
[[maybe_unused]] const auto ignored = std::signal(SIGPIPE, SIG_IGN);

} // namespace
