#include "tools/pier/audit.hpp"

#include <catch2/catch.hpp>

using namespace pier;
using namespace pier::cli;

TEST_CASE("an audit shows faults first, and what is of one owner together") {
  using kind = audit_row::kind;
  std::vector<audit_row> rows{
    {kind::descriptor, "self", "5 tcp", "gateway", false},
    {kind::descriptor, "self", "6 tcp", "gateway", false},
    {kind::process, "descendants", "7 sleep", "nobody's", true},
    {kind::descriptor, "self", "8 tcp", "dns", false}};
  CHECK(
    draw_audit(rows)
    == "FAULT   process      descendants   7 sleep             nobody's\n"
       "ok      descriptor   self          5 tcp, and 1 more   gateway\n"
       "ok      descriptor   self          8 tcp               dns\n"
       "\n4 things, 1 without an owner\n");
  rows.erase(rows.begin() + 2);
  CHECK(draw_audit(rows).ends_with("3 things, each with its owner\n"));
}
