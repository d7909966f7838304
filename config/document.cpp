#include "config/document.hpp"

#include "config/nesting.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace {

/// The parser found itself where it says that it cannot be. Version 3.3 is
/// there with "[[[a]]]"; without assertions it would go on all the same.
struct parser_is_lost : std::logic_error {
  using std::logic_error::logic_error;
};

[[noreturn]] void lose(const char* law) {
  throw parser_is_lost{law};
}

constexpr void hold(bool law, const char* text) {
  if (!law)
    lose(text);
}

} // namespace

// The parser's assertions hold in every build, and are refusals.
#undef NDEBUG
#define TOML_ASSERT(law) hold(static_cast<bool>(law), #law)
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace pier::config {

namespace {

place place_of(const toml::source_region& region) {
  return {region.begin.line, region.begin.column};
}

table table_of(const toml::table& from);

list list_of(const toml::array& from);

node node_of(const toml::node& from) {
  node out;
  out.where = place_of(from.source());
  switch (from.type()) {
    case toml::node_type::table:
      out.what = table_of(*from.as_table());
      break;
    case toml::node_type::array:
      out.what = list_of(*from.as_array());
      break;
    case toml::node_type::string:
      out.what = from.as_string()->get();
      break;
    case toml::node_type::integer:
      out.what = from.as_integer()->get();
      break;
    case toml::node_type::boolean:
      out.what = from.as_boolean()->get();
      break;
    case toml::node_type::floating_point:
      out.what = foreign{"a number with a point"};
      break;
    default:
      out.what = foreign{"a date or time"};
  }
  return out;
}

table table_of(const toml::table& from) {
  table out;
  out.reserve(from.size());
  for (const auto& [key, value] : from)
    out.push_back(
      {std::string{key.str()}, place_of(key.source()), node_of(value)});
  return out;
}

list list_of(const toml::array& from) {
  list out;
  out.reserve(from.size());
  for (const auto& each : from)
    out.push_back(node_of(each));
  return out;
}

/// Where a header has something else than a name behind its brackets; the file
/// as a whole where none is seen.
place odd_header(std::string_view text) {
  constexpr std::string_view blank{" \t"};
  for (size_t line = 1; !text.empty(); ++line) {
    auto now = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(now.size() + 1, text.size()));
    auto begin = std::min(now.find_first_not_of(blank), now.size());
    if (!now.substr(begin).starts_with("[["))
      continue;
    auto name = std::min(now.find_first_not_of(blank, begin + 2), now.size());
    auto first = name < now.size() ? now[name] : ' ';
    auto good = std::isalnum(static_cast<unsigned char>(first)) != 0;
    if (!good && std::string_view{"_-\"'"}.find(first) == blank.npos)
      return {line, name + 1};
  }
  return {};
}

} // namespace

std::string_view kind_of(const node& of) {
  struct {
    std::string_view operator()(const foreign& it) const {
      return it.kind;
    }
    std::string_view operator()(bool) const {
      return "true or false";
    }
    std::string_view operator()(int64_t) const {
      return "an integer";
    }
    std::string_view operator()(const std::string&) const {
      return "a string";
    }
    std::string_view operator()(const list&) const {
      return "a list";
    }
    std::string_view operator()(const table&) const {
      return "a table";
    }
  } name;
  return std::visit(name, of.what);
}

std::optional<table> read_document(std::string_view text, complaints& wrong) {
  if (text.size() > longest_document) {
    wrong.push_back(
      {{},
       "the file is larger than " + std::to_string(longest_document)
         + " bytes"});
    return std::nullopt;
  }
  if (auto deep = too_deep(text)) {
    wrong.push_back({*deep, "nothing is nested as deeply as this"});
    return std::nullopt;
  }
  try {
    return table_of(toml::parse(text));
  } catch (const toml::parse_error& what) {
    wrong.push_back({place_of(what.source()), std::string{what.description()}});
  } catch (const parser_is_lost&) {
    wrong.push_back(
      {odd_header(text), "a name is expected in the brackets of a table"});
  }
  return std::nullopt;
}

} // namespace pier::config
