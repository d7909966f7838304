"""No port left to give, at random or to a connection of the host's: who asks is
told by name, or tries again; everything else goes on."""

import socket

from harness import Case, main
from patience import eventually
from scenery import HOST, SECOND_DNS, WORLD
from servers import Server, echo, reset

COUNT = 16


class ExhaustionOfPorts(Case):
    def setUp(self):
        super().setUp()
        self.daemon = self.pierd()
        self.pier("run", "-d", "--name", "web", "-p", "8001:80", "--",
                  "python3", "-B", "/mnt/e2e/guest.py", "tcp", "::", "80")
        self.assert_greets("127.0.0.1", 8001, "80")
        self.netns = self.netns_of("web")

    def ports_begin_at(self, first):
        """Those of the host's namespace, which is ours. Each test has its own,
        for what is over keeps a port for a minute."""
        def be(first, last):
            self.host.net("sysctl", "-qw", "net.ipv4.ip_local_port_range="
                          f"{first} {last}")

        be(first, first + COUNT - 1)
        self.addCleanup(be, 32768, 60999)

    def test_a_random_port_that_is_not_to_be_had_is_refused_by_name(self):
        self.ports_begin_at(40000)
        for number in range(COUNT):
            self.pier("publish", "web", f"{81 + number}")
        said = self.refused("publish", "web", "80")
        self.assertIn(f"none of 40000-{40000 + COUNT - 1} is free", said)
        self.assertEqual(self.greeting(HOST[4], 8001, self.world.netns),
                         "80")
        self.pier("unpublish", "web", "81")
        self.pier("publish", "web", "80")

    def connecting(self, address):
        probe = self.socket_in(self.netns, socket.AF_INET)
        probe.setblocking(False)
        probe.connect_ex(address)
        return probe

    def test_a_guest_waits_for_a_port_of_the_hosts(self):
        self.ports_begin_at(41000)
        held = [self.connect(WORLD[4], 7, self.netns) for _ in range(COUNT)]
        late = self.connecting((WORLD[4], 7))
        # Another peer, and clients from outside, need none of these.
        other = self.own(Server(self.world.netns, (SECOND_DNS[4], 7), echo))
        with self.connect(*other.at, self.netns) as one:
            one.sendall(b"x")
            self.assertEqual(one.recv(1), b"x")
        self.assertEqual(self.greeting(HOST[4], 8001, self.world.netns),
                         "80")
        self.assertEqual(late.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR),
                         0)
        reset(held.pop())
        # Its kernel asks again, after one second, three, seven.
        eventually(late.getpeername, 15, "it is let through")
        late.settimeout(10)
        late.sendall(b"x")
        self.assertEqual(late.recv(1), b"x")


if __name__ == "__main__":
    main()
