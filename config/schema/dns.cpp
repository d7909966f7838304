#include "config/dns_grammar.hpp"
#include "config/rows.hpp"
#include "config/schema/sections.hpp"

namespace pier::config {

namespace {

using group = dns_settings;

template <class T>
key cache_row(
  std::string path, T dns_cache_limits::*field, grammar<T> how,
  std::string help) {
  auto at = [=](auto& all) -> auto& {
    return all.dns.cache.*field;
  };
  return row(std::move(path), at, std::move(how), std::move(help));
}

/// Whole seconds, as DNS counts them.
grammar<std::chrono::seconds> seconds_to(std::chrono::seconds most) {
  auto inner = duration(std::chrono::milliseconds{0}, most);
  using value = std::optional<std::chrono::seconds>;
  auto read = [inner](const node& from, complaints& wrong) -> value {
    auto got = inner.read(from, wrong);
    if (!got)
      return std::nullopt;
    auto whole = std::chrono::floor<std::chrono::seconds>(*got);
    if (whole == *got)
      return whole;
    wrong.push_back({from.where, "expected whole seconds"});
    return std::nullopt;
  };
  auto write = [inner](std::chrono::seconds of) { return inner.write(of); };
  return {inner.words + ", in whole seconds", read, write};
}

/// The records of one name; they stand in the order of their names.
key records_row() {
  constexpr size_t most_of_a_name = 64;
  auto owner = dns_owner();
  auto how = list_of(dns_value(), 1, most_of_a_name);
  key out;
  out.path = "dns.records.*";
  out.words = how.words;
  out.help = "Names that are answered here, before all others. \"*.x\" stands "
             "for every name below x that has no closer one. A name has the "
             "types that stand here, and no others; a CNAME is followed.";
  out.example = R"("db.example" = ["A 10.0.0.7", "TXT any text"])";
  auto is_of = [](const std::string& who) {
    return [who](const dns_record& each) { return each.name == who; };
  };
  out.read = [=](const written& from, settings& into, complaints& wrong) {
    auto who = owner.read({from.name_at, from.name}, wrong);
    auto values = how.read(from.value, wrong);
    if (!who || !values)
      return;
    auto& all = into.dns.records;
    if (std::any_of(all.begin(), all.end(), is_of(*who)))
      return wrong.push_back(
        {from.name_at, owner.write(*who) + " stands here twice"});
    auto at = std::find_if(all.begin(), all.end(), [&](const auto& each) {
      return each.name > *who;
    });
    for (auto& each : *values)
      each.name = *who;
    all.insert(at, values->begin(), values->end());
  };
  out.names = [](const settings& from) {
    std::vector<std::string> all;
    for (const auto& each : from.dns.records)
      if (all.empty() || all.back() != each.name)
        all.push_back(each.name);
    return all;
  };
  out.write = [=](const settings& from, const std::string& who) {
    std::vector<dns_record> its;
    std::copy_if(
      from.dns.records.begin(), from.dns.records.end(), std::back_inserter(its),
      is_of(who));
    return how.write(its);
  };
  out.erase = [=](settings& from, const std::string& who) {
    std::erase_if(from.dns.records, is_of(who));
  };
  return out;
}

} // namespace

section dns_section() {
  using namespace std::chrono_literals;
  auto here = &settings::dns;
  return {
    "dns",
    "Who answers the guests' questions. Our own names and static records are "
    "answered here, and everything else by others.",
    {
      row(
        "dns.upstream", here, &group::servers, name_servers(),
        "Who is asked: \"system\" is the host's own resolvers, as resolv.conf "
        "names them at that moment. Several are raced."),
      row(
        "dns.addresses", here, &group::addresses,
        choice<address_policy>(
          {{"auto", address_policy::automatic},
           {"ipv4", address_policy::ipv4},
           {"ipv6", address_policy::ipv6},
           {"none", address_policy::none}}),
        "Which addresses of foreign names guests are told: \"auto\", IPv6 ones "
        "only while the host has a route to the world for it; \"ipv4\" or "
        "\"ipv6\", no others; \"none\" hides none."),
      cache_row(
        "dns.cache_entries", &dns_cache_limits::entries,
        as<size_t>(integer(0, 1000000)),
        "Answers that are kept as long as they are good; 0 keeps none. The "
        "cache is emptied whenever the resolvers change."),
      cache_row(
        "dns.cache_longest", &dns_cache_limits::longest, seconds_to(168h),
        "No answer is kept longer, whatever its TTL."),
      cache_row(
        "dns.cache_negative", &dns_cache_limits::negative, seconds_to(3h),
        "The same for \"there is no such name\" (RFC 2308)."),
      cache_row(
        "dns.cache_stale", &dns_cache_limits::stale, seconds_to(168h),
        "So long after its end an answer is still told when every server "
        "fails (RFC 8767). 0s: a failure is told as what it is."),
    }};
}

section dns_zones_section() {
  return {
    "dns.zones",
    "Split DNS.",
    {
      named_row(
        "dns.zones.*", &settings::dns, &group::zones, domain(), name_servers(),
        "Who is asked for a name and all below it. The longest that fits "
        "counts.",
        R"("corp.example" = ["10.0.0.53", "10.0.1.53:5353"])"),
    }};
}

section dns_records_section() {
  return {"dns.records", "Static records.", {records_row()}};
}

} // namespace pier::config
