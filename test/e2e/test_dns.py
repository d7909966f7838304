"""Names, asked with dig from within a container."""

import socket
import struct

import dns_server as dns
from digger import Digger
from harness import main
from patience import eventually, now
from scenery import DNS, SECOND_DNS, WORLD

GATEWAY, HOST = "192.168.65.1", "192.168.65.254"
GATEWAY6, HOST6 = "fd07:b51a:cc66::1", "fd07:b51a:cc66::254"

ZONE = {
    "web.test": [dns.a(WORLD[4]), dns.aaaa(WORLD[6])],
    "text.test": [dns.txt("v=spf1 -all"), dns.mx(10, "mail.test"),
                  dns.srv(1, 2, 443, "web.test")],
    "long.test": [dns.txt("x" * 200 + str(n)) for n in range(5)],
    "huge.test": [dns.txt("x" * 250 + str(n)) for n in range(60)],
    "80.0.99.10.in-addr.arpa": [dns.ptr("web.test")],
    "empty.test": [dns.a("10.0.0.9")],
}


class Dns(Digger):
    def setUp(self):
        super().setUp()
        self.names.zone = dict(ZONE)
        self.names.ask = None
        self.names.asked.clear()
        self.scene.resolve_by(DNS[4])
        self.asker = self.container()
        self.netns = self.netns_of(self.asker.name)

    def ask_once(self, query, over="udp"):
        """Sends raw bytes from the container's namespace."""
        kind = socket.SOCK_DGRAM if over == "udp" else socket.SOCK_STREAM
        client = self.socket_in(self.netns, socket.AF_INET, kind, within=3)
        client.connect((GATEWAY, 53))
        client.send(query)
        return client.recv(65536)

    def test_dig_asks_the_gateway_in_a_container_of_its_own(self):
        done = self.succeeds("pier", "run", "--", "dig", "web.test")
        self.assertIn(f"SERVER: {GATEWAY}#53", done.out)
        self.assertIn(WORLD[4], done.out)

    # ---- Ours ----------------------------------------------------------------

    def test_the_gateway_and_the_host_have_names_under_both_suffixes(self):
        for suffix in "iechor.internal", "docker.internal":
            for name, v4, v6 in (("host", HOST, HOST6),
                                 ("gateway", GATEWAY, GATEWAY6)):
                self.assertEqual(self.short(f"{name}.{suffix}", "A"), [v4])
                self.assertEqual(self.short(f"{name}.{suffix}", "AAAA"), [v6])
        self.assertEqual(self.names.asked, [])

    def test_our_names_are_said_in_any_case_and_have_no_other_types(self):
        self.assertEqual(self.short("HOST.iEchor.Internal", "A"), [HOST])
        told = self.dig("host.iechor.internal", "MX")
        self.assertIn("status: NOERROR", told)
        self.assertIn("ANSWER: 0", told)

    def test_an_unknown_name_of_ours_does_not_leave_the_house(self):
        self.assertEqual(self.code("nobody.iechor.internal", "A"), "NXDOMAIN")
        self.assertEqual(self.names.asked, [])

    def test_our_addresses_have_names(self):
        self.assertEqual(self.short("-x", HOST), ["host.iechor.internal."])
        self.assertEqual(self.short("-x", HOST6), ["host.iechor.internal."])

    def test_containers_know_each_other_by_name(self):
        self.asker.kill()
        self.pierd()
        self.asker = self.container()
        self.pier("run", "-d", "--name", "one", "--", "python3", "-B",
                  "/mnt/e2e/guest.py", "tcp", "::", "80")
        at = self.inspect("one")["address"]
        self.assertEqual(self.short("one", "A"), [at["v4"]])
        self.assertEqual(self.short("one", "AAAA"), [at["v6"]])
        self.assertEqual(self.short("-x", at["v4"])[0].split(".")[0], "one")
        done = self.succeeds("pier", "run", "--", "sh", "-c", (
            "for n in $(seq 100); do nc -N -w1 one 80 </dev/null && break;"
            " done"))
        self.assertEqual(done.out, "80\n", done)
        self.pier("stop", "one")
        self.assertEqual(self.short("one", "A"), [])

    # ---- Everything else -----------------------------------------------------

    def test_every_type_is_passed_on(self):
        self.assertEqual(self.short("web.test", "A"), [WORLD[4]])
        self.assertEqual(self.short("web.test", "AAAA"), [WORLD[6]])
        self.assertEqual(self.short("text.test", "TXT"), ['"v=spf1 -all"'])
        self.assertEqual(self.short("text.test", "MX"), ["10 mail.test."])
        self.assertEqual(self.short("text.test", "SRV"), ["1 2 443 web.test."])
        self.assertEqual(len(self.short("text.test", "ANY", "+notcp")), 3)
        self.assertEqual(self.short("-x", "10.99.0.80"), ["web.test."])

    def test_a_name_that_is_not_is_not(self):
        self.assertEqual(self.code("nowhere.test", "A"), "NXDOMAIN")

    def test_edns_goes_through(self):
        self.assertEqual(self.short("+bufsize=1232", "+dnssec", "web.test"),
                         [WORLD[4]])
        self.assertEqual(len(self.short("+bufsize=4096", "+ignore",
                                        "long.test", "TXT")), 5)

    def test_large_answers_come_whole(self):
        self.assertEqual(len(self.short("+noedns", "long.test", "TXT")), 5)
        self.assertEqual(len(self.short("+bufsize=4096", "huge.test", "TXT")),
                         60)

    def test_a_small_asker_is_told_that_the_answer_is_cut(self):
        told = self.dig("+noedns", "+ignore", "long.test", "TXT")
        self.assertIn(" tc", told.partition("flags:")[2].partition(";")[0])

    def test_queries_over_tcp_are_answered(self):
        self.assertEqual(self.short("+tcp", "web.test", "A"), [WORLD[4]])
        self.assertEqual(self.short("+tcp", "host.iechor.internal"), [HOST])
        self.assertEqual(len(self.short("+tcp", "huge.test", "TXT")), 60)

    # ---- Bad days ------------------------------------------------------------

    def test_a_silent_upstream_is_a_failure_not_a_no(self):
        self.names.ask = lambda query, over_tcp: b""
        self.assertEqual(self.code("web.test", "A"), "SERVFAIL")

    def test_an_upstream_that_is_not_there_is_a_failure(self):
        self.scene.resolve_by(WORLD[4])
        self.assertEqual(self.code("web.test", "A"), "SERVFAIL")

    def test_of_two_upstreams_one_may_be_dead(self):
        second = self.own(dns.NameServer(self.world.netns, SECOND_DNS[4],
                                         ZONE))
        self.names.ask = lambda query, over_tcp: b""
        self.scene.resolve_by(DNS[4], SECOND_DNS[4])
        self.assertEqual(self.short("web.test", "A"), [WORLD[4]])
        begun = now()
        self.assertEqual(self.short("web.test", "A"), [WORLD[4]])
        self.assertLess(now() - begun, 2.5)
        self.assertTrue(second.asked)

    def test_a_failing_upstream_does_not_hide_a_working_one(self):
        self.own(dns.NameServer(self.world.netns, SECOND_DNS[4], ZONE))
        self.names.ask = lambda query, over_tcp: dns.answer(
            query, [], dns.SERVFAIL)
        self.scene.resolve_by(DNS[4], SECOND_DNS[4])
        self.assertEqual(self.short("web.test", "A"), [WORLD[4]])

    def test_a_new_resolv_conf_counts_at_once_under_a_running_container(self):
        self.own(dns.NameServer(self.world.netns, SECOND_DNS[4],
                                {"web.test": [dns.a("10.0.0.77")]}))
        resolver = self.ask_in_asker
        self.assertEqual(resolver(), WORLD[4])
        self.scene.resolve_by(SECOND_DNS[4])
        eventually(lambda: resolver() == "10.0.0.77", 5)
        self.scene.resolve_by(DNS[4])
        eventually(lambda: resolver() == WORLD[4], 5)

    def test_the_hosts_new_resolv_conf_does_not_take_the_containers_place(self):
        for _ in range(3):
            self.scene.resolve_by(SECOND_DNS[4])
            told = self.exec_in(self.asker.name, "cat", "/etc/resolv.conf").out
            self.assertIn(f"nameserver {GATEWAY}\n", told)

    def ask_in_asker(self):
        query = self.query("web.test")
        told = self.ask_once(query)
        return ".".join(str(octet) for octet in told[-4:])

    @staticmethod
    def query(name, kind=dns.A, number=0x1234):
        return (struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0)
                + dns.name(name) + struct.pack("!HH", kind, 1))

    def test_a_resolv_conf_full_of_rubbish_is_survived(self):
        for text in (b"\0\xff" * 4000, b"nameserver\nnameserver 1.2.3\n",
                     b"nameserver " + b"9" * 100000, b"", None):
            self.scene.write_resolv_conf(text)
            self.assertEqual(self.code("host.iechor.internal"), "NOERROR")
            self.assertEqual(self.code("web.test"), "SERVFAIL")
            self.scene.resolve_by(DNS[4])
        self.assertEqual(self.short("web.test", "A"), [WORLD[4]])

    def test_a_good_line_among_rubbish_counts(self):
        self.scene.write_resolv_conf(
            b"\xff\xfe what\nnameserver\n  nameserver\t" + DNS[4].encode()
            + b"  # ours\noptions \0\n")
        self.assertEqual(self.short("web.test", "A"), [WORLD[4]])

    # ---- Bad packets ---------------------------------------------------------

    def test_malformed_queries_do_no_harm(self):
        good = self.query("web.test")
        for bad in (b"", b"\0", good[:11], good[:-3], good[:13],
                    good[:12] + b"\xc0\x0c\0\1\0\1",
                    good[:12] + b"\x3f" + b"a" * 20, b"\xff" * 512,
                    good[:4] + b"\xff\xff" + good[6:]):
            with self.subTest(bad=bad):
                try:
                    told = self.ask_once(bad)
                    self.assertGreaterEqual(len(told), 12)
                    self.assertNotEqual(told[3] & 15, dns.NXDOMAIN)
                except (TimeoutError, ConnectionError):
                    pass  # silence is an answer too
            self.assertEqual(self.ask_in_asker(), WORLD[4])

    def test_a_reply_that_was_not_asked_for_is_not_believed(self):
        self.names.ask = lambda query, over_tcp: b""

        def forge(liar, query, client):
            lie = dns.answer(query, [dns.a("6.6.6.6")])
            liar.other.sendto(lie, client)  # from another port
            liar.send(bytes([lie[0] ^ 1]) + lie[1:], client)
            number = int.from_bytes(query[:2], "big")
            liar.send(dns.answer(self.query("other.test", number=number),
                                 [dns.a("6.6.6.6")]), client)
            liar.send(lie[:14], client)
            liar.send(dns.answer(query, [dns.a("10.0.0.1")]), client)

        self.own(dns.Liar(self.world.netns, SECOND_DNS[4], forge))
        self.scene.resolve_by(SECOND_DNS[4])
        self.assertEqual(self.short("web.test", "A"), ["10.0.0.1"])

    def test_a_truncated_tcp_query_does_no_harm(self):
        client = self.socket_in(self.netns, socket.AF_INET, within=5)
        client.connect((GATEWAY, 53))
        client.send(b"\xff\xff\x12\x34")
        self.assertEqual(self.ask_in_asker(), WORLD[4])
        client.close()
        self.assertEqual(self.short("+tcp", "web.test", "A"), [WORLD[4]])


if __name__ == "__main__":
    main()
