"""Nothing left to give: who was accepted is served, everybody else waits or is
told, and nothing spins."""

import contextlib
import resource
import socket

from books import Books
from harness import Case, main
from patience import eventually, stays
from scenery import WORLD


def failure(probe):
    return probe.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


class Exhaustion(Case):
    def setUp(self):
        super().setUp()
        self.daemon = self.pierd()
        self.books = Books(self, self.daemon)
        for name, port in ("one", 8001), ("two", 8002):
            self.serve(name, port)
        self.netns = self.netns_of("one")

    def serve(self, name, port, address="::"):
        self.pier("run", "-d", "--name", name, "-p", f"{port}:80", "--",
                  "python3", "-B", "/mnt/e2e/guest.py", "tcp", address, "80")
        self.assert_greets("127.0.0.1", port, "80")

    @contextlib.contextmanager
    def descriptors(self, spare, program=None):
        """It has only so many more than it has now."""
        if self.person.user:
            self.skipTest("the limit of another user's process is not ours "
                          "to lower everywhere")
        program = program or self.daemon
        was = resource.prlimit(program.pid, resource.RLIMIT_NOFILE)
        lowest = Books(self, program).lowest_free_descriptor()
        resource.prlimit(program.pid, resource.RLIMIT_NOFILE,
                         (lowest + spare, was[1]))
        try:
            yield
        finally:
            resource.prlimit(program.pid, resource.RLIMIT_NOFILE, was)

    def is_greeted(self, client, within=15):
        client.settimeout(within)
        self.assertEqual(client.recv(3), b"80\n")

    def nobody_was_dropped(self, clients):
        for client in clients:
            client.settimeout(0.001)
            with contextlib.suppress(TimeoutError):
                self.assertNotEqual(client.recv(3, socket.MSG_PEEK), b"",
                                    "it was accepted, then dropped")

    def all_are_served_in_the_end(self, port, count, spare):
        """More clients come than there are descriptors for."""
        with self.descriptors(spare):
            clients = [self.connect("127.0.0.1", port) for _ in range(count)]
            eventually(lambda: self.books.load(0.5) < 0.1, 20, "it is calm")
            self.nobody_was_dropped(clients)
        for client in clients:
            self.is_greeted(client)
        self.assertEqual(self.greeting("127.0.0.1", 8002), "80")

    def test_clients_without_a_descriptor_wait_in_the_backlog(self):
        self.all_are_served_in_the_end(8001, 300, 120)

    def test_a_client_of_an_ipv6_service_is_served_in_the_end(self):
        self.serve("six", 8006, "own-ipv6")
        self.all_are_served_in_the_end(8006, 300, 120)

    def test_clients_without_a_far_socket_wait_in_the_backlog(self):
        with self.books.keeper_suspended():
            # The store has 512 sockets, and nobody makes more.
            clients = [self.connect("127.0.0.1", 8001) for _ in range(600)]
            for client in clients[:500]:
                self.is_greeted(client)
            self.assertLess(self.books.load(), 0.1, "it spins")
            self.nobody_was_dropped(clients[500:])
        for client in clients[500:]:
            self.is_greeted(client)

    def test_who_leaves_makes_room_for_who_waits(self):
        with self.descriptors(100):
            clients = [self.connect("127.0.0.1", 8001) for _ in range(800)]
            for client in clients:
                self.is_greeted(client)
                client.close()

    def test_a_guest_let_through_is_not_turned_away(self):
        with self.descriptors(61):
            probes = [self.socket_in(self.netns, socket.AF_INET)
                      for _ in range(80)]
            for probe in probes:
                probe.setblocking(False)
                probe.connect_ex((WORLD[4], 7))
            # Longer than the gate waits for a guest that it has let through.
            stays(lambda: not any(map(failure, probes)), 4)
            self.assertLess(self.books.load(), 0.1, "it spins")
        for probe in probes:
            eventually(lambda probe=probe: probe.getpeername(), 15, "connected")
            probe.settimeout(10)
            probe.sendall(b"x")
            self.assertEqual(probe.recv(1), b"x")

    def test_a_service_that_starts_without_descriptors_is_open_afterwards(self):
        guest = self.guest("order", "::", "80", options=("-p", "8009:80"))
        with self.descriptors(0, guest):
            guest.stdin.write(b"listen\n")
            guest.stdin.flush()
            guest.until_said("done listen")
            client = eventually(lambda: self.connect("127.0.0.1", 8009), 5)
            self.assertLess(Books(self, guest).load(), 0.1, "it spins")
        client.settimeout(10)
        self.assertEqual(client.recv(5), b"open\n")

    def test_whoever_asks_is_heard_without_a_descriptor(self):
        with self.descriptors(0):
            clients = [self.connect("127.0.0.1", 8001) for _ in range(600)]
            eventually(lambda: self.books.load(0.5) < 0.1, 20, "it is calm")
            self.assertEqual(len(self.pier("ps", "--json").json()), 2)
            self.pier("tree")
            # What it held is what there is of descriptors for the next ones.
            self.pier("stop", "one")
            self.assertEqual(self.greeting("127.0.0.1", 8002), "80")
        for client in clients:
            client.close()

    def test_a_container_that_cannot_be_is_refused_by_name(self):
        with self.descriptors(3):
            said = self.refused("run", "-d", "--name", "three", "--", "true",
                                status=125)
        self.assertIn("oo many open files", said)
        self.pier("run", "-d", "--name", "three", "--", "sleep", "60")


if __name__ == "__main__":
    main()
