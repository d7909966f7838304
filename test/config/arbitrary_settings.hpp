#pragma once

/// Settings as anybody might write them: for each row of the schema, a way to
/// choose a value of it.

#include "messages/settings.hpp"

#include <functional>
#include <map>
#include <string>

namespace pier::trials {

/// By the row's path. To be called within rc::gen::exec or rc::check.
using choice_table = std::map<std::string, std::function<void(settings&)>>;
const choice_table& choices();

/// Some of the rows are as by default.
settings arbitrary_settings();

} // namespace pier::trials
