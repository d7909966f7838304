#pragma once

/// The verbs of the actors: imperative for requests, past participle for news.
/// CAF allows ten characters.

#include <caf/atom.hpp>

namespace pier::atom {

// Requests.
using admit = caf::atom_constant<caf::atom("admit")>;
using adopt = caf::atom_constant<caf::atom("adopt")>;
using ask = caf::atom_constant<caf::atom("ask")>;
using attach = caf::atom_constant<caf::atom("attach")>;
using audit = caf::atom_constant<caf::atom("audit")>;
using await = caf::atom_constant<caf::atom("await")>;
using capture = caf::atom_constant<caf::atom("capture")>;
using convey = caf::atom_constant<caf::atom("convey")>;
using drain = caf::atom_constant<caf::atom("drain")>;
using enumerate = caf::atom_constant<caf::atom("enumerate")>;
using explain = caf::atom_constant<caf::atom("explain")>;
using fault = caf::atom_constant<caf::atom("fault")>;
using find = caf::atom_constant<caf::atom("find")>;
using flows = caf::atom_constant<caf::atom("flows")>;
using follow = caf::atom_constant<caf::atom("follow")>;
using grace = caf::atom_constant<caf::atom("grace")>;
using house = caf::atom_constant<caf::atom("house")>;
using inspect = caf::atom_constant<caf::atom("inspect")>;
using judge = caf::atom_constant<caf::atom("judge")>;
using list = caf::atom_constant<caf::atom("list")>;
using meet = caf::atom_constant<caf::atom("meet")>;
using monitor = caf::atom_constant<caf::atom("monitor")>;
using obey = caf::atom_constant<caf::atom("obey")>;
using open = caf::atom_constant<caf::atom("open")>;
using pause = caf::atom_constant<caf::atom("pause")>;
using publish = caf::atom_constant<caf::atom("publish")>;
using revive = caf::atom_constant<caf::atom("revive")>;
using run = caf::atom_constant<caf::atom("run")>;
using signal = caf::atom_constant<caf::atom("signal")>;
using status = caf::atom_constant<caf::atom("status")>;
using stop = caf::atom_constant<caf::atom("stop")>;
using survey = caf::atom_constant<caf::atom("survey")>;
using tally = caf::atom_constant<caf::atom("tally")>;
using unpublish = caf::atom_constant<caf::atom("unpublish")>;
using wait = caf::atom_constant<caf::atom("wait")>;
using weigh = caf::atom_constant<caf::atom("weigh")>;

// News.
using answered = caf::atom_constant<caf::atom("answered")>;
using confirmed = caf::atom_constant<caf::atom("confirmed")>;
using ended = caf::atom_constant<caf::atom("ended")>;
using happened = caf::atom_constant<caf::atom("happened")>;
using held = caf::atom_constant<caf::atom("held")>;
using joined = caf::atom_constant<caf::atom("joined")>;
using learned = caf::atom_constant<caf::atom("learned")>;
using lost = caf::atom_constant<caf::atom("lost")>;
using opened = caf::atom_constant<caf::atom("opened")>;
using overdue = caf::atom_constant<caf::atom("overdue")>;
using published = caf::atom_constant<caf::atom("published")>;
using serving = caf::atom_constant<caf::atom("serving")>;
using vacated = caf::atom_constant<caf::atom("vacated")>;
using warned = caf::atom_constant<caf::atom("warned")>;

} // namespace pier::atom
