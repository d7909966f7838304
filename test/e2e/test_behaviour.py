"""Whatever goes wrong, a client is told what it would be told without Pier:
the kernel's own answers, on the same path, are the law."""

import json

from harness import Case, main
from namespaces import HERE
from patience import eventually
from probe import put
from program import Program
from questions import SEEN, between, outward
from scenery import HOST, WORLD

FATES, CLOSED = 5002, 5003
PROBE = ("python3", "-B", "/mnt/e2e/probe.py")
OUTER = {FATES: 7002, CLOSED: 7003}
LOCAL = {4: "127.0.0.1", 6: "::1"}


class Behaviour(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.host.sh("echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range")
        for version in WORLD:
            world = Program(cls.world, (
                "python3", "-B", HERE / "fates.py", WORLD[version], FATES))
            cls.addClassCleanup(world.kill)
            world.until_said("ready")

    def assert_told_the_same(self, told, truth):
        self.assertEqual(set(told), set(truth))
        for what, word in truth.items():
            with self.subTest(what):
                self.assertEqual(told[what], word)

    def out(self, version):
        asked = json.dumps(outward(FATES, CLOSED, version))
        honest = self.start(*PROBE, asked)
        guest = self.start("pier", "run", "--", *PROBE, asked)
        truth = honest.finish().json()
        self.assertNotIn("no end", truth.values())
        self.assertEqual(truth[SEEN], HOST[version])
        self.assert_told_the_same(guest.finish().json(), truth)

    def test_the_world_answers_a_guest_as_it_answers_the_host(self):
        self.out(4)

    def test_the_world_answers_a_guest_over_ipv6_as_it_answers_the_host(self):
        self.out(6)

    def test_a_published_port_answers_as_the_servers_own_does(self):
        options = [word for inner, outer in OUTER.items()
                   for proto in ("tcp", "udp")
                   for word in ("-p", f"{outer}:{inner}/{proto}")]
        container = self.container(
            *options, command=("python3", "-B", "/mnt/e2e/fates.py", "::",
                               FATES))
        container.until_said("ready")
        truth = {}
        for version, address in LOCAL.items():
            self.assert_greeted(address)
            asked = json.dumps(between(address, FATES, CLOSED))
            truth[version] = self.exec_in(container.name, *PROBE, asked).json()
        for version, address in LOCAL.items():
            asked = json.dumps(between(address, *OUTER.values()))
            self.assert_told_the_same(self.succeeds(*PROBE, asked).json(),
                                      truth[version])
        for version, address in HOST.items():
            asked = json.dumps(between(address, *OUTER.values()))
            client = Program(self.world, ("python3", "-B", HERE / "probe.py",
                                          asked))
            self.addCleanup(client.kill)
            self.assert_told_the_same(client.finish().json(), truth[version])

    def assert_greeted(self, address):
        """A published port opens a moment after its server listens."""
        def served():
            with self.host.inside():
                return put("whoami", address, OUTER[FATES]) not in (
                    "refused", "lost")

        eventually(served, 5)


if __name__ == "__main__":
    main()
