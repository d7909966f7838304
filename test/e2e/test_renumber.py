"""The guests' addresses change while everything runs: whoever is bound to an old
one hears so at once, nobody else hears anything, and no published port stops."""

import functools
import os
import random
import socket

from books import Books
from forward_case import forward
from hammer import Hammer
from harness import main
from namespaces import inside
from patience import eventually, stays
from reloading import Reloading
from scenery import WORLD

OTHER = '[network]\nsubnet = "10.7.0.0/24"\nsubnet6 = "fd11:22::/64"\n'
OLD4, NEW4 = "192.168.65.", "10.7.0."
PORT = 8080
KILLS = int(os.environ.get("PIER_RELOADS", "6"))


class Renumber(Reloading):
    def server(self, name="web", address="::"):
        return self.guest("tcp", address, "80", name=name,
                          options=("-p", f"{PORT}:80"))

    def addresses(self, name):
        said = self.exec_in(name, "ip", "-o", "addr", "show", "scope",
                            "global").out
        return {words.split()[3] for words in said.splitlines()}

    def move(self, text=OTHER):
        """Answers when everything has moved."""
        self.resettle(text)
        return self.pier("settings", "reload")

    def lives_at(self, name, subnet):
        return functools.partial(
            lambda: any(each.startswith(subnet)
                        for each in self.addresses(name)))

    def peer(self, port=77):
        """Somebody in the world who takes one client and holds on to it."""
        with inside(self.world.netns):
            door = self.own(socket.create_server((WORLD[4], port)))
        door.settimeout(20)
        return door

    def foretold(self, text):
        other = self.person.folder / "other.toml"
        other.write_text(text)
        return self.pier("settings", "diff", other).out

    # ---- Everything ----------------------------------------------------------

    def test_everybody_moves_and_names_answer_anew(self):
        self.begin("# As by default.\n")
        self.container("--add-host", "me.test:host-gateway", name="db")
        self.exec_in("db", "sh", "-c", "echo 10.9.0.9 mine.test >>/etc/hosts")
        self.server()
        self.move()
        self.assertEqual(self.addresses("db"), {"10.7.0.3/24",
                                                "fd11:22::3/64"})
        self.assertEqual(self.inspect("web")["address"]["v4"], "10.7.0.4")
        self.assertEqual(self.dig("db", "web"), ["10.7.0.4"])
        self.assertEqual(self.dig("web", "db", "AAAA"), ["fd11:22::3"])
        self.assertEqual(self.dig("web", "gateway.iechor.internal"),
                         ["10.7.0.1"])
        self.assertEqual(self.dig("db", "host.iechor.internal"),
                         ["10.7.0.254"])
        eventually(lambda: "10.7.0.3\tdb" in self.exec_in(
            "db", "cat", "/etc/hosts").out, 10, "the hosts file")
        # What was written for the host, and what somebody has added inside.
        for text in "10.7.0.254\tme.test\n", "10.9.0.9 mine.test\n":
            self.assertIn(text, self.exec_in("db", "cat", "/etc/hosts").out)
        self.assertIn("10.7.0.254", self.succeeds(
            "pier", "run", "--add-host", "me.test:host-gateway", "--",
            "getent", "hosts", "me.test").out)
        eventually(lambda: "nameserver 10.7.0.1\n" in self.exec_in(
            "db", "cat", "/etc/resolv.conf").out, 10, "resolv.conf")
        self.assertEqual(self.exec_in("db", "getent", "ahostsv4", "web").status,
                         0)
        for at in WORLD.values():
            self.connect(at, 7, self.netns_of("db")).close()
        self.assert_greets("127.0.0.1", PORT, "80")
        self.assert_greets("::1", PORT, "80")
        self.assert_greets("10.7.0.4", 80, "80", self.netns_of("db"))
        with inside(self.host.netns):
            own = self.own(socket.create_server(("127.0.0.1", 99)))
        self.connect("10.7.0.254", 99, self.netns_of("db"))
        own.settimeout(10)
        own.accept()[0].close()
        # And back.
        self.pier("settings", "rollback")
        self.assertEqual(self.addresses("db"), {
            "192.168.65.3/24", "fd07:b51a:cc66::3/64"})
        self.assertEqual(self.dig("web", "db"), ["192.168.65.3"])
        self.assert_greets("127.0.0.1", PORT, "80")

    def test_flows_end_by_rst_on_both_sides_and_are_counted(self):
        daemon = self.begin("", "db")
        self.server()
        door = self.peer()
        out = self.connect(WORLD[4], 77, self.netns_of("db"))
        far = self.own(door.accept()[0])
        client = self.connect("127.0.0.1", PORT)
        self.assertEqual(client.recv(64), b"80\n")
        beside = self.connect("192.168.65.4", 80, self.netns_of("db"))
        self.assertEqual(beside.recv(64), b"80\n")
        self.assertIn("2 connections would end", self.foretold(OTHER))
        self.move()
        daemon.until_said("the change has ended 2 flows",
                          where="stderr")
        for each in out, far, client:
            each.settimeout(5)
            with self.assertRaises(ConnectionResetError):
                each.recv(1)
        # Guests among themselves: the kernel ends it where it stands.
        beside.settimeout(5)
        with self.assertRaises((ConnectionResetError, ConnectionAbortedError)):
            beside.recv(1)

    def test_a_forward_leads_to_where_its_container_lives_then(self):
        way = forward("127.0.0.1:8081", "web:80")
        self.begin(way)
        self.guest("tcp", "::", "80", name="web")
        self.assertEqual(self.greeting("127.0.0.1", 8081), "80")
        held = self.connect("127.0.0.1", 8081)
        self.assertEqual(held.recv(64), b"80\n")
        self.move(OTHER + way)
        held.settimeout(5)
        with self.assertRaises(ConnectionResetError):
            held.recv(1)
        self.assertEqual(self.greeting("127.0.0.1", 8081), "80")

    def test_a_published_port_refuses_nobody_meanwhile(self):
        self.begin("")
        self.server()
        self.assert_greets("127.0.0.1", PORT, "80")
        hammer = Hammer(self.host.netns, PORT)
        self.addCleanup(hammer.close)
        for text in (OTHER, "", OTHER):
            hammer.is_served()
            before = hammer.reset
            self.move(text)
            hammer.is_served()
            # The one that was there.
            self.assertLessEqual(hammer.reset - before, 1)
        self.assertEqual(hammer.refused, 0)

    # ---- Only what differs ---------------------------------------------------

    def test_only_the_family_that_differs_moves(self):
        self.begin("", "web")
        four = self.flow("web")
        six = self.connect(WORLD[6], 7, self.netns_of("web"))
        text = '[network]\nsubnet6 = "fd11:22::/64"\n'
        self.assertIn("1 connection would end", self.foretold(text))
        self.move(text)
        self.assertTrue(four.goes_on(), four.lost)
        with self.assertRaises(ConnectionResetError):
            six.recv(1)
        self.assertEqual(self.addresses("web"), {
            "192.168.65.3/24", "fd11:22::3/64"})
        self.assertEqual(self.dig("web", "web", "AAAA"), ["fd11:22::3"])

    def test_an_mtu_ends_nothing(self):
        self.begin("", "web")
        flow = self.flow("web")
        self.move("[network]\nmtu = 1400\n")
        self.assertTrue(flow.goes_on(), flow.lost)
        self.assertIn("mtu 1400", self.exec_in(
            "web", "ip", "link", "show", "eth0").out)

    def test_a_family_comes_and_goes(self):
        self.begin('[network]\nmode = "ipv4"\n', "web")
        flow = self.flow("web")
        self.assertEqual(self.addresses("web"), {"192.168.65.3/24"})
        self.move("")
        self.assertEqual(self.addresses("web"), {
            "192.168.65.3/24", "fd07:b51a:cc66::3/64"})
        self.connect(WORLD[6], 7, self.netns_of("web")).close()
        self.assertTrue(flow.goes_on(), flow.lost)
        self.move('[network]\nmode = "ipv6"\n')
        self.assertEqual(self.addresses("web"), {"fd07:b51a:cc66::3/64"})
        eventually(lambda: flow.lost, 10, "the end")
        self.assertEqual(self.dig("web", "-6", "web"), [])

    # ---- What cannot be ------------------------------------------------------

    def test_a_network_in_the_way_of_a_route_is_refused(self):
        self.begin("", "web")
        self.resettle('[network]\nsubnet = "10.213.0.0/16"\n')
        said = self.refused("settings", "reload")
        self.assertIn("network.subnet: 10.213.0.0/16 overlaps the host's route "
                      "10.213.0.0/24 dev ", said)
        self.assertIn("; choose another, such as ", said)
        self.assertEqual(self.addresses("web"), {
            "192.168.65.3/24", "fd07:b51a:cc66::3/64"})

    def test_a_network_that_is_too_small_is_refused_with_numbers(self):
        self.begin("", *(f"c{number}" for number in range(12)))
        self.resettle('[network]\nsubnet = "10.7.0.0/28"\n')
        self.assertIn("10.7.0.0/28 has room for 11 containers, and 12 are "
                      "there", self.refused("settings", "reload"))

    def test_a_guest_whose_number_does_not_fit_moves_with_its_link(self):
        self.begin("")
        for _ in range(12):
            self.pier("run", "-d", "--name", "web", "--", "sleep", "infinity")
            self.pier("stop", "web")
        self.pier("run", "-d", "--name", "web", "--", "sleep", "infinity")
        self.resettle('[network]\nsubnet = "10.7.0.0/28"\n')
        self.pier("settings", "reload")
        self.assertIn("10.7.0.3/28", self.addresses("web"))
        self.flow("web")
        self.pier("stop", "web")
        self.assertIn("each with its owner", self.pier("audit").out)

    def test_pierd_does_not_start_in_the_way_of_a_route(self):
        self.settle('[network]\nsubnet = "10.213.0.0/24"\n')
        done = self.run_here("pierd")
        self.assertNotEqual(done.status, 0)
        self.assertIn("overlaps the host's route", done.err)

    def test_a_default_gives_way_to_a_route_loudly(self):
        self.route("192.168.0.0/16")
        daemon = self.begin("", "web")
        self.assertIn("192.168.65.0/24 overlaps the host's route "
                      "192.168.0.0/16 dev ", daemon.err)
        self.assertEqual(self.addresses("web"), {
            "172.31.0.3/24", "fd07:b51a:cc66::3/64"})
        # Nor does it come back with the next text.
        self.move('[network.hosts]\n"db.lab" = "10.9.0.7"\n')
        self.assertEqual(self.dig("web", "db.lab"), ["10.9.0.7"])
        self.connect(WORLD[4], 7, self.netns_of("web")).close()

    def test_a_route_that_comes_later_is_told_of(self):
        daemon = self.begin("", "web")
        self.route("192.168.65.128/25")
        daemon.until_said("192.168.65.0/24 overlaps the host's route "
                          "192.168.65.128/25 dev ", where="stderr")

    def route(self, to):
        self.host.sh(f"ip route add {to} via 10.213.0.1")
        self.addCleanup(self.host.sh, f"ip route del {to}")

    # ---- What dies over it ---------------------------------------------------

    def test_a_keeper_that_is_killed_over_it_is_followed_by_another(self):
        daemon = self.begin("", "db")
        self.server()
        books = Books(self, daemon)
        chance = random.Random(4)
        for text, subnet in ((OTHER, NEW4), ("", OLD4)) * 3:
            self.resettle(text)
            stays(lambda: True, chance.uniform(0, 0.06))
            books.kill_keeper()
            for name in "db", "web":
                eventually(self.lives_at(name, subnet), 20, "it has moved")
            self.assert_greets("127.0.0.1", PORT, "80")
            eventually(lambda: self.dig("db", "web"), 10, "names")

    def test_an_actor_that_dies_over_it_finds_it_done(self):
        self.begin("", "db")
        self.server()
        for path in ("gateway", "dns", "containers", "containers/web",
                     "containers/web/sessions", "root"):
            for text, subnet in ((OTHER, NEW4), ("", OLD4)):
                self.resettle(text)
                self.run_here("pier", "fault", path)
                for name in "db", "web":
                    eventually(self.lives_at(name, subnet), 20, path)
                self.assert_greets("127.0.0.1", PORT, "80")
                eventually(lambda: self.dig("db", "web")[0].startswith(subnet),
                           10, path)

    def test_pierd_that_is_killed_over_it_starts_whole(self):
        chance = random.Random(7)
        self.begin("").kill()
        for number in range(KILLS):
            daemon = self.pierd()
            self.container(name=f"k{number}")
            self.resettle(OTHER if number % 2 else "")
            stays(lambda: True, chance.uniform(0, 0.08))
            daemon.kill()
        self.pierd()
        self.container(name="web")
        wanted = NEW4 if KILLS % 2 == 0 else OLD4
        self.assertTrue(self.lives_at("web", wanted)())
        self.connect(WORLD[4], 7, self.netns_of("web")).close()


if __name__ == "__main__":
    main()
