"""More first packets than the gate holds: what is beyond is dropped, and comes
again; nobody else's are, nothing spins, and the queue is empty afterwards."""

import contextlib
import socket

from books import Books
from harness import Case, main
from patience import eventually
from scenery import SILENT, WORLD

FLOOD = 40_000  # the queue's length is 16,384
QUEUED, USER_DROPPED = 2, 6  # of the kernel's table


class ExhaustionOfTheGate(Case):
    def setUp(self):
        super().setUp()
        self.daemon = self.pierd()
        self.books = Books(self, self.daemon)
        for name in "one", "two":
            self.pier("run", "-d", "--name", name, "--", "sleep", "infinity")
        self.guest, self.neighbour = map(self.netns_of, ("one", "two"))
        self.works()
        eventually(lambda: self.books.load(0.3) < 0.02, 10, "it rests")

    def works(self, within=5):
        with self.connect(WORLD[4], 7, self.neighbour, within) as client:
            client.sendall(b"x")
            self.assertEqual(client.recv(1), b"x")

    def queue(self):
        """The line of the kernel's table that is our gate's."""
        return list(map(int, self.books.of_keeper(
            "net/netfilter/nfnetlink_queue").split()))

    def datagrams(self):
        """Each to another port: each is a flow."""
        probe = self.socket_in(self.guest, socket.AF_INET, socket.SOCK_DGRAM)
        for number in range(FLOOD):
            with contextlib.suppress(OSError):
                probe.sendto(b"flood", (SILENT[4], 1024 + number))

    def syns(self):
        for number in range(FLOOD):
            probe = self.socket_in(self.guest, socket.AF_INET)
            probe.setblocking(False)
            probe.connect_ex((SILENT[4], 1024 + number))
            probe.close()

    def rests_again(self):
        eventually(lambda: self.queue()[QUEUED] == 0, 10, "nothing is held")
        eventually(lambda: self.books.load(0.5) < 0.05, 20, "it is calm")
        self.works()

    def test_what_comes_while_nobody_reads_is_dropped_and_comes_again(self):
        for flood in self.datagrams, self.syns:
            with self.daemon.suspended():
                flood()
                client = self.socket_in(self.neighbour, socket.AF_INET)
                client.setblocking(False)
                client.connect_ex((WORLD[4], 7))
            # Its kernel asks again, after one second, three, seven.
            eventually(client.getpeername, 15, "the neighbour is connected")
            self.pier("stop", "one")
            self.rests_again()
            self.pier("run", "-d", "--name", "one", "--", "sleep", "infinity")
            self.guest = self.netns_of("one")

    def test_a_flood_drops_nothing_of_its_neighbours(self):
        for flood in self.datagrams, self.syns:
            before = self.queue()[USER_DROPPED]
            for _ in range(3):
                flood()
                self.works()
            self.assertEqual(self.queue()[USER_DROPPED], before)
        self.pier("stop", "one")
        self.rests_again()


if __name__ == "__main__":
    main()
