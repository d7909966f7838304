"""What the settings file says, seen from outside."""

import socket

from harness import Case, main
from scenery import HOST, WORLD


# A port of nobody.
DIAL = "import socket, sys; socket.create_connection((sys.argv[1], 9), 10)"


class Settings(Case):
    def published(self, *options):
        return self.guest("tcp", "::", "80", options=options)

    def refused_run(self, *options):
        return self.refused("run", *options, "--", "true", status=125)

    def dig(self, name, *words):
        done = self.exec_in(name, "dig", "+short", "+tries=1", "+time=10",
                            *words)
        self.assertEqual(done.status, 0, done)
        return done.out.split()

    def read_in(self, name, path):
        done = self.exec_in(name, "cat", path)
        self.assertEqual(done.status, 0, done)
        return done.out

    # ---- [network] -------------------------------------------------------

    def test_the_guests_live_where_the_file_says(self):
        self.settle('[network]\nsubnet = "10.77.0.0/16"\n'
                    'subnet6 = "fd77::/64"\nmtu = 1400\n')
        name = self.container().name
        told = self.exec_in(name, "ip", "-o", "addr").out
        self.assertIn("10.77.0.3/16", told)
        self.assertIn("fd77::3/64", told)
        self.assertIn("mtu 1400", self.exec_in(name, "ip", "-o", "link").out)
        self.assertEqual(self.dig(name, "host.iechor.internal"),
                         ["10.77.0.254"])

    def test_further_names_are_answered(self):
        self.settle('[network]\nsuffixes = ["lab.test"]\n[network.hosts]\n'
                    '"db.example" = ["10.9.0.7", "fd09::7"]\n'
                    'printer = "10.9.0.8"\n')
        name = self.container().name
        self.assertEqual(self.dig(name, "DB.example"), ["10.9.0.7"])
        self.assertEqual(self.dig(name, "db.example", "AAAA"), ["fd09::7"])
        self.assertEqual(self.dig(name, "printer.lab.test"), ["10.9.0.8"])
        self.assertEqual(self.dig(name, "printer", "AAAA"), [])
        self.assertEqual(self.dig(name, "host.lab.test"), ["192.168.65.254"])

    def test_guests_of_one_family_have_no_other_address(self):
        for mode, own, other, dig, none in (
                ("ipv4", "192.168.65.3/24", "fd07:", "A", "AAAA"),
                ("ipv6", "fd07:b51a:cc66::3/64", "192.168.", "AAAA", "A")):
            with self.subTest(mode):
                self.settle(f'[network]\nmode = "{mode}"\n')
                run = self.guest("tcp", "::", "80", options=["-p", "8080:80"])
                told = self.exec_in(run.name, "ip", "-o", "addr").out
                self.assertIn(own, told)
                for text in (told, self.read_in(run.name, "/etc/hosts"),
                             self.read_in(run.name, "/etc/resolv.conf")):
                    self.assertNotIn(other, text)
                for name in ("host.iechor.internal", run.name):
                    self.assertEqual(len(self.dig(run.name, name, dig)), 1)
                    self.assertEqual(self.dig(run.name, name, none), [])
                # Clients of both families are served all the same.
                for address in ("127.0.0.1", "::1"):
                    self.assert_greets(address, 8080, "80")
                (row,) = self.pier("ps", "--json").json()
                self.assertNotIn(other, str(row["address"]))
                self.assertIn(own.partition("/")[0], self.pier("tree").out)
                self.pier("stop", run.name)

    def test_guests_of_one_family_reach_the_world_in_it(self):
        for mode, version in (("ipv4", 4), ("ipv6", 6)):
            with self.subTest(mode):
                self.settle(f'[network]\nmode = "{mode}"\n')
                run = self.container()
                for to, told in ((WORLD[version], "refused"),
                                 (WORLD[10 - version], "unreachable")):
                    done = self.exec_in(run.name, "python3", "-c", DIAL, to)
                    self.assertIn(told, done.err)

    # ---- [ports] -----------------------------------------------------------

    def test_local_ports_are_nobody_elses(self):
        self.settle('[ports]\nbind = "local"\n')
        self.published("-p", "8080:80", "-p", "0.0.0.0:8081:80")
        for address in ("127.0.0.1", "::1"):
            self.assert_greets(address, 8080, "80")
        for address in (HOST[4], HOST[6]):
            self.assert_refused(address, 8080)
        self.assert_greets(HOST[4], 8081, "80")

    def test_where_only_local_ports_may_be_others_are_refused_in_words(self):
        self.settle('[ports]\nbind = "local-only"\n')
        said = self.refused_run("-p", "0.0.0.0:8080:80")
        self.assertIn('Bind for 0.0.0.0:8080 is forbidden: ports.bind is '
                      '"local-only"', said)
        self.assert_free(8080)
        name = self.published("-p", "8080:80").name
        self.assertEqual(self.pier("port", name, "80").out.split(),
                         ["127.0.0.1:8080", "[::1]:8080"])
        said = self.refused("publish", name, f"{HOST[4]}:8082:80")
        self.assertIn("ports.bind", said)

    def test_a_bind_that_is_not_allowed_is_refused_in_words(self):
        self.settle('[ports]\nallowed_binds = ["127.0.0.0/8"]\n')
        self.assertIn("ports.allowed_binds", self.refused_run("-p", "8080:80"))
        self.published("-p", "127.0.0.1:8080:80")
        self.assert_greets("127.0.0.1", 8080, "80")

    def test_random_ports_come_from_their_range(self):
        self.settle('[ports]\nrandom_range = "30100-30101"\n')
        name = self.published("-p", "80", "-p", "81").name
        numbers = {line.rpartition(":")[2]
                   for line in self.pier("port", name).out.split("\n") if line}
        self.assertEqual(numbers, {"30100", "30101"})
        self.assertIn("none of 30100-30101 is free", self.refused_run("-p", "80"))

    def test_the_queue_of_a_port_is_as_long_as_the_file_says(self):
        self.settle('[ports]\nbacklog = 7\n')
        self.published("-p", "8080:80")
        self.assert_greets("127.0.0.1", 8080, "80")
        rows = self.host.net("ss", "-Hltn", "sport", "=", ":8080").split("\n")
        self.assertEqual({row.split()[2] for row in rows if row}, {"7"})

    # ---- Who wins ----------------------------------------------------------

    def test_pierd_obeys_its_line_before_its_file(self):
        path = self.person.folder / "lab.toml"
        path.write_text('[network]\nsubnet = "10.77.0.0/16"\nmtu = 1400\n')
        daemon = self.start("pierd", "--settings", path, "--subnet",
                            "10.78.0.0/16")
        daemon.until_said("\n")
        name = self.fresh_name()
        self.pier("run", "-d", "--name", name, "--", "sleep", "infinity")
        self.assertIn("10.78.0.3/16", self.exec_in(name, "ip", "-o", "addr").out)
        self.assertIn("mtu 1400", self.exec_in(name, "ip", "-o", "link").out)

    def test_a_file_with_a_mistake_starts_nothing(self):
        self.settle("[network]\nmtu = 70000\n")
        for said in (self.refused_run("-p", "8080:80"),
                     self.refused_run("-d", "-p", "8080:80")):
            self.assertIn("pier.toml:2:7: network.mtu: 70000 is out of range",
                          said)
        done = self.run_here("pierd")
        self.assertEqual(done.status, 125, done)
        self.assertIn("network.mtu", done.err)
        self.assert_free(8080, kind=socket.SOCK_STREAM)


if __name__ == "__main__":
    main()
