#include "config/agreement.hpp"

namespace pier::config {

std::vector<disagreement> disagreements(const settings& among) {
  std::vector<disagreement> out;
  const auto& limits = among.limits;
  if (limits.pending > limits.flows)
    out.push_back(
      {{"limits.pending", "limits.flows"},
       "of " + std::to_string(limits.flows) + " flows "
         + std::to_string(limits.pending) + " cannot be pending"});
  return out;
}

} // namespace pier::config
