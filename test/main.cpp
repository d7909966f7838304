// Catch2's main is slow to compile and stands alone for that.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
