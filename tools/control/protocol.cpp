#include "tools/control/protocol.hpp"

#include "tools/control/fields.hpp"

#include <boost/json/serialize.hpp>

#include <iterator>

namespace pier::control {

namespace {

constexpr std::string_view verbs[] = {
  "run",      "wait",    "stop",    "signal",   "publish",  "unpublish",
  "list",     "inspect", "flows",   "forwards", "tree",     "fault",
  "obey",     "log",     "metrics", "why",      "events",   "version",
  "settings", "reload",  "weigh",   "rollback", "shutdown",
};

static_assert(
  std::size(verbs) == static_cast<size_t>(verb::last), "every verb has a name");

bool takes_name(verb what) {
  switch (what) {
    case verb::wait:
    case verb::stop:
    case verb::signal:
    case verb::publish:
    case verb::unpublish:
    case verb::inspect:
    case verb::flows:
    case verb::fault:
    case verb::why:
    case verb::weigh:
      return true;
    default:
      return false;
  }
}

bool takes_number(verb what) {
  return what == verb::signal || what == verb::rollback;
}

bool takes_port(verb what) {
  return what == verb::publish || what == verb::unpublish;
}

error malformed(const std::string& wrong, std::string_view what) {
  if (wrong == "unknown field")
    return {
      ec::bad_request,
      "the request \"" + std::string{what}
        + "\" has a field that this version does not know"};
  return {
    ec::bad_request,
    "the request \"" + std::string{what} + "\" lacks a good \"" + wrong + "\""};
}

std::string line_of(json::object object) {
  return json::serialize(object) + '\n';
}

} // namespace

std::string_view to_string(verb what) noexcept {
  auto index = static_cast<size_t>(what);
  return index < std::size(verbs) ? verbs[index] : "unknown";
}

bool is_for_observers(verb what) noexcept {
  switch (what) {
    case verb::list:
    case verb::inspect:
    case verb::flows:
    case verb::forwards:
    case verb::tree:
    case verb::log:
    case verb::metrics:
    case verb::events:
    case verb::version:
      return true;
    default:
      return false;
  }
}

bool only_reads(verb what) noexcept {
  return is_for_observers(what) || what == verb::wait || what == verb::settings
    || what == verb::weigh;
}

bool read(const json::value& from, verb& to) {
  const auto* text = from.if_string();
  for (size_t i = 0; text && i < std::size(verbs); ++i)
    if (verbs[i] == std::string_view{*text}) {
      to = static_cast<verb>(i);
      return true;
    }
  return false;
}

bool news_wish::wants(const event& news) const {
  return path.empty() || news.container == path || news.path == path
    || news.path.starts_with(path + "/");
}

std::string encode(const request& what) {
  json::object object{{"id", what.id}, {"do", to_string(what.what)}};
  if (takes_name(what.what))
    object["name"] = what.name;
  if (takes_port(what.what))
    object["port"] = to_json(what.port);
  if (takes_number(what.what))
    object["number"] = what.number;
  if (what.what == verb::why)
    object["to"] = what.to;
  if (what.what == verb::obey)
    object["act"] = to_json(what.deed);
  if (what.what == verb::events) {
    object["kept"] = what.news.kept;
    object["follow"] = what.news.follow;
    object["since"] = what.news.since;
    object["path"] = what.news.path;
  }
  if (what.what == verb::run) {
    object["spec"] = to_json(what.spec);
    object["stdio"] = what.stdio;
    object["hold"] = what.hold;
  }
  return line_of(std::move(object));
}

decoded_request decode_request(std::string_view line) {
  auto parsed = parse_json(line);
  if (!parsed)
    return {0, parsed.error()};
  const auto* object = parsed->if_object();
  if (!object)
    return {0, error{ec::bad_request, "a request is a JSON object"}};
  request made;
  const auto* id = object->if_contains("id");
  if (!id || !read(*id, made.id))
    return {
      0, error{ec::bad_request, "a request has an \"id\", a whole number"}};
  const auto* what = object->if_contains("do");
  if (!what || !read(*what, made.what))
    return {
      made.id,
      error{
        ec::bad_request,
        "a request has a \"do\", and this one's is no verb of "
        "this version"}};
  fields in{*parsed};
  in.need("id", made.id).need("do", made.what);
  if (takes_name(made.what))
    in.need("name", made.name);
  if (takes_port(made.what))
    in.need("port", made.port);
  if (takes_number(made.what))
    in.need("number", made.number);
  if (made.what == verb::why)
    in.need("to", made.to);
  if (made.what == verb::obey)
    in.need("act", made.deed);
  if (made.what == verb::events)
    in.may("kept", made.news.kept)
      .may("follow", made.news.follow)
      .may("since", made.news.since)
      .may("path", made.news.path);
  if (made.what == verb::run)
    in.need("spec", made.spec).may("stdio", made.stdio).may("hold", made.hold);
  if (!in.ok_strictly())
    return {made.id, malformed(in.wrong(), to_string(made.what))};
  auto known = made.id;
  return {known, std::move(made)};
}

std::string encode_reply(uint64_t id, const result<json::value>& what) {
  json::object object{{"id", id}};
  if (what)
    object["ok"] = *what;
  else
    object["error"] = to_json(what.error());
  auto line = line_of(std::move(object));
  if (line.size() > reply_limit)
    return encode_reply(
      id, error{ec::exhausted, "the answer is larger than 32 MiB"});
  return line;
}

std::string encode_event(const event& news) {
  return line_of({{"event", to_json(news)}});
}

result<message> decode_message(std::string_view line) {
  auto parsed = parse_json(line);
  if (!parsed)
    return parsed.error();
  message made;
  const auto* object = parsed->if_object();
  if (object) {
    if (const auto* news = object->if_contains("event"))
      if (read(*news, made.news.emplace()))
        return made;
    const auto* id = object->if_contains("id");
    if (id && read(*id, made.id)) {
      if (const auto* ok = object->if_contains("ok")) {
        made.answer = *ok;
        return made;
      }
      error why;
      const auto* no = object->if_contains("error");
      if (no && read(*no, why)) {
        made.answer = std::move(why);
        return made;
      }
    }
  }
  return error{ec::bad_request, "this is neither an answer nor news"};
}

} // namespace pier::control
