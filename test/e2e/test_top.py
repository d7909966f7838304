"""`pier top`: in a real terminal, and as text and JSON."""

import re

from flow import Flow
from harness import Case, main
from patience import eventually
from scenery import WORLD
from terminal import Terminal


class Top(Case):
    def setUp(self):
        super().setUp()
        self.settle("")
        self.daemon = self.pierd()
        self.guest("tcp", "0.0.0.0", "80", options=("-p", "8080:80"),
                   name="web")
        self.container(name="idle")
        flow = Flow(self.connect(WORLD[4], 7, self.netns_of("web")))
        self.addCleanup(flow.close)

    def test_it_shows_what_moves_and_obeys_the_keys(self):
        at = Terminal(self, "pier", "top", "--every", "0.2")
        at.shows("2 containers", "1 flow ", "[1 containers]", "idle", "B/s",
                 "q quit")
        eventually(lambda: re.search("^web.*^idle", at.screen, re.M | re.S),
                   20, "the busiest comes first")
        at.press("2")
        at.shows("[2 ports]", "0.0.0.0:8080", "80/tcp", "open")
        at.press("3")
        at.shows("[3 flows]", f"{WORLD[4]}:7")
        at.press("/", "n", "o", "n", "e", "Enter")
        at.shows("/ none", "nothing fits the filter")
        at.press("Escape")
        at.shows(f"{WORLD[4]}:7")
        at.resize(50, 10)
        eventually(lambda: at.screen.rstrip().splitlines()[-1].startswith(
            " 1 2 3 view") and len(at.screen.splitlines()) == 10, 20, "10 rows")
        at.press("q")
        at.ends()

    def test_it_says_what_is_wrong_and_goes_on_when_it_is_not(self):
        at = Terminal(self, "pier", "top", "--every", "0.2", columns=120)
        at.shows("idle")
        self.daemon.kill()
        at.shows("nothing runs here")
        self.daemon = self.pierd()
        self.container(name="again")
        at.shows("again", "1 container ")
        at.press("C-c")
        at.ends()

    def test_as_json_the_rates_are_numbers(self):
        told = self.pier("top", "--json", "--every", "0.3").json()
        web, = [each for each in told["containers"] if each["name"] == "web"]
        self.assertGreater(web["in"], 1000)
        self.assertEqual(web["flows"], 1)
        port = told["ports"][0]
        self.assertEqual((port["container"], port["state"]), ("web", "open"))
        self.assertEqual(told["flows"][0]["to"], f"{WORLD[4]}:7")

    def test_without_a_terminal_it_says_what_to_do(self):
        self.assertIn("--once", self.refused("top"))
        self.assertIn("web", self.pier("top", "--once", "--every", "0.2").out)


if __name__ == "__main__":
    main()
