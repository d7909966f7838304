#include "net/socks/http_head.hpp"

#include "net/http/token.hpp"
#include "net/socks/authority.hpp"

#include <algorithm>
#include <vector>

namespace pier::net {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view blanks = " \t";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_token(c);
  });
}

bool is_text(std::string_view text, bool with_blanks) {
  return std::all_of(text.begin(), text.end(), [=](char c) {
    auto byte = static_cast<unsigned char>(c);
    return (byte > ' ' && byte != 0x7f)
      || (with_blanks && blanks.find(c) != std::string_view::npos);
  });
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool alike(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return lower(x) == lower(y);
  });
}

std::string_view trim(std::string_view text) {
  auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// What stands between commas.
std::vector<std::string_view> elements(std::string_view list) {
  std::vector<std::string_view> out;
  while (true) {
    auto comma = list.find(',');
    out.push_back(trim(list.substr(0, comma)));
    if (comma == std::string_view::npos)
      return out;
    list.remove_prefix(comma + 1);
  }
}

struct field {
  std::string_view name;
  std::string_view value;
};

struct head {
  std::string_view method, target, version;
  std::vector<field> fields;

  /// Nothing: it is not there, or more than once.
  std::optional<std::string_view> only(std::string_view name) const {
    std::optional<std::string_view> out;
    for (const auto& each : fields)
      if (alike(each.name, name)) {
        if (out)
          return std::nullopt;
        out = each.value;
      }
    return out;
  }

  size_t count(std::string_view name) const {
    auto is = [=](const field& each) { return alike(each.name, name); };
    return static_cast<size_t>(std::count_if(fields.begin(), fields.end(), is));
  }
};

/// Without the empty line at its end.
std::optional<head> dissect(std::string_view text) {
  head out;
  auto next_line = [&] {
    auto end = text.find(line_end);
    auto line = text.substr(0, end);
    text.remove_prefix(
      end == std::string_view::npos ? text.size() : end + line_end.size());
    return line;
  };
  auto first = next_line();
  auto one = first.find(' ');
  auto two = first.rfind(' ');
  if (one == two)
    return std::nullopt;
  out.method = first.substr(0, one);
  out.target = first.substr(one + 1, two - one - 1);
  out.version = first.substr(two + 1);
  if (
    !is_name(out.method) || out.target.empty() || !is_text(out.target, false)
    || (out.version != "HTTP/1.1" && out.version != "HTTP/1.0"))
    return std::nullopt;
  while (!text.empty()) {
    auto line = next_line();
    auto colon = line.find(':');
    field made{line.substr(0, colon), {}};
    // A line that begins with a blank goes on from the one before it.
    if (colon == std::string_view::npos || !is_name(made.name))
      return std::nullopt;
    made.value = trim(line.substr(colon + 1));
    if (!is_text(made.value, true))
      return std::nullopt;
    out.fields.push_back(made);
  }
  return out;
}

/// Whether there is one way only to find the end of the body.
bool has_clear_body(const head& of) {
  auto lengths = of.count("Content-Length");
  auto codings = of.count("Transfer-Encoding");
  if (lengths + codings > 1)
    return false;
  if (auto length = of.only("Content-Length"))
    return !length->empty() && length->size() <= 18
      && std::all_of(length->begin(), length->end(), is_digit);
  if (auto coding = of.only("Transfer-Encoding"))
    return of.version == "HTTP/1.1" && alike(*coding, "chunked");
  return true;
}

/// What is between a client and its proxy only (RFC 9110, 7.6.1).
bool is_of_this_hop(const head& of, std::string_view name) {
  for (auto each :
       {"Host", "Connection", "Proxy-Connection", "Proxy-Authorization",
        "Keep-Alive", "TE", "Upgrade"})
    if (alike(name, each))
      return true;
  for (const auto& each : of.fields)
    if (alike(each.name, "Connection"))
      for (auto listed : elements(each.value))
        // How long the body is, is for everybody to know.
        if (
          alike(listed, name) && !alike(name, "Content-Length")
          && !alike(name, "Transfer-Encoding"))
          return true;
  return false;
}

std::string
rewrite(const head& of, std::string_view authority, std::string_view path) {
  auto out = std::string{of.method} + " ";
  out += path.empty() || path.front() != '/' ? "/" : "";
  out += path;
  out += " ";
  out += of.version;
  out += "\r\nHost: ";
  out += authority;
  out += line_end;
  for (const auto& each : of.fields)
    if (!is_of_this_hop(of, each.name)) {
      out += each.name;
      out += ": ";
      out += each.value;
      out += line_end;
    }
  if (auto upgrade = of.only("Upgrade")) {
    out += "Upgrade: ";
    out += *upgrade;
    return out + "\r\nConnection: Upgrade\r\n\r\n";
  }
  return out + "Connection: close\r\n\r\n";
}

std::optional<http_request> understand(const head& of) {
  http_request out;
  if (!has_clear_body(of) || of.count("Host") > 1)
    return std::nullopt;
  out.method = of.method;
  out.host = of.only("Host").value_or("");
  out.credentials = of.only("Proxy-Authorization").value_or("");
  if (of.method == "CONNECT") {
    auto to = read_authority(of.target, std::nullopt);
    if (!to)
      return std::nullopt;
    out.what = http_request::kind::connect;
    out.to = std::move(*to);
    return out;
  }
  constexpr std::string_view scheme = "http://";
  if (of.target.front() == '/') {
    out.path = of.target;
    return out;
  }
  if (
    of.target.size() <= scheme.size()
    || !alike(of.target.substr(0, scheme.size()), scheme))
    return std::nullopt;
  auto rest = of.target.substr(scheme.size());
  auto end = std::min(rest.find_first_of("/?#"), rest.size());
  auto authority = rest.substr(0, end);
  auto path = rest.substr(end);
  auto to = read_authority(authority, uint16_t{80});
  if (!to || path.find('#') != std::string_view::npos)
    return std::nullopt;
  out.what = http_request::kind::forward;
  out.to = std::move(*to);
  out.rewritten = rewrite(of, authority, path);
  return out;
}

/// Whether a line ends otherwise than by CR and LF: some read on there, some do
/// not.
bool is_spoilt(std::string_view bytes) {
  for (size_t i = 0; i < bytes.size(); ++i) {
    auto last = i + 1 == bytes.size();
    if (bytes[i] == '\0')
      return true;
    if (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r'))
      return true;
    if (bytes[i] == '\r' && !last && bytes[i + 1] != '\n')
      return true;
  }
  return false;
}

} // namespace

socks_reading<http_request> read_http_head(std::string_view bytes) {
  const error malformed{ec::bad_request, "not a request to a proxy of HTTP"};
  constexpr std::string_view head_end = "\r\n\r\n";
  auto end = bytes.substr(0, max_http_head).find(head_end);
  if (is_spoilt(bytes.substr(0, std::min(end, max_http_head))))
    return malformed;
  if (end == std::string_view::npos) {
    if (bytes.size() >= max_http_head)
      return error{ec::exhausted, "a head of more than 16 KiB"};
    return socks_part<http_request>{};
  }
  auto parts = dissect(bytes.substr(0, end));
  auto asked = parts ? understand(*parts) : std::nullopt;
  if (!asked)
    return malformed;
  return socks_part<http_request>{end + head_end.size(), std::move(*asked)};
}

} // namespace pier::net
