"""Too much of something: floods and empty tables hurt those who cause them."""

import contextlib
import os
import resource
import socket

from harness import Case, main
from patience import eventually, now, stays
from scenery import SILENT, WORLD

TICKS = os.sysconf("SC_CLK_TCK")


class Pressure(Case):
    def setUp(self):
        super().setUp()
        self.daemon = self.pierd()
        for name in "one", "two":
            self.pier("run", "-d", "--name", name, "-p",
                      f"{8001 + (name == 'two')}:80", "--", "python3", "-B",
                      "/mnt/e2e/guest.py", "tcp", "::", "80")
        for port in 8001, 8002:
            self.assert_greets("127.0.0.1", port, "80")

    def cpu(self):
        """Seconds of processor time that pierd has used."""
        stat = (self.host.proc(self.daemon.inner_pid) / "stat").read_text()
        fields = stat.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def is_calm(self, during=1.0):
        """pierd uses no more than a tenth of a core."""
        begun, used = now(), self.cpu()
        stays(lambda: True, during)
        return (self.cpu() - used) / (now() - begun) < 0.1

    def test_idle_costs_nothing(self):
        self.connect("127.0.0.1", 8001).recv(3)
        begun, used = now(), self.cpu()
        stays(lambda: True, 3)
        self.assertLess((self.cpu() - used) / (now() - begun), 0.02)

    def test_a_guest_that_floods_syns_leaves_the_others_working(self):
        netns = self.netns_of("one")
        flood = []
        with contextlib.suppress(OSError):
            for number in range(3000):
                probe = self.socket_in(netns, socket.AF_INET)
                probe.setblocking(False)
                probe.connect_ex((SILENT[4], 1024 + number))
                flood.append(probe)
        self.assertGreater(len(flood), 500)
        other = self.netns_of("two")
        for _ in range(20):
            begun = now()
            with self.connect(WORLD[4], 7, other, within=5) as client:
                client.sendall(b"x")
                self.assertEqual(client.recv(1), b"x")
            self.assertLess(now() - begun, 1)
        self.assertEqual(self.greeting("127.0.0.1", 8002), "80")
        for probe in flood:
            probe.close()

    def test_without_descriptors_accepting_pauses_and_nothing_is_lost(self):
        if self.person.user:
            self.skipTest("the limit of another user's process is not ours "
                          "to lower everywhere")
        pid = self.daemon.pid
        proc = self.host.proc(self.daemon.inner_pid)
        was = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        held = len(list((proc / "fd").iterdir()))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (held + 12, was[1]))
        try:
            clients = [self.connect("127.0.0.1", 8001) for _ in range(60)]
            self.assertTrue(self.is_calm(), "it spins")
        finally:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, was)
        for client in clients:
            client.settimeout(10)
            self.assertEqual(client.recv(3), b"80\n")
        self.assertEqual(self.greeting("127.0.0.1", 8002), "80")

    def test_a_thousand_connections_that_hang_up_at_once_leave_nothing(self):
        fds = self.host.proc(self.daemon.inner_pid) / "fd"
        before = len(list(fds.iterdir()))
        clients = [self.connect("127.0.0.1", 8001) for _ in range(400)]
        for client in clients:
            client.close()
        eventually(lambda: len(list(fds.iterdir())) <= before + 68, 15,
                   "the gateway's store of sockets breathes, no more")


if __name__ == "__main__":
    main()
