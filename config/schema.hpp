#pragma once

/// The one table of everything that a settings file may say. Reading,
/// defaults, complaints, printing, the template and differences all follow it:
/// a setting is known by its row here, and by nothing else. Pure.

#include "config/node.hpp"
#include "messages/adoption.hpp"
#include "messages/settings.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pier::config {

/// What was written for a key. `name` is what stands in the place of the
/// path's star.
struct written {
  std::string name;
  place name_at;
  const node& value;
};

/// One row. A path has at most one star, which stands for names that a person
/// chooses: "network.hosts.*" or "container.*.flows". Names come back from
/// `names`; a row without a star has the one name "".
struct key {
  std::string path;
  /// Goes on from "expected", as in config/grammar.
  std::string words;
  /// Sentences for a person, without line breaks.
  std::string help;
  /// Where a star is: one line as it would stand in the template.
  std::string example;
  /// Where the star is, the tables of a list stand, [[forward]]: this is the
  /// key in each of them that has the name. Complaints of `read` begin with the
  /// key within the table that they are about.
  std::string named_by;
  /// The name as it is kept: two that are kept alike are one.
  std::function<std::string(const std::string& name)> kept_as;
  /// The lines of such a table, but for the name.
  std::function<std::vector<std::string>(
    const settings&, const std::string& name)>
    lines;
  /// What differs, where there may be thousands of names. Where it is empty,
  /// all of them are written and compared.
  std::function<std::vector<setting_change>(
    const settings& was, const settings& is)>
    differences;

  /// Puts the value where it belongs, or complains.
  std::function<void(const written&, settings&, complaints&)> read;
  /// Those that `write` has something for, in order.
  std::function<std::vector<std::string>(const settings&)> names;
  /// As TOML.
  std::function<std::string(const settings&, const std::string& name)> write;
  /// Takes a name away; without a star it is never called.
  std::function<void(settings&, const std::string& name)> erase;

  bool has_star() const {
    return path.find('*') != std::string::npos;
  }
};

/// A table of the file, and what it is about.
struct section {
  std::string path;
  std::string help;
  std::vector<key> keys;
};

/// In the order of print.
const std::vector<section>& schema();

/// A path without its star: "container.\"my web\".flows".
std::string full_path(const key& of, const std::string& name);

/// "network", "hosts", "*".
std::vector<std::string> segments(std::string_view path);

} // namespace pier::config
