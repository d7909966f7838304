"""The section [dns], asked with dig from within a container."""

import dns_server as dns
from digger import Digger
from harness import main
from patience import eventually
from scenery import DNS, SECOND_DNS, WORLD

ZONE = {"web.test": [dns.a(WORLD[4]), dns.aaaa(WORLD[6])],
        "www.corp.test": [dns.a("10.0.0.66")]}


class Names(Digger):
    def setUp(self):
        super().setUp()
        self.names.zone = dict(ZONE)
        self.names.ask = None
        self.names.asked.clear()
        self.scene.resolve_by(DNS[4])

    def begin(self, settings=""):
        self.settle(settings)
        self.asker = self.container()

    def second(self, zone):
        return self.own(dns.NameServer(self.world.netns, SECOND_DNS[4], zone))

    # ---- Who is asked ------------------------------------------------------

    def test_the_servers_of_the_file_are_asked_and_not_the_hosts(self):
        second = self.second({"web.test": [dns.a("10.0.0.77")]})
        self.begin(f'[dns]\nupstream = ["{SECOND_DNS[4]}"]\n')
        self.assertEqual(self.short("web.test"), ["10.0.0.77"])
        self.assertEqual(self.names.asked, [])
        self.assertTrue(second.asked)

    def test_each_zone_has_its_own_servers(self):
        second = self.second({"www.corp.test": [dns.a("10.0.0.77")],
                              "corp.test": [dns.txt("inner")]})
        self.begin(f'[dns.zones]\n"corp.test" = ["{SECOND_DNS[4]}:53"]\n'
                   '"open.corp.test" = "system"\n')
        self.assertEqual(self.short("www.CORP.test"), ["10.0.0.77"])
        self.assertEqual(self.short("corp.test", "TXT"), ['"inner"'])
        self.assertEqual(self.short("web.test"), [WORLD[4]])
        self.assertEqual(self.code("a.open.corp.test"), "NXDOMAIN")
        self.assertEqual({name for name, *_ in second.asked},
                         {"www.corp.test", "corp.test"})
        self.assertEqual({name for name, *_ in self.names.asked},
                         {"web.test", "a.open.corp.test"})

    # ---- The cache -----------------------------------------------------------

    def test_a_name_is_asked_for_once_while_its_answer_lives(self):
        self.begin()
        first = self.dig("web.test")
        again = self.dig("+tcp", "WEB.test")
        self.assertIn(WORLD[4], again)
        self.assertEqual(len(self.names.questions("web.test")), 1)
        self.assertIn("flags: qr rd ra", first)
        # Another type and another bit are other questions.
        self.assertEqual(self.short("web.test", "AAAA"), [WORLD[6]])
        self.assertEqual(self.short("+dnssec", "web.test"), [WORLD[4]])
        self.assertEqual(len(self.names.questions("web.test")), 3)

    def test_without_a_cache_every_question_is_asked(self):
        self.begin("[dns]\ncache_entries = 0\n")
        for _ in range(3):
            self.assertEqual(self.short("web.test"), [WORLD[4]])
        self.assertEqual(len(self.names.questions("web.test")), 3)

    def test_new_resolvers_make_an_old_answer_void(self):
        self.second({"web.test": [dns.a("10.0.0.77")]})
        self.begin()
        self.assertEqual(self.short("web.test"), [WORLD[4]])
        self.scene.resolve_by(SECOND_DNS[4])
        eventually(lambda: self.short("web.test") == ["10.0.0.77"], 5)
        self.scene.resolve_by(DNS[4])
        eventually(lambda: self.short("web.test") == [WORLD[4]], 5)
        self.assertEqual(len(self.names.questions("web.test")), 2)

    def test_a_failure_is_not_kept(self):
        self.begin()
        self.names.ask = lambda query, _: dns.answer(query, [], dns.SERVFAIL)
        self.assertEqual(self.code("web.test"), "SERVFAIL")
        self.names.ask = None
        self.assertEqual(self.short("web.test"), [WORLD[4]])

    # ---- Which addresses -----------------------------------------------------

    def test_ipv6_addresses_are_told_while_the_host_has_a_route(self):
        self.begin()
        route = "default", "via", "fd99:d5::1"
        self.assertEqual(self.short("web.test", "AAAA"), [WORLD[6]])
        self.host.net("ip", "-6", "route", "del", *route)
        try:
            told = self.dig("web.test", "AAAA")
            self.assertIn("status: NOERROR", told)
            self.assertIn("ANSWER: 0", told)
            self.assertEqual(self.short("web.test"), [WORLD[4]])
            self.assertEqual(self.short("host.iechor.internal", "AAAA"),
                             ["fd07:b51a:cc66::254"])
        finally:
            self.host.net("ip", "-6", "route", "add", *route)
        self.assertEqual(self.short("web.test", "AAAA"), [WORLD[6]])

    def test_one_family_alone_if_the_file_says_so(self):
        self.begin('[dns]\naddresses = "ipv6"\n')
        self.assertEqual(self.short("web.test", "A"), [])
        self.assertEqual(self.short("web.test", "AAAA"), [WORLD[6]])
        self.assertEqual(self.names.questions("web.test"),
                         [("web.test", dns.AAAA, "udp")])

    # ---- Static records ------------------------------------------------------

    def test_static_records_are_answered_here(self):
        self.begin('[dns.records]\n'
                   '"db.lab" = ["A 10.1.1.1", "AAAA fd11::1", "TXT a b"]\n'
                   '"_x._tcp.db.lab" = ["SRV 1 2 443 db.lab"]\n'
                   '"*.dev.lab" = ["A 10.1.1.2"]\n'
                   '"alias.lab" = ["CNAME db.lab"]\n'
                   '"out.lab" = ["CNAME web.test"]\n')
        self.assertEqual(self.short("DB.lab"), ["10.1.1.1"])
        self.assertEqual(self.short("db.lab", "AAAA"), ["fd11::1"])
        self.assertEqual(self.short("db.lab", "TXT"), ['"a b"'])
        self.assertEqual(self.short("_x._tcp.db.lab", "SRV"),
                         ["1 2 443 db.lab."])
        self.assertEqual(self.short("a.b.dev.lab"), ["10.1.1.2"])
        self.assertEqual(self.short("alias.lab"), ["db.lab.", "10.1.1.1"])
        told = self.dig("db.lab", "MX")
        self.assertIn("status: NOERROR", told)
        self.assertIn("ANSWER: 0", told)
        self.assertEqual(self.names.asked, [])
        for _ in range(2):
            self.assertEqual(self.short("out.lab"), ["web.test.", WORLD[4]])
        self.assertEqual(len(self.names.questions("web.test")), 1)


if __name__ == "__main__":
    main()
