"""What is told of a connection while it runs: its state and its round trips, by
the kernel's own word."""

import socket
import subprocess
import threading

import servers
from harness import Case, main
from patience import eventually
from scenery import WORLD

DELAY = 0.040


class Flows(Case):
    def setUp(self):
        super().setUp()
        self.name = self.container().name
        self.netns = self.netns_of(self.name)

    def only(self):
        told = self.pier("flows", self.name, "--json").json()
        self.assertEqual(len(told), 1, told)
        return told[0]

    def becomes(self, state):
        return eventually(
            lambda: self.only() if self.only()["state"] == state else None, 5,
            state)

    def server(self, serve):
        """At port 8 of the world; it may stay with a client until the end."""
        over = threading.Event()
        self.addCleanup(over.set)
        self.own(servers.Server(self.world.netns, (WORLD[4], 8),
                                lambda at, who: serve(at, over)))

    def test_whoever_is_done_is_told(self):
        def silent(at, over):
            at.recv(64)
            over.wait(20)

        self.server(silent)
        client = self.connect(WORLD[4], 8, self.netns)
        client.sendall(b"ask")
        self.becomes("open")
        client.shutdown(socket.SHUT_WR)
        self.becomes("half-closed by guest")
        self.assertIn("half-closed by guest", self.pier("flows").out)

    def test_a_peer_that_is_done_is_told(self):
        def curt(at, over):
            at.shutdown(socket.SHUT_WR)
            over.wait(20)

        self.server(curt)
        client = self.connect(WORLD[4], 8, self.netns)
        self.assertEqual(client.recv(64), b"")
        self.becomes("half-closed by peer")

    def test_what_has_no_connection_has_no_state_of_one(self):
        self.own(servers.UdpServer(self.world.netns, (WORLD[4], 9)))
        client = self.socket_in(self.netns, socket.AF_INET, socket.SOCK_DGRAM)
        client.sendto(b"x", (WORLD[4], 9))
        told = self.becomes("datagrams")
        self.assertIsNone(told["peer_rtt_microseconds"])

    def test_round_trips_are_those_of_each_side(self):
        """Where the kernel can delay, the world is far away."""
        delayed = True
        try:
            self.world.net("tc", "qdisc", "add", "dev", "eth0", "root",
                           "netem", "delay", f"{int(DELAY * 1000)}ms")
            self.addCleanup(self.world.net, "tc", "qdisc", "del", "dev",
                            "eth0", "root")
        except (subprocess.CalledProcessError, FileNotFoundError):
            delayed = False
        client = self.connect(WORLD[4], 7, self.netns)
        for _ in range(5):
            client.sendall(b"hello")
            client.recv(64)
        told = self.only()
        near = told["guest_rtt_microseconds"] / 1e6
        far = told["peer_rtt_microseconds"] / 1e6
        self.assertGreater(near, 0)
        if delayed:
            self.assertGreaterEqual(far, DELAY * 0.9)
            self.assertLess(near, far / 2)
        else:
            self.assertTrue(0 < far < 1)
        head, row = self.pier("flows").out.splitlines()
        self.assertIn("RTT PEER", head)
        self.assertRegex(row, r" ms |µs ")


if __name__ == "__main__":
    main()
