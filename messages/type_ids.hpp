#pragma once

/// What may travel between actors. What a console asks for has a form in which
/// it crosses to another process (messages/wire); the others never leave this
/// one, so they are allowed without.

#include "messages/act.hpp"
#include "messages/adoption.hpp"
#include "messages/audit.hpp"
#include "messages/capture.hpp"
#include "messages/container.hpp"
#include "messages/dns.hpp"
#include "messages/error.hpp"
#include "messages/flow.hpp"
#include "messages/flow_end.hpp"
#include "messages/flow_info.hpp"
#include "messages/forward.hpp"
#include "messages/health.hpp"
#include "messages/policy.hpp"
#include "messages/renumbering.hpp"
#include "messages/settings.hpp"
#include "messages/tally.hpp"
#include "messages/why.hpp"
#include "messages/wire.hpp"

#include <caf/allowed_unsafe_message_type.hpp>

#include <vector>

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::act)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::adoption)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::agent_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::arrival)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::audit_marks)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::capture_grant)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::capture_wish)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::carried)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::circuit_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::container_spec)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::destination)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::dns_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::dns_course)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::dns_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::dns_outcome)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::dns_question)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::error)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::explanation)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::flow_end)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::found_name)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::flow_terms)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::guest_rules)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::host_port)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::limit_settings)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::metrics)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::port_settings)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::premises_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::proxy_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::renumbering_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::settings_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::tap_event)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::vector<pier::audit_row>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::vector<pier::forward_change>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(pier::ssh_agent_terms)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::vector<pier::name_course>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::vector<pier::named_tally>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::vector<pier::past_client>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::vector<pier::proxy_choice>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::vector<pier::service>)
