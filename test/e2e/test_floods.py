"""Floods from one container: its neighbour's connections all succeed, memory
is bounded, and afterwards everything has been given back."""

import contextlib
import json
import resource
import socket
import threading
import time

from books import Books
from harness import Case, main
from namespaces import inside
from patience import eventually
from scenery import SILENT, WORLD
from servers import Server, UdpServer, reset

# Of pierd: what a flood may make of it, beyond what it has at rest.
MEGABYTES = 64
# The gateway's stores of sockets and of spare numbers breathe by some dozens.
DESCRIPTORS = 96


class Floods(Case):
    def setUp(self):
        super().setUp()
        self.daemon = self.pierd()
        self.books = Books(self, self.daemon)
        for name, port in ("one", 8001), ("two", 8002):
            self.pier("run", "-d", "--name", name, "-p", f"{port}:80", "-p",
                      f"{port}:80/udp", "--", "python3", "-B",
                      "/mnt/e2e/guest.py", "tcp", "::", "80")
            self.assert_greets("127.0.0.1", port, "80")
        self.guest, self.neighbour = map(self.netns_of, ("one", "two"))
        self.the_neighbour_works()
        eventually(lambda: self.books.load(0.3) < 0.02, 10, "it rests")
        self.rest = (self.books.actors(), self.books.descriptors(),
                     self.books.memory())

    def the_neighbour_works(self):
        """Out and in, one after the other, each within its deadline."""
        for _ in range(10):
            with self.connect(WORLD[4], 7, self.neighbour, 5) as client:
                client.sendall(b"x")
                self.assertEqual(client.recv(1), b"x")
            self.assertEqual(self.greeting("127.0.0.1", 8002), "80")

    @contextlib.contextmanager
    def flooded(self):
        """The neighbour works on a thread of its own all the while."""
        over, wrong = threading.Event(), []

        def work():
            while not over.is_set():
                try:
                    self.the_neighbour_works()
                except (OSError, AssertionError) as why:
                    wrong.append(why)

        worker = threading.Thread(target=work)
        worker.start()
        try:
            yield
            self.the_neighbour_works()
            self.assertLess(self.books.memory(), self.rest[2] + MEGABYTES)
        finally:
            over.set()
            worker.join(30)
        self.assertEqual(wrong, [])

    def everything_is_given_back(self, within=20):
        actors, descriptors, memory = self.rest
        eventually(lambda: self.books.actors() <= actors, within, "actors")
        most = descriptors + DESCRIPTORS
        eventually(lambda: self.books.descriptors() <= most, within, "numbers")
        eventually(lambda: self.books.load(0.5) < 0.05, within, "calm")
        self.assertLess(self.books.memory(), memory + MEGABYTES)
        self.the_neighbour_works()

    def syns(self, address, ports):
        """One connection attempt each; what came of them is not waited for."""
        probes = []
        for port in ports:
            probe = self.fresh(self.guest)
            probe.setblocking(False)
            with contextlib.suppress(OSError):
                probe.connect_ex((address, port))
            probes.append(probe)
        return probes

    def fresh(self, netns, kind=socket.SOCK_STREAM):
        return self.socket_in(netns, socket.AF_INET, kind)

    def test_syns_to_closed_ports(self):
        with self.flooded():
            for _ in range(5):
                for probe in self.syns(WORLD[4], range(1024, 2024)):
                    probe.close()
        self.everything_is_given_back()

    def test_what_is_dropped_unseen_is_named(self):
        def told():
            out = self.pier("events", "--json").out.splitlines()
            return [each for each in map(json.loads, out)
                    if "were dropped" in each["text"]]
        with inside(self.guest):
            for port in range(1024, 1024 + 5000):
                with socket.socket() as probe:
                    probe.setblocking(False)
                    probe.connect_ex((WORLD[4], port))
        eventually(told, 10, "an event of what was dropped")
        for each in told():
            self.assertEqual(each["what"], "warning")
            self.assertRegex(each["text"], r"^one \(192\.168\.65\.\d+\) asks")
        self.everything_is_given_back()

    def test_syns_to_a_silent_address(self):
        with self.flooded():
            for probe in self.syns(SILENT[4], range(1024, 5024)):
                probe.close()
        # The host's own dials go on until they have timed out.
        self.pier("stop", "one")
        most = self.rest[1] + DESCRIPTORS
        eventually(lambda: self.books.descriptors() <= most, 20, "numbers")

    def test_fifty_thousand_udp_flows(self):
        server = self.own(UdpServer(self.world.netns, (WORLD[4], 9000)))
        with self.flooded():
            # New source ports to one peer: each is a flow.
            for _ in range(50):
                probes = [self.fresh(self.guest, socket.SOCK_DGRAM)
                          for _ in range(1000)]
                for probe in probes:
                    probe.sendto(b"flood", server.at)
                for probe in probes:
                    probe.close()
        self.assertGreater(len(server.seen), 500)
        self.pier("stop", "one")
        self.everything_is_given_back()

    def test_a_thousand_pings_a_second_are_sent_on_and_no_more(self):
        self.host.sh("echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range")
        before, begun = self.pings_heard(), time.monotonic()
        with self.flooded():
            self.exec_in("one", "ping", "-q", "-l", "30000", "-c", "30000",
                         "-W", "1", WORLD[4])
            heard = self.pings_heard() - before
            took = time.monotonic() - begun
        self.assertGreater(heard, 256)
        self.assertLess(heard, 600 + 1100 * took)
        self.everything_is_given_back()

    def pings_heard(self):
        """By the world."""
        with inside(self.world.netns), open("/proc/thread-self/net/snmp",
                                            encoding="utf-8") as table:
            names, values = (line.split() for line in table
                             if line.startswith("Icmp:"))
        return int(values[names.index("InEchos")])

    def test_resets_in_the_middle_of_everything(self):
        server = self.own(Server(self.world.netns, (WORLD[4], 9001),
                                 lambda to, _: to.recv(4096), 512))
        with self.flooded():
            ways = ((server.at, self.guest),
                    (("127.0.0.1", 8001), self.host.netns))
            for number in range(1500):
                to, netns = ways[number % 2]
                probe = self.fresh(netns)
                probe.connect(to)
                probe.setblocking(False)
                with contextlib.suppress(OSError):
                    probe.send(bytes(number % 5 * 50_000))
                reset(probe)
        self.everything_is_given_back()

    def test_readers_that_do_not_read(self):
        stuck = []
        with self.flooded():
            for _ in range(200):
                probe = self.fresh(self.guest)
                probe.connect((WORLD[4], 7))
                probe.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    while True:
                        probe.send(bytes(1 << 20))
                stuck.append(probe)
        for probe in stuck:
            probe.close()
        self.everything_is_given_back()

    def test_peers_that_have_closed_half(self):
        def half_closed(connection, _client):
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)

        server = self.own(Server(self.world.netns, (WORLD[4], 9002),
                                 half_closed, 512))
        probes = []
        with self.flooded():
            for _ in range(500):
                probe = self.fresh(self.guest)
                probe.connect(server.at)
                self.assertEqual(probe.recv(1), b"")
                probes.append(probe)
            self.assertLess(self.books.load(), 0.9)
        for probe in probes:
            probe.close()
        self.everything_is_given_back()

    def test_ten_thousand_idle_connections(self):
        # As many as one container may have here. Nobody accepts in the world.
        own = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (own[1], own[1]))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, own)
        count = min(10_000, own[1] // 4 - 100)
        with self.flooded():
            probes = []
            for number in range(count):
                if number % 2500 == 0:
                    server = self.own(listening(self.world.netns, WORLD[4]))
                probe = self.fresh(self.guest)
                probe.connect(server.getsockname())
                probes.append(probe)
            self.assertGreater(self.books.descriptors(), 2 * count)
        # The neighbour is at rest: what is left costs no processor.
        eventually(lambda: self.books.load(0.5) < 0.05, 20, "it idles")
        # A close would only be half of one: the far side never closes.
        for probe in probes:
            reset(probe)
        self.everything_is_given_back()


def listening(netns, address):
    with inside(netns):
        return socket.create_server((address, 0), backlog=4096)


if __name__ == "__main__":
    main()
