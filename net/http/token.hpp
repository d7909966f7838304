#pragma once

/// What names are made of in HTTP: methods, fields, schemes (RFC 9110, 5.6.2).

#include <string_view>

namespace pier::net {

constexpr bool is_token(char each) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z')
    || (each >= '0' && each <= '9') || others.find(each) < others.size();
}

} // namespace pier::net
