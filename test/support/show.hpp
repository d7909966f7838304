#pragma once

/// How Catch shows a result: whether it is one, and the sentence if not.

#include "messages/error.hpp"

#include <catch2/catch.hpp>

namespace Catch {

template <class T>
struct StringMaker<pier::result<T>> {
  static std::string convert(const pier::result<T>& what) {
    return what ? "an answer" : "a refusal: " + what.error().text;
  }
};

template <>
struct StringMaker<pier::error> {
  static std::string convert(const pier::error& what) {
    return std::string{to_string(what.code)} + ": " + what.text;
  }
};

} // namespace Catch
