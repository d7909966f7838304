"""Hundreds of settings, one after the other, half of them broken, while real
programs use whatever these settings do not concern."""

import os
import random
import threading

import servers
from forward_case import forward
from hammer import Hammer
from harness import main
from reloading import Reloading
from scenery import WORLD

RELOADS = int(os.environ.get("PIER_RELOADS", "500"))
KEPT = forward("tcp://127.0.0.1:9100", f"{WORLD[4]}:7")
MISTAKES = ("[nonsense]\n", '"', "[limits]\nflows = -1\n", "= 3\n",
            "[timeouts]\nstop = 7\n", "\N{SNOWMAN}\n", "[dns.zones]\na = [\n",
            "[metrics]\nx = 1\n" * 2,
            '[[forward]]\nlisten = "tcp://127.0.0.1:9100"\nto = ":"\n')


def any_settings(chance):
    """A file that leaves alone whatever is in use."""
    value = chance.randrange(1, 99)
    sections = [
        f'[timeouts]\nstop = "{value}s"\ndns = "{value % 9 + 1}s"\n',
        f'[network]\nhosts."db.lab" = "10.9.0.{value}"\n',
        f"[ports]\nbacklog = {value * 40}\n",
        f'[dns]\ncache_entries = {value}\n'
        f'records."db{value % 5}.example" = ["A 10.9.1.{value}"]\n'
        f'zones."z{value % 5}.example" = ["203.0.113.{value}"]\n',
        f'[policy]\ndeny = ["203.0.113.{value}", "*.z{value}.example"]\n'
        f"queries = {value * 1000}\n",
        f'[container.web]\ndeny = ["198.51.100.0/24 tcp {value}"]\n',
        f"[limits]\npending = {value * 30}\nflows = {value * 300 + 100}\n",
        forward(f"tcp://127.0.0.1:{9101 + value % 4}", f"{WORLD[4]}:{value}"),
    ]
    return KEPT + "".join(
        chance.sample(sections, chance.randrange(1, len(sections))))


class Downloads:
    """curl of a container's, again and again; each byte is compared."""

    def __init__(self, case, name, url, want):
        self._over, self.done, self.wrong = False, 0, []
        self._words = ("curl", "-sS", "-m", "20", url)
        self._case, self._name, self._want = case, name, want
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._over:
            got = self._case.exec_in(self._name, *self._words)
            if got.status or got.raw != self._want:
                self.wrong.append((got.status, len(got.raw), got.err))
            self.done += 1

    def close(self):
        self._over = True
        self._thread.join(30)


class RandomReloads(Reloading):
    def served(self):
        """A web page of the world's, and what it holds."""
        folder = self.person.folder / "web"
        folder.mkdir(exist_ok=True)
        page = os.urandom(3_000_000)
        (folder / "page").write_bytes(page)
        self.own(servers.WebServer(self.world.netns, (WORLD[4], 80), folder))
        return page

    def test_nothing_is_lost_over_them(self):
        page = self.served()
        self.begin(KEPT, "web", "db")
        self.guest("tcp", "0.0.0.0", "80", options=("-p", "8080:80"))
        self.assert_greets("127.0.0.1", 8080, "80")
        flows = [self.flow(name) for name in ("web", "db") for _ in range(3)]
        flows.append(self.flow_to("127.0.0.1", 9100))
        hammer = self.own(Hammer(self.host.netns, 8080))
        fetched = self.own(Downloads(
            self, "web", "http://web.test/page", page))
        chance = random.Random(RELOADS)
        for number in range(RELOADS):
            good, text = number % 2 == 0, any_settings(chance)
            self.resettle(text if good else text + chance.choice(MISTAKES))
            done = self.run_here("pier", "settings", "reload")
            self.assertEqual(done.status, 0 if good else 1, done)
        for flow in flows:
            self.assertTrue(flow.goes_on(), flow.lost)
        hammer.is_served()
        self.assertEqual((hammer.refused, hammer.reset), (0, 0))
        self.assertEqual(fetched.wrong, [])
        self.assertGreater(fetched.done, 3)


if __name__ == "__main__":
    main()
