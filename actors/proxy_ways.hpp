#pragma once

/// From what was chosen for a request to the ways that it may take: names are
/// looked up where one of them is the direct one, and rules are asked about
/// each.

#include "actors/proxy_session.hpp"

namespace pier::actors {

/// Says no.
void refuse(proxy_session_pointer self, const error& why);

/// In the order in which they are to be tried.
void take_choices(proxy_session_pointer self, std::vector<proxy_choice> all);

/// A name server has answered, or not.
void hear_name(proxy_session_pointer self, const found_name& found);

} // namespace pier::actors
