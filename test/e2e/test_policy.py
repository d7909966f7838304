"""The sections [policy] and [container."NAME"]: what is forbidden reaches a
guest as forbidden, at once."""

import socket

import dns_server as dns
import servers
from harness import Case, main
from patience import now
from scenery import DNS, WORLD

AT_ONCE = 2.0  # nobody has waited for a timer
DENIED = "10.99.0.0/24", "fd99:99::/64"


class Policy(Case):
    def setUp(self):
        super().setUp()
        self.names.asked.clear()
        self.scene.resolve_by(DNS[4])

    def begin(self, settings, name="web"):
        self.settle(settings)
        self.container(name=name)

    def curl(self, *words, who="web"):
        begun = now()
        done = self.exec_in(who, "curl", "-sS", "-m", "20", *words)
        return done, now() - begun

    def serve(self):
        (self.scene.folder / "index.html").write_text("the world\n")
        for address in WORLD.values():
            self.own(servers.WebServer(self.world.netns, (address, 80),
                                       self.scene.folder))

    def code(self, name, *words, who="web"):
        told = self.exec_in(who, "dig", "+tries=1", "+time=10", name,
                            *words).out
        return told.partition("status: ")[2].partition(",")[0], told

    def forbidden(self, *words, who="web"):
        done, seconds = self.curl("-v", *words, who=who)
        self.assertEqual(done.status, 7, done)
        self.assertLess(seconds, AT_ONCE)
        return done.err

    def reaches(self, *words, who="web"):
        done, _ = self.curl(*words, who=who)
        self.assertEqual((done.status, done.out), (0, "the world\n"), done)

    # ---- Deny ----------------------------------------------------------------

    def test_curl_hears_at_once_that_a_network_is_denied(self):
        self.serve()
        self.begin(f'[policy]\ndeny = ["{DENIED[0]} tcp 80", "{DENIED[1]}"]\n')
        # ICMP 3/13 is EHOSTUNREACH to Linux, ICMPv6 1/1 is EACCES.
        self.assertIn("No route to host", self.forbidden(f"http://{WORLD[4]}/"))
        self.assertIn("Permission denied",
                      self.forbidden(f"http://[{WORLD[6]}]/"))
        client = self.connect(WORLD[4], 7, self.netns_of("web"))
        client.sendall(b"hello")
        self.assertEqual(client.recv(64), b"hello")
        told = self.pier("tree").out
        self.assertIn(f'forbidden by policy.deny "{DENIED[1]}"', told)

    def test_pings_are_denied_too(self):
        self.begin('[policy]\ndeny = ["any icmp"]\n')
        done = self.exec_in("web", "ping", "-c1", "-W2", WORLD[4])
        self.assertNotEqual(done.status, 0)
        self.assertIn("filtered", done.out + done.err)

    def test_a_denied_name_is_refused_and_nobody_is_asked(self):
        self.begin('[policy]\ndeny = ["*.ads.test", "web.test"]\n')
        code, told = self.code("a.ads.test")
        self.assertEqual(code, "REFUSED")
        self.assertIn("EDE: 15 (Blocked)", told)
        self.assertEqual(self.code("web.test")[0], "REFUSED")
        self.assertEqual(self.names.asked, [])
        self.assertEqual(self.code("nowhere.test")[0], "NXDOMAIN")

    def test_a_containers_own_word_goes_before(self):
        self.serve()
        self.begin(f'[policy]\ndeny = ["{DENIED[0]}"]\n'
                   f'[container.web]\nallow = ["{WORLD[4]}"]\n')
        self.container(name="db")
        self.reaches(f"http://{WORLD[4]}/")
        self.forbidden(f"http://{WORLD[4]}/", who="db")

    # ---- The air gap ---------------------------------------------------------

    def test_behind_an_air_gap_only_the_house_is_there(self):
        self.serve()
        self.own(servers.Server(self.host.netns, ("127.0.0.1", 4242),
                                servers.echo))
        self.begin("[policy]\nair_gap = true\n")
        self.forbidden(f"http://{WORLD[4]}/")
        self.forbidden(f"http://[{WORLD[6]}]/")
        self.forbidden("http://192.168.65.254:4242/")
        self.assertEqual(self.code("web.test")[0], "REFUSED")
        self.assertEqual(self.code("host.iechor.internal")[0], "NOERROR")
        self.assertEqual(self.names.asked, [])

    def test_what_a_name_allows_is_reached_through_the_air_gap(self):
        self.serve()
        self.begin('[policy]\nair_gap = true\nallow = ["web.test tcp 80"]\n')
        self.forbidden(f"http://{WORLD[4]}/")
        for option in "-4", "-6":
            self.reaches(option, "http://web.test/")
        self.reaches(f"http://{WORLD[4]}/")  # the name's address, now
        self.forbidden("http://web.test:7/")

    def test_one_container_alone_has_an_air_gap(self):
        self.serve()
        self.begin('[container.web]\nair_gap = true\n')
        self.container(name="db")
        self.forbidden(f"http://{WORLD[4]}/")
        self.reaches(f"http://{WORLD[4]}/", who="db")

    # ---- Limits --------------------------------------------------------------

    def test_questions_beyond_their_rate_are_refused(self):
        self.names.zone["b.test"] = [dns.a("10.0.0.9")]
        self.begin("[container.web]\nqueries = 1\n")
        codes = [self.code("web.test")[0] for _ in range(2)]
        told = self.exec_in("web", "dig", "+tries=1", "web.test", "b.test",
                            "nowhere.test")
        self.assertIn("REFUSED", told.out + " ".join(codes))

    def test_connections_beyond_their_number_wait_for_room(self):
        self.begin("[container.web]\nconnections = 1\n")
        netns = self.netns_of("web")
        first = self.connect(WORLD[4], 7, netns)
        with self.socket_in(netns, socket.AF_INET, within=0.5) as beyond:
            with self.assertRaises(TimeoutError):
                beyond.connect((WORLD[4], 7))
        first.close()
        second = self.connect(WORLD[4], 7, netns)
        second.sendall(b"hello")
        self.assertEqual(second.recv(64), b"hello")


if __name__ == "__main__":
    main()
