"""A supervisor that is given little memory: it takes no more connections than
fit, whoever is accepted is served, and nobody has to be killed for it."""

import contextlib
import resource
import socket

import control_group
from books import Books
from harness import Case, main
from namespaces import inside
from patience import eventually
from scenery import WORLD
from servers import reset

MEGABYTES = 64
# 15,000 of them were in it, without a bound.
EACH = 2500
GUESTS = ("one", "two", "three")


class ExhaustionOfMemory(Case):
    def setUp(self):
        try:
            # Closed last: when nobody is left in it.
            self.limit = self.own(control_group.MemoryLimit(MEGABYTES))
        except control_group.Absent as why:
            self.skipTest(str(why))
        own = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (own[1], own[1]))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, own)
        if own[1] < len(GUESTS) * EACH + 1000:
            self.skipTest("there are not so many descriptors to be had")
        super().setUp()
        self.daemon = self.pierd(prefix=self.limit.entry())
        self.books = Books(self, self.daemon)
        for name in GUESTS:
            self.pier("run", "-d", "--name", name, "--", "sleep", "infinity")
        self.pier("run", "-d", "--name", "web", "-p", "8001:80", "--",
                  "python3", "-B", "/mnt/e2e/guest.py", "tcp", "::", "80")
        self.assert_greets("127.0.0.1", 8001, "80")

    def attempts(self, guest):
        """Many connections, of which only some can be made."""
        with inside(self.world.netns):
            server = self.own(socket.create_server((WORLD[4], 0),
                                                   backlog=4096))
        for _ in range(EACH):
            probe = self.socket_in(guest, socket.AF_INET)
            probe.setblocking(False)
            probe.connect_ex(server.getsockname())
            yield probe

    def test_no_more_is_taken_than_fits(self):
        probes = [probe for name in GUESTS
                  for probe in self.attempts(self.netns_of(name))]
        # It has all the descriptors that it allows itself, or nearly so.
        limits = (self.host.proc(self.daemon.inner_pid) / "limits").read_text()
        most = int(limits.partition("Max open files")[2].split()[0])
        eventually(lambda: self.books.lowest_free_descriptor() > most - 200,
                   30, "it is full")
        clients = [self.connect("127.0.0.1", 8001) for _ in range(200)]
        eventually(lambda: self.books.load(0.5) < 0.1, 30, "it is calm")
        self.assertLess(self.limit.megabytes(), MEGABYTES)
        for probe in probes:
            with contextlib.suppress(OSError):
                reset(probe)
        for client in clients:
            client.settimeout(30)
            self.assertEqual(client.recv(3), b"80\n")
        self.assertEqual(self.limit.kills(), 0)
        self.assertTrue(self.daemon.running)


if __name__ == "__main__":
    main()
