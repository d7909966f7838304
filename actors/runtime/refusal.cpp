#include "actors/runtime/refusal.hpp"

#include <caf/all.hpp>

namespace pier::actors {

namespace {

constexpr auto category = caf::atom("pier");

} // namespace

caf::error to_caf(const error& what) {
  return {
    static_cast<uint8_t>(what.code), category, caf::make_message(what.text)};
}

error met_a_bug() {
  return {
    ec::interrupted, "Pier met a bug of its own while it did that: try again"};
}

error from_caf(const caf::error& what) {
  error out;
  const auto& context = what.context();
  if (context.match_elements<std::string>())
    out.text = context.get_as<std::string>(0);
  if (what.category() == category) {
    out.code = static_cast<ec>(what.code());
    return out;
  }
  if (what == caf::sec::request_receiver_down)
    return met_a_bug();
  if (what == caf::sec::unexpected_message)
    return {
      ec::bad_request,
      "the actor there takes no flows in, and has nobody below it: containers, "
      "ports and forwards can be paused and drained; see pier tree"};
  if (out.text.empty())
    out.text = caf::to_string(what);
  return out;
}

} // namespace pier::actors
