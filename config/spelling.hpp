#pragma once

/// The word that was meant. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace pier::config {

/// How many letters must be added, taken, replaced or swapped with their
/// neighbour to make one of the other (optimal string alignment).
size_t distance(std::string_view a, std::string_view b);

/// ", did you mean "X"?" with the nearest of the words, or nothing where none
/// is near: a third of the letters may be wrong, and one always.
std::string
did_you_mean(std::string_view word, const std::vector<std::string>& known);

} // namespace pier::config
