"""Time that stands still, and a host that changes under load: nobody notices
more than a wait."""

import itertools
import threading

import dns_server
from books import Books
from harness import Case, main
from patience import eventually, stays
from scenery import DNS, SECOND_DNS, WORLD

ASLEEP = 20  # seconds: longer than every deadline of a flow but UDP's


class Running(Case):
    def setUp(self):
        super().setUp()
        self.daemon = self.pierd()
        self.books = Books(self, self.daemon)
        self.pier("run", "-d", "--name", "one", "-p", "8001:80", "--",
                  "python3", "-B", "/mnt/e2e/guest.py", "tcp", "::", "80")
        self.assert_greets("127.0.0.1", 8001, "80")
        self.netns = self.netns_of("one")

    def says_and_hears(self, client, text=b"alive"):
        client.settimeout(10)
        client.sendall(text)
        got = b""
        while len(got) < len(text):
            piece = client.recv(len(text) - len(got))
            self.assertTrue(piece, "it has ended")
            got += piece
        self.assertEqual(got, text)


class Standstill(Running):
    def test_a_suspended_process_goes_on_where_it_stood(self):
        inward = self.connect("127.0.0.1", 8001)
        self.assertEqual(inward.recv(3), b"80\n")
        outward = self.connect(WORLD[4], 7, self.netns)
        with self.daemon.suspended():
            late = [self.connect("127.0.0.1", 8001) for _ in range(50)]
            outward.sendall(b"posted")
            stays(lambda: True, ASLEEP)
        self.assertEqual(outward.recv(6), b"posted")
        for client in (inward, outward):
            self.says_and_hears(client)
        for client in late:
            client.settimeout(10)
            self.assertEqual(client.recv(3), b"80\n")
        self.says_and_hears(self.connect(WORLD[4], 7, self.netns))
        # No timer runs to make up for what it has missed.
        eventually(lambda: self.books.load(0.5) < 0.05, 5, "calm")
        self.assertEqual(self.pier("ps", "--json").json()[0]["state"],
                         "running")

    def test_a_suspended_keeper_costs_no_connection(self):
        client = self.connect(WORLD[4], 7, self.netns)
        with self.books.keeper_suspended():
            self.says_and_hears(client)
            self.says_and_hears(self.connect(WORLD[4], 7, self.netns))
            self.assertEqual(self.greeting("127.0.0.1", 8001), "80")
        self.pier("run", "--", "true")


class Change(Running):
    def test_addresses_and_resolvers_change_under_load(self):
        second = dns_server.NameServer(
            self.world.netns, SECOND_DNS[4],
            {"web.test": [dns_server.a(WORLD[4])]})
        self.addCleanup(second.close)
        lasting = self.connect(WORLD[4], 7, self.netns)
        over, wrong = threading.Event(), []

        def work():
            while not over.is_set():
                try:
                    self.says_and_hears(lasting)
                    with self.connect(WORLD[4], 7, self.netns) as client:
                        self.says_and_hears(client)
                    self.assertEqual(self.greeting("127.0.0.1", 8001), "80")
                except (OSError, AssertionError) as why:
                    wrong.append(why)

        worker = threading.Thread(target=work)
        worker.start()
        try:
            servers = itertools.cycle((SECOND_DNS[4], DNS[4]))
            for number in range(20):
                # One that comes and goes; the cable's own stays.
                address = f"10.213.0.{90 + number}/24"
                self.host.net("ip", "address", "add", address, "dev", "eth0")
                self.scene.resolve_by(next(servers))
                done = self.exec_in("one", "dig", "+short", "+tries=1",
                                    "+time=5", "web.test")
                self.assertEqual(done.out.strip(), WORLD[4], done)
                self.host.net("ip", "address", "del", address, "dev", "eth0")
        finally:
            over.set()
            worker.join(30)
            self.scene.resolve_by(DNS[4])
        self.assertEqual(wrong, [])
        eventually(lambda: self.books.load(0.5) < 0.05, 5, "calm")


if __name__ == "__main__":
    main()
