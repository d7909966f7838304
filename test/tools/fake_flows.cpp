// The part of the fake supervisor that nothing flows through.

#include "tools/libpier/pier.hpp"

namespace pier {

void supervisor::flows(std::string, reply<std::vector<flow_info>> done) {
  done(std::vector<flow_info>{});
}

void supervisor::forwards(reply<std::vector<forward_info>> done) {
  done(std::vector<forward_info>{});
}

void supervisor::count(reply<metrics> done) {
  metrics all;
  all.containers.push_back({"web", {}});
  done(all);
}

void supervisor::log_rules(reply<std::vector<log_rule>> done) {
  done(std::vector<log_rule>{{"", log_level::info}});
}

void supervisor::why(std::string, destination, reply<explanation> done) {
  explanation out;
  out.steps.push_back({"policy", true, "no rule forbids it", 1200});
  out.text = "nothing is in the way";
  done(out);
}

void supervisor::why(host_port which, reply<explanation> done) {
  explanation out;
  out.steps.push_back({"holder", false, "nobody", 0});
  out.cause = "not_published";
  out.verdict = ec::refused;
  out.text = "nobody has port " + to_string(which);
  done(out);
}

void supervisor::capture(
  std::string what, std::string, reply<capture_ends> done) {
  done(error{ec::no_such_container, "No such container: " + what});
}

void supervisor::audit(audit_marks, reply<std::vector<audit_row>> done) {
  done(std::vector<audit_row>{
    {audit_row::kind::process, "pierd", "1 fake", "the program itself",
     false}});
}

} // namespace pier
