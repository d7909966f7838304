#pragma once

/// What clients may do to the settings of a program that is able to change
/// them: pierd's.

#include "tools/control/json.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace pier::control {

/// Role: answers once each, on the server's event loop.
class settings_door {
public:
  using answer = std::function<void(const result<json::value>&)>;

  virtual ~settings_door() = default;

  /// Obeys the file as it is now. Answers what has changed.
  virtual void reload(answer done) = 0;

  /// What a reload of this text would be answered.
  virtual void weigh(const std::string& text, answer done) = 0;

  /// Puts the text of that number back into the file, and obeys it; zero: the
  /// one before what holds now.
  virtual void rollback(uint64_t number, answer done) = 0;

  /// Which file it is, what is wrong with it, and what it has been.
  virtual json::value describe() const = 0;
};

} // namespace pier::control
