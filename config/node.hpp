#pragma once

/// A settings file as it was written: values, each with its place, and nothing
/// known yet of what they are to mean.

#include "config/complaint.hpp"

#include <cstdint>
#include <variant>

namespace pier::config {

struct member;

/// A kind of TOML that no setting has, by its name: "a date".
struct foreign {
  std::string kind;
};

struct node {
  place where;
  std::variant<
    foreign, bool, int64_t, std::string, std::vector<node>, std::vector<member>>
    what;

  template <class T>
  const T* as() const noexcept {
    return std::get_if<T>(&what);
  }
};

using list = std::vector<node>;
using table = std::vector<member>;

/// A name in a table, and what stands behind it.
struct member {
  std::string name;
  place where;
  node value;
};

/// "an integer", for sentences.
std::string_view kind_of(const node& of);

} // namespace pier::config
