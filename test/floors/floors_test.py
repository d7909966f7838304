"""Holds the checkout named on the command line to the laws of laws.py, and the
laws to their purpose: each must find the guilty one of a small tree."""

import os
import subprocess
import sys
import unittest

import laws

ROOT = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 else os.getcwd()
FLOORS = ("messages", "config", "net", "actors", "tools", "test")
# The laws themselves are full of the words that they look for.
EXEMPT = "test/floors/"


def checkout():
    files = {}
    for floor in FLOORS:
        for folder, folders, names in os.walk(os.path.join(ROOT, floor)):
            folders[:] = [f for f in folders if f != "__pycache__"]
            for name in names:
                path = os.path.relpath(os.path.join(folder, name), ROOT)
                if (name.endswith((".hpp", ".cpp", ".py"))
                        and not path.startswith(EXEMPT)):
                    with open(os.path.join(ROOT, path),
                              encoding="utf-8") as file:
                        files[path] = file.read()
    return files


class Checkout(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = checkout()

    def holds(self, complaints):
        self.assertFalse(complaints, "\n  " + "\n  ".join(complaints))

    def test_the_checkout_was_found(self):
        self.assertGreater(len(self.files), 20)
        self.assertIn("tools/libpier/pier.hpp", self.files)

    def test_includes_never_point_up(self):
        self.holds(laws.upward(self.files))

    def test_includes_are_written_from_the_root(self):
        self.holds(laws.unrooted(self.files))

    def test_no_header_includes_itself_by_a_detour(self):
        self.holds(laws.circles(self.files))

    def test_nothing_of_caf_is_known_below_the_actors(self):
        self.holds(laws.actors_below(self.files))

    def test_no_actor_type_leaks_out_of_the_public_header(self):
        self.holds(laws.leaks(self.files, "tools/libpier/pier.hpp"))

    def test_only_those_who_must_read_the_clock(self):
        self.holds(laws.clock_readers(self.files))

    def test_nobody_sleeps(self):
        self.holds(laws.sleepers(self.files))

    def test_no_file_is_longer_than_one_idea(self):
        self.holds(laws.too_long(self.files))

    def test_nothing_is_left_undone(self):
        self.holds(laws.unfinished(self.files))

    def test_no_file_is_named_for_nothing(self):
        self.holds(laws.vague_names(self.files))

    def test_every_check_that_clang_tidy_leaves_out_has_its_reason(self):
        with open(os.path.join(ROOT, ".clang-tidy"), encoding="utf-8") as file:
            self.holds(laws.unexplained(file.read()))

    def test_every_permission_to_read_the_clock_is_still_used(self):
        unused = [owner for owner in laws.CLOCK_READERS
                  if not any(path.startswith(owner)
                             and laws.lines_of(laws.CLOCK, {path: text})
                             for path, text in self.files.items())]
        self.assertFalse(unused)


class Laws(unittest.TestCase):
    def finds(self, law, guilty, innocent):
        self.assertTrue(law(guilty))
        self.assertFalse(law(innocent))

    def test_an_upward_include_is_found(self):
        self.finds(laws.upward,
                   {"net/a.hpp": '#include "actors/b.hpp"\n'},
                   {"actors/b.hpp": '#include "net/a.hpp"\n'})
        self.finds(laws.upward,
                   {"net/a.hpp": '  # include "config/b.hpp"\n'},
                   {"actors/b.hpp": '#include "config/a.hpp"\n'})

    def test_a_relative_include_is_found(self):
        self.finds(laws.unrooted,
                   {"net/a.cpp": '#include "a.hpp"\n', "net/a.hpp": ""},
                   {"net/a.cpp": '#include "net/a.hpp"\n', "net/a.hpp": ""})

    def test_a_circle_is_found(self):
        self.finds(laws.circles,
                   {"net/a.hpp": '#include "net/b.hpp"\n',
                    "net/b.hpp": '#include "net/a.hpp"\n'},
                   {"net/a.hpp": '#include "net/b.hpp"\n', "net/b.hpp": ""})

    def test_an_actor_below_is_found(self):
        self.finds(laws.actors_below,
                   {"net/a.hpp": "#include <caf/actor.hpp>\n"},
                   {"actors/a.hpp": "#include <caf/actor.hpp>\n"})
        self.finds(laws.actors_below,
                   {"config/a.hpp": '#include "messages/handles.hpp"\n'},
                   {"config/a.hpp": '#include "messages/error.hpp"\n'})

    def test_a_leak_is_found_two_headers_down(self):
        door = {"tools/p.hpp": '#include "messages/a.hpp"\n'}
        self.assertTrue(laws.leaks(
            door | {"messages/a.hpp": "#include <caf/actor.hpp>\n"},
            "tools/p.hpp"))
        self.assertFalse(laws.leaks(
            door | {"messages/a.hpp": ""}, "tools/p.hpp"))

    def test_a_look_at_the_clock_is_found(self):
        now = "auto t = std::chrono::steady_clock::now();\n"
        self.finds(laws.clock_readers, {"actors/a.cpp": now},
                   {"net/relay/a.cpp": now})

    def test_a_sleep_is_found(self):
        self.finds(laws.sleepers,
                   {"test/a.cpp": "std::this_thread::sleep_for(1s);\n"},
                   {"test/a.cpp": "falls_asleep(1);\n"})
        self.finds(laws.sleepers, {"test/a.cpp": "::usleep(5);\n"},
                   {"test/a.cpp": "bed.sleep(5);\n"})
        self.finds(laws.sleepers, {"test/a.py": "time.sleep(1)\n"},
                   {"test/a.py": "wait(1)\n"})

    def test_a_long_file_is_found(self):
        self.finds(laws.too_long, {"net/a.cpp": "\n" * 301},
                   {"net/a.cpp": "\n" * 300})

    def test_a_marker_and_a_vague_name_are_found(self):
        self.finds(laws.unfinished, {"net/a.cpp": "// TODO: x\n"},
                   {"net/a.cpp": "// done\n"})
        self.finds(laws.vague_names, {"net/link_manager.cpp": ""},
                   {"net/manager_link.cpp": ""})

    def test_a_check_without_a_reason_is_found(self):
        self.finds(laws.unexplained, "# a: Why.\nChecks: >-\n  -a,\n  -b\n",
                   "# a: Why.\n# b-*: So.\nChecks: >-\n  -a,\n  -b-*\n")


if __name__ == "__main__":
    os.chdir(ROOT)
    unittest.main(verbosity=2)
