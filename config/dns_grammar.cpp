#include "config/dns_grammar.hpp"

#include "config/quote.hpp"
#include "config/string_grammar.hpp"

namespace pier::config {

namespace {

constexpr uint16_t dns_port = 53;
constexpr size_t most_servers = 8;
constexpr size_t longest_text = 4096;

/// 10.0.0.53, 10.0.0.53:5353, fd00::53, [fd00::53]:5353.
std::optional<endpoint> read_server(const std::string& text) {
  if (auto ip = ip_address::parse(text))
    return endpoint{*ip, dns_port};
  return read_endpoint(text);
}

grammar<endpoint> server() {
  return of_strings<endpoint>(
    "an address, with or without a port",
    [](const std::string& text, std::string&) { return read_server(text); },
    [](const endpoint& at) {
      return quoted(at.port == dns_port ? to_string(at.ip) : to_string(at));
    });
}

std::optional<std::string> read_domain(const std::string& text) {
  complaints ignored;
  return domain().read({{}, text}, ignored);
}

bool read_address(const std::string& text, bool v4, dns_record& into) {
  auto ip = ip_address::parse(text);
  if (!ip || ip->is_v4() != v4)
    return false;
  into.address = *ip;
  return true;
}

bool read_target(const std::string& text, dns_record& into) {
  auto name = read_domain(text);
  into.text = name.value_or("");
  return name.has_value();
}

bool read_service(const std::vector<std::string>& words, dns_record& into) {
  if (words.size() != 5 || !read_target(words[4], into))
    return false;
  auto priority = read_number(words[1], 0);
  auto weight = read_number(words[2], 0);
  auto port = read_number(words[3], 0);
  if (!priority || !weight || !port)
    return false;
  into.priority = *priority;
  into.weight = *weight;
  into.port = *port;
  return true;
}

std::optional<dns_record> read_record(const std::string& text) {
  using kind = dns_record::kind;
  auto words = words_of(text);
  dns_record out;
  auto good = false;
  if (text.starts_with("TXT ") && text.size() <= longest_text) {
    out.type = kind::txt;
    out.text = text.substr(4);
    good = true;
  } else if (words.size() == 2 && words[0] == "A") {
    good = read_address(words[1], true, out);
  } else if (words.size() == 2 && words[0] == "AAAA") {
    out.type = kind::aaaa;
    good = read_address(words[1], false, out);
  } else if (words.size() == 2 && words[0] == "CNAME") {
    out.type = kind::cname;
    good = read_target(words[1], out);
  } else if (!words.empty() && words[0] == "SRV") {
    out.type = kind::srv;
    good = read_service(words, out);
  }
  return good ? std::optional{out} : std::nullopt;
}

std::string record_text(const dns_record& of) {
  switch (of.type) {
    case dns_record::kind::a:
      return "A " + to_string(of.address);
    case dns_record::kind::aaaa:
      return "AAAA " + to_string(of.address);
    case dns_record::kind::cname:
      return "CNAME " + of.text;
    case dns_record::kind::srv:
      return "SRV " + std::to_string(of.priority) + " "
        + std::to_string(of.weight) + " " + std::to_string(of.port) + " "
        + of.text;
    default:
      return "TXT " + of.text;
  }
}

} // namespace

grammar<std::vector<endpoint>> name_servers() {
  using value = std::vector<endpoint>;
  auto some = list_of(server(), 1, most_servers);
  auto words = "\"system\", or " + some.words;
  auto read = [=](const node& from, complaints& wrong) -> std::optional<value> {
    const auto* text = from.as<std::string>();
    if (text != nullptr && *text == "system")
      return value{};
    if (from.as<list>() != nullptr)
      return some.read(from, wrong);
    expect(words, from, wrong);
    return std::nullopt;
  };
  auto write = [some](const value& of) {
    return of.empty() ? quoted("system") : some.write(of);
  };
  return {words, read, write};
}

grammar<dns_record> dns_value() {
  return of_strings<dns_record>(
    R"("A ADDRESS", "AAAA ADDRESS", "CNAME NAME", "TXT TEXT" or )"
    R"("SRV PRIORITY WEIGHT PORT NAME")",
    [](const std::string& text, std::string&) { return read_record(text); },
    [](const dns_record& of) { return quoted(record_text(of)); });
}

grammar<std::string> dns_owner() {
  return of_strings<std::string>(
    "a name, or \"*.\" before one",
    [](const std::string& text, std::string&) -> std::optional<std::string> {
      auto cut = text.starts_with("*.") ? size_t{2} : size_t{0};
      auto name = read_domain(text.substr(cut));
      return name ? std::optional{text.substr(0, cut) + *name} : std::nullopt;
    },
    [](const std::string& value) { return quoted(value); });
}

} // namespace pier::config
