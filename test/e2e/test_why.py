"""`pier why`: each cause of failure is called by its name, and what is said is
what a client of the same destination meets."""

import socket

import servers
from harness import Case, main
from patience import eventually, now
from scenery import DNS, NO_ROUTE, SECOND_DNS, SILENT, UNREACHABLE, WORLD

HOST_NAME = "host.iechor.internal"


class Why(Case):
    def setUp(self):
        super().setUp()
        self.scene.resolve_by(DNS[4])

    def begin(self, settings="", *options):
        self.settle(settings)
        self.pierd()
        self.container(*options, name="web")

    def why(self, *words, cause, within=30.0):
        done = self.run_here("pier", "why", *words, "--json", within=within)
        told = done.json()
        self.assertEqual(told["cause"], cause, done)
        self.assertEqual(done.status, 0 if cause == "ok" else 1, done)
        self.assertTrue(told["text"])
        return told

    def steps(self, told, what):
        return [each["detail"] for each in told["steps"]
                if each["what"] == what]

    def serve(self, address=WORLD[4], port=80):
        return self.own(servers.Server(self.world.netns, (address, port),
                                       servers.echo))

    # ---- Nothing is in the way -----------------------------------------------

    def test_each_decision_on_the_way_is_told(self):
        self.serve()
        self.begin('[policy]\nallow = ["web.test tcp 80"]\n')
        told = self.why("web", "http://web.test/x", cause="ok")
        name, = [each for each in self.steps(told, "name") if WORLD[4] in each]
        self.assertIn(f"{DNS[4]}:53 by the host's resolv.conf", name)
        self.assertIn('policy.allow "web.test tcp 80"',
                      "".join(self.steps(told, "policy")))
        self.assertIn("by eth0, from 10.213.0.2, via 10.213.0.1",
                      self.steps(told, "host"))
        self.assertIn(f"{WORLD[4]}:80 answers",
                      "".join(self.steps(told, "connect")))
        self.assertIn("it is connected", "".join(self.steps(told, "verdict")))
        text = self.pier("why", "web", f"{WORLD[4]}:80").out
        self.assertIn(f"nothing is in the way: {WORLD[4]}:80 answers", text)

    def test_the_hosts_own_name_leads_to_its_loopback(self):
        self.own(servers.Server(self.host.netns, ("127.0.0.1", 4242),
                                servers.echo))
        self.begin()
        told = self.why("web", f"{HOST_NAME}:4242", cause="ok")
        self.assertIn("leads to 127.0.0.1:4242, [::1]:4242",
                      self.steps(told, "route"))

    def test_another_container_is_reached_without_pier(self):
        self.begin()
        self.container(name="db")
        self.why("web", "db:80", cause="ok")

    # ---- Names ---------------------------------------------------------------

    def test_a_name_that_does_not_exist(self):
        self.begin()
        told = self.why("web", "nowhere.test:80", cause="no_such_name")
        self.assertIn(DNS[4], told["text"])

    def test_name_servers_that_are_down(self):
        self.scene.resolve_by(SILENT[4])
        self.begin("[timeouts]\ndns = \"500ms\"\n")
        told = self.why("web", "web.test:80", cause="dns_failed")
        self.assertIn(SILENT[4], told["text"])

    def test_a_zone_of_its_own_names_its_setting(self):
        self.begin(f'[dns.zones]\n"corp.test" = ["{SECOND_DNS[4]}"]\n'
                   '[timeouts]\ndns = "500ms"\n')
        told = self.why("web", "a.corp.test:80", cause="dns_failed")
        self.assertIn(f'{SECOND_DNS[4]}:53 by dns.zones."corp.test"',
                      told["text"])

    def test_a_name_that_a_rule_forbids(self):
        self.begin('[policy]\ndeny = ["web.test"]\n')
        told = self.why("web", "web.test:80", cause="name_forbidden")
        self.assertIn('policy.deny "web.test"', told["text"])

    # ---- Rules and limits ----------------------------------------------------

    def test_an_address_that_a_network_of_a_rule_has(self):
        self.begin('[policy]\ndeny = ["10.99.0.0/24"]\n')
        told = self.why("web", "web.test:80", cause="forbidden")
        self.assertIn('policy.deny "10.99.0.0/24"', told["text"])

    def test_a_port_that_a_rule_forbids(self):
        self.serve()
        self.serve(port=81)
        self.begin('[container.web]\ndeny = ["any tcp 81"]\n')
        self.why("web", f"{WORLD[4]}:80", cause="ok")
        told = self.why("web", f"{WORLD[4]}:81", cause="forbidden")
        self.assertIn('container.web.deny "any tcp 81"', told["text"])

    def test_an_air_gap(self):
        self.begin("[policy]\nair_gap = true\n")
        self.why("web", "web.test:80", cause="air_gap")
        self.why("web", f"{WORLD[4]}:80", cause="air_gap")

    def test_a_limit_that_is_reached(self):
        self.begin("[container.web]\nconnections = 1\n")
        made = self.connect(WORLD[4], 7, self.netns_of("web"))
        told = self.why("web", f"{WORLD[4]}:7", cause="limit")
        self.assertIn("limit of connections", told["text"])
        made.close()

    def test_a_pause(self):
        self.begin()
        self.pier("pause", "web")
        self.why("web", f"{WORLD[4]}:7", cause="paused")

    # ---- The way -------------------------------------------------------------

    def test_no_route(self):
        self.begin()
        self.why("web", f"{NO_ROUTE[4]}:80", cause="no_route")

    def test_no_route_for_ipv6(self):
        self.host.net("ip", "-6", "route", "del", "default")
        self.addCleanup(self.host.net, "ip", "-6", "route", "add", "default",
                        "via", "fd99:d5::1")
        self.begin()
        told = self.why("web", f"[{WORLD[6]}]:7", cause="no_route")
        self.assertIn("no route for IPv6", told["text"])

    def test_a_host_that_is_unreachable(self):
        self.begin()
        self.why("web", f"{UNREACHABLE[4]}:80", cause="host_unreachable")

    def test_a_port_that_refuses(self):
        self.begin()
        told = self.why("web", f"{WORLD[4]}:9", cause="refused")
        self.assertIn("RST", "".join(self.steps(told, "verdict")))

    def test_silence(self):
        self.begin()
        begun = now()
        self.why("web", f"{SILENT[4]}:80", cause="timed_out")
        self.assertLess(now() - begun, 20)

    def test_the_hosts_own_name_where_nothing_listens(self):
        self.begin()
        told = self.why("web", f"{HOST_NAME}:4243", cause="nothing_listens")
        self.assertIn("127.0.0.1:4243", told["text"])

    # ---- Ports ---------------------------------------------------------------

    def published(self, address="::"):
        self.pierd()
        self.guest("tcp", address, "80", name="web", options=("-p", "8000:80"))

    def test_a_port_that_is_open_tells_of_its_last_clients(self):
        self.published()
        self.assert_greets("127.0.0.1", 8000, "80")
        for _ in range(12):
            self.assertEqual(self.greeting("127.0.0.1", 8000), "80")

        def told():
            all_of_it = self.why("8000", cause="ok")
            clients = self.steps(all_of_it, "client")
            return clients if len(clients) == 10 else None

        clients = eventually(told, 10, "ten clients")
        for each in clients:
            self.assertRegex(each, r"^127\.0\.0\.1:\d+: ok when open, after "
                                   r"\d+\.\d+ s, sent 0 B, got 3 B$")

    def test_a_port_that_another_process_has(self):
        with self.socket_in(self.host.netns, socket.AF_INET) as taken:
            taken.bind(("0.0.0.0", 8000))
            taken.listen()
            self.pierd()
            self.refused("run", "-p", "8000:80", "true", status=125)
            told = self.why("8000", cause="held_by_another")
            self.assertIn("8000/tcp", told["text"])

    def test_a_port_that_nobody_has(self):
        self.pierd()
        self.why("8000", cause="not_published")

    def test_a_port_whose_service_does_not_listen(self):
        self.pierd()
        self.container("-p", "8000:80", name="web")
        told = self.why("8000", cause="nothing_listens")
        self.assertIn("container web listens on 80/tcp", told["text"])

    def test_a_port_whose_service_listens_inside_only(self):
        self.published("127.0.0.1")
        told = self.why("8000", cause="nothing_listens")
        self.assertIn("bind it to 0.0.0.0", told["text"])

    def test_a_port_that_is_paused(self):
        self.published()
        self.pier("pause", "8000")
        self.why("8000", cause="paused")

    def test_a_forward(self):
        self.settle(f'[[forward]]\nlisten = "tcp://127.0.0.1:8080"\n'
                    f'to = "{WORLD[4]}:7"\n')
        self.pierd()
        self.why("8080", cause="ok")
        self.pier("pause", "8080")
        self.why("8080", cause="paused")

    def test_what_is_no_destination_is_refused_in_words(self):
        self.begin()
        for words in (("web", "gopher://x"), ("web", "x"), ("web", "x:0"),
                      ("80000",), ("8000-8001",)):
            self.assertRegex(self.refused("why", *words), "no destination|no port")


if __name__ == "__main__":
    main()
