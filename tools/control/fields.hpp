#pragma once

/// Reading an object field by field. INTERNAL to tools/control.

#include "tools/control/json.hpp"

#include <boost/json/object.hpp>

#include <limits>

namespace pier::control {

/// Role: takes the known fields out of one object and remembers whether all
/// was well, and if not, which field was the first that was not.
class fields {
public:
  explicit fields(const json::value& from) : object_(from.if_object()) {}

  /// The field must be there.
  template <class T>
  fields& need(std::string_view key, T& to) {
    return take(key, to, true);
  }

  /// The field may be missing or null; `to` keeps its default then.
  template <class T>
  fields& may(std::string_view key, T& to) {
    return take(key, to, false);
  }

  bool ok() const {
    return object_ && wrong_.empty();
  }

  /// ok, and there is no field that nobody asked for.
  bool ok_strictly() {
    if (ok() && seen_ != object_->size())
      wrong_ = "unknown field";
    return ok();
  }

  const std::string& wrong() const {
    return wrong_;
  }

private:
  template <class T>
  fields& take(std::string_view key, T& to, bool needed) {
    if (!ok())
      return *this;
    const auto* found = object_->if_contains(key);
    if (found)
      ++seen_;
    auto absent = !found || found->is_null();
    if (absent ? needed : !read(*found, to))
      wrong_ = key;
    return *this;
  }

  const json::object* object_;
  size_t seen_ = 0;
  std::string wrong_;
};

/// Reads the name of one of `values`, as `to_string` spells it.
template <class E, size_t N>
bool read_name(const json::value& from, const E (&values)[N], E& to) {
  const auto* text = from.if_string();
  if (!text)
    return false;
  for (auto value : values)
    if (to_string(value) == std::string_view{*text}) {
      to = value;
      return true;
    }
  return false;
}

/// Reads a whole number of a narrower type.
template <class N>
bool read_number(const json::value& from, N& to) {
  int64_t wide = 0;
  if (const auto* number = from.if_int64())
    wide = *number;
  else if (const auto* large = from.if_uint64(); large && *large <= INT64_MAX)
    wide = static_cast<int64_t>(*large);
  else
    return false;
  if (
    wide < static_cast<int64_t>(std::numeric_limits<N>::min())
    || wide > static_cast<int64_t>(std::numeric_limits<N>::max()))
    return false;
  to = static_cast<N>(wide);
  return true;
}

} // namespace pier::control
