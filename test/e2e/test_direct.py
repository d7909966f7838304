"""The host's own packets go to containers straight, and nothing else does."""

import socket
import unittest

import harness
import servers
from harness import main
from patience import eventually
from reloading import Reloading
from scenery import HOST, WORLD

ON = "[network]\ndirect = true\n"


class Direct(Reloading):
    def setUp(self):
        super().setUp()
        if harness.AS_USER:
            raise unittest.SkipTest("it takes root")
        # The kernel takes a dead daemon's link when it comes to it.
        eventually(lambda: not self.links(), 20, "the end of the last link")

    def change(self, text):
        self.resettle(text)
        self.pier("settings", "reload")

    def addresses(self, name):
        told = self.inspect(name)["address"]
        return told["v4"], told["v6"]

    def links(self):
        told = self.host.net("ip", "-o", "link", "show")
        return [line.split()[1].rstrip(":").partition("@")[0]
                for line in told.splitlines() if " pier" in line]

    def of_host(self):
        """The host's own addresses in the containers' network."""
        self.assertEqual(len(self.links()), 1)
        out = []
        for version in "-4", "-6":
            told = self.host.net("ip", version, "-o", "address", "show", "dev",
                                 self.links()[0], "scope", "global")
            out.append(told.split()[3].partition("/")[0])
        return out

    def reaches(self, address, port=7000, netns=None):
        try:
            with self.connect(address, port, netns, within=1) as made:
                return made.recv(64) != b""
        except OSError:
            return False

    # ---- The way in --------------------------------------------------------

    def test_the_host_reaches_every_address_and_port_and_pings(self):
        self.begin(ON)
        self.guest("who", "::", "7000", name="web")
        seen_as = self.of_host()
        for address, me in zip(self.addresses("web"), seen_as):
            with self.connect(address, 7000) as made:
                self.assertEqual(made.recv(64).split()[0].decode(), me)
            talk = self.socket_in(
                self.host.netns,
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_DGRAM)
            talk.connect((address, 7000))
            for size in 1, 20000:
                talk.send(b"x" * size)
                self.assertTrue(talk.recv(65536).startswith(me.encode()))
            self.succeeds("ping", "-c1", "-W5", address)
            with self.assertRaises(ConnectionRefusedError):
                self.connect(address, 7001)

    def test_it_is_switched_live_and_leaves_nothing(self):
        self.begin("")
        self.guest("tcp", "::", "7000", name="web")
        address, _ = self.addresses("web")
        self.assertEqual(self.links(), [])
        self.assertFalse(self.reaches(address))
        self.change(ON)
        eventually(lambda: self.reaches(address), 20, "the way in")
        self.change("")
        eventually(lambda: self.links() == [], 5, "the end of the link")
        self.assertNotIn("192.168.65.", self.host.net("ip", "route"))
        self.assertFalse(self.reaches(address))

    def test_it_moves_with_the_network(self):
        self.begin(ON)
        self.guest("tcp", "::", "7000", name="web")
        self.change(ON + 'subnet = "10.77.0.0/24"\n'
                    'subnet6 = "fd12:34::/64"\n')
        for address in self.addresses("web"):
            eventually(lambda a=address: self.reaches(a), 5, address)
        self.assertNotIn("192.168.65.", self.host.net("ip", "route"))
        self.assertNotIn("overlaps", self.pier("events").out)

    def test_a_killed_daemon_leaves_no_link(self):
        daemon = self.begin(ON)
        eventually(self.links, 5, "the link")
        daemon.kill()
        eventually(lambda: not self.links(), 10, "the end of the link")
        self.pierd()
        eventually(self.links, 5, "the link")

    # ---- And no way out ----------------------------------------------------

    def test_containers_reach_nothing_by_it(self):
        self.begin(ON)
        self.guest("who", "::", "7000", name="web")
        address, address6 = self.addresses("web")
        self.assertTrue(self.reaches(address))
        inside = self.netns_of("web")
        heard = []
        for me in self.of_host():
            served = self.own_server(me)
            self.assertFalse(self.reaches(me, served.at[1], inside))
            datagrams = servers.UdpServer(
                self.host.netns, (me, 0),
                lambda data, client: heard.append(client))
            self.addCleanup(datagrams.close)
            talk = self.socket_in(
                inside, socket.AF_INET6 if ":" in me else socket.AF_INET,
                socket.SOCK_DGRAM)
            talk.sendto(b"x", datagrams.at)
            self.assertNotEqual(
                self.exec_in("web", "ping", "-c1", "-W1", me).status, 0)
            # It is still there for whoever asks from the host.
            self.assertTrue(self.reaches(me, served.at[1]))
        # As a router it is not there, either.
        self.host.net("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
        self.addCleanup(self.host.net, "sysctl", "-q", "-w",
                        "net.ipv4.ip_forward=0")
        self.succeeds_in("web", "ip", "route", "add", f"{WORLD[4]}/32", "via",
                         self.of_host()[0])
        self.assertFalse(self.reaches(WORLD[4], 7, inside))
        self.assertEqual(heard, [])

    def own_server(self, address):
        made = servers.Server(self.host.netns, (address, 0),
                              servers.says(b"secret"))
        self.addCleanup(made.close)
        return made

    def succeeds_in(self, name, *words):
        done = self.exec_in(name, *words)
        self.assertEqual(done.status, 0, done)

    def test_the_host_routes_for_nobody(self):
        self.begin(ON)
        self.guest("tcp", "::", "7000", name="web")
        address, _ = self.addresses("web")
        self.assertTrue(self.reaches(address))
        self.host.net("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
        self.addCleanup(self.host.net, "sysctl", "-q", "-w",
                        "net.ipv4.ip_forward=0")
        self.world.net("ip", "route", "add", f"{address}/32", "via", HOST[4])
        self.addCleanup(self.world.net, "ip", "route", "delete",
                        f"{address}/32")
        self.assertFalse(self.reaches(address, netns=self.world.netns))


class WithoutRights(Reloading):
    def test_who_may_make_no_links_is_told_the_mend(self):
        if not harness.AS_USER:
            self.skipTest("root may")
        self.begin("")
        self.resettle(ON)
        said = self.refused("settings", "reload")
        self.assertIn("network.direct", said)
        self.assertIn("run pierd as root", said)


if __name__ == "__main__":
    main()
