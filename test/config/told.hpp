#pragma once

/// What a person is told about a text of settings.

#include "config/load.hpp"

#include <string>
#include <vector>

namespace pier::trials {

/// All that is shown; nothing when there is nothing wrong.
inline std::string refusal(const std::string& text) {
  auto read = config::load("pier.toml", text);
  return read ? "" : read.error().text;
}

/// The sentences alone, without lines and carets.
inline std::vector<std::string> sentences(const std::string& text) {
  std::vector<std::string> out;
  for (const auto& each : config::read_settings(text).wrong)
    out.push_back(each.text);
  return out;
}

/// The only one.
inline std::string sentence(const std::string& text) {
  auto all = sentences(text);
  return all.size() == 1 ? all[0] : std::to_string(all.size()) + " sentences";
}

} // namespace pier::trials
