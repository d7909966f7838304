"""What a guest's connections meet: the world as the host sees it, refusals in
the world's own words, and never the host's loopback by a side door."""

import json
import socket
import subprocess
import time

import servers
from harness import Case, family_of, main
from patience import eventually
from scenery import (FAMILY, HOST, NO_ROUTE, PROHIBITED, SILENT, UNREACHABLE,
                     WORLD)

LATER = 0.05  # so much may the gate add to the host's own answer


class Outbound(Case):
    def setUp(self):
        super().setUp()
        self.guest_name = self.container().name
        self.netns = self.netns_of(self.guest_name)

    def meet(self, netns, address, port=9, within=5.0):
        """What becomes of a connection: (errno, seconds)."""
        probe = self.socket_in(netns, family_of(address), within=within)
        begun = time.monotonic()
        try:
            probe.connect((address, port))
            number = 0
        except TimeoutError:
            number = None
        except OSError as why:
            number = why.errno
        return number, time.monotonic() - begun

    def same_as_host(self, book, port=9):
        for address in book.values():
            told, native = self.meet(self.host.netns, address, port)
            self.meet(self.netns, address, port)
            number, seconds = self.meet(self.netns, address, port)
            self.assertEqual(number, told, address)
            self.assertLess(seconds, native + LATER, address)

    def enter_net(self, script):
        subprocess.run(["nsenter", "--net=" + self.netns, "--", "sh", "-euc",
                        script], check=True, timeout=20)

    # ---- Answers -------------------------------------------------------------

    def test_a_connection_goes_out_and_seems_the_hosts_own(self):
        for version, address in WORLD.items():
            client = self.connect(address, 7, self.netns)
            client.sendall(b"hello")
            self.assertEqual(client.recv(64), b"hello")
            self.assertEqual(self.echo[version].clients[-1][0], HOST[version])

    def test_a_flow_is_listed_while_it_runs_with_what_it_has_carried(self):
        client = self.connect(WORLD[4], 7, self.netns)
        client.sendall(b"hello")
        client.recv(64)

        def listed():
            told = self.pier("flows", self.guest_name, "--json")
            return [each for each in json.loads(told.out)
                    if each["peer_ip"] == WORLD[4] and each["peer_port"] == 7]

        own = eventually(lambda: [each for each in listed()
                                  if each["received"] == 5], 5)[0]
        self.assertEqual(own["sent"], 5)
        self.assertEqual(own["state"], "open")
        self.assertEqual(own["guest_port"], client.getsockname()[1])
        table = self.pier("flows").out.splitlines()
        self.assertIn(f"{WORLD[4]}:7", " ".join(table[1:]))
        client.close()
        eventually(lambda: not listed(), 5)

    def test_curl_fetches_a_page_by_name_over_both_families(self):
        (self.scene.folder / "index.html").write_text("the world\n")
        for address in WORLD.values():
            self.own(servers.WebServer(self.world.netns, (address, 80),
                                       self.scene.folder))
        for option in "-4", "-6":
            done = self.succeeds("pier", "run", "--rm", "--", "curl", "-sS",
                                 option, "http://web.test/")
            self.assertEqual(done.out, "the world\n")

    def test_refused_is_refused(self):
        self.same_as_host(WORLD)

    def test_curl_says_refused(self):
        done = self.run_here("pier", "run", "--", "curl", "-sS",
                             f"http://{WORLD[4]}:9/")
        self.assertEqual(done.status, 7, done)

    def test_unreachable_is_unreachable(self):
        self.same_as_host(UNREACHABLE)

    def test_forbidden_is_forbidden(self):
        self.same_as_host(PROHIBITED)

    def test_no_route_is_no_route(self):
        for address in NO_ROUTE.values():
            number, seconds = self.meet(self.netns, address)
            self.assertIn(number, (101, 113), address)
            self.assertLess(seconds, LATER)

    def test_silence_stays_silence(self):
        for address in SILENT.values():
            number, _ = self.meet(self.netns, address, within=2)
            self.assertIsNone(number, address)

    # ---- The host's loopback -------------------------------------------------

    def test_the_host_is_reached_by_its_names_on_ipv4_then_ipv6(self):
        four = self.own(servers.Server(self.host.netns, ("127.0.0.1", 5000),
                                       servers.says(b"four")))
        self.own(servers.Server(self.host.netns, ("::1", 5000),
                                servers.says(b"six")))
        self.own(servers.Server(self.host.netns, ("::1", 5001),
                                servers.says(b"only six")))
        for name in "host.iechor.internal", "host.docker.internal":
            for port, word in (5000, "four"), (5001, "only six"):
                done = self.succeeds("pier", "run", "--", "nc", "-N", "-w5",
                                     name, str(port))
                self.assertEqual(done.out, word, done)
        self.assertEqual(four.clients[-1][0], "127.0.0.1")
        done = self.run_here("pier", "run", "--", "curl", "-sS",
                             "http://host.iechor.internal:5002/")
        self.assertEqual(done.status, 7, done)

    def test_a_service_of_the_host_is_reached_over_udp(self):
        self.own(servers.UdpServer(self.host.netns, ("127.0.0.1", 5000)))
        client = self.socket_in(self.netns, socket.AF_INET, socket.SOCK_DGRAM)
        client.connect(("192.168.65.254", 5000))
        client.send(b"hello")
        self.assertEqual(client.recv(64), b"hello")

    def test_no_other_address_leads_to_the_hosts_loopback(self):
        hidden = [self.own(servers.Server(self.host.netns, (at, 5000),
                                          servers.says(b"secret")))
                  for at in ("127.0.0.1", "127.0.0.2", "::1")]
        # Not even when the guest, as its own root may, sends loopback
        # addresses out of its door.
        self.enter_net("""
            echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet
            ip rule del pref 0; ip rule add pref 100 lookup local
            ip rule add pref 50 to 127.0.0.2/32 lookup 50
            ip route add 127.0.0.2/32 via 192.168.65.1 table 50
            ip -6 rule del pref 0; ip -6 rule add pref 100 lookup local
            ip -6 rule add pref 50 to ::1/128 lookup 50
            ip -6 route add ::1/128 via fd07:b51a:cc66::1 table 50
            """)
        for address in ("127.0.0.1", "127.0.0.2", "0.0.0.0", "::1", "::",
                        "::ffff:127.0.0.1", "192.168.65.1",
                        "fd07:b51a:cc66::1"):
            with self.subTest(address=address):
                number, _ = self.meet(self.netns, address, 5000, within=1)
                self.assertNotEqual(number, 0)
        self.assertEqual(
            [client for server in hidden for client in server.clients], [])

    # ---- UDP and ICMP --------------------------------------------------------

    def test_datagrams_of_every_size_come_back(self):
        for version, address in WORLD.items():
            self.own(servers.UdpServer(self.world.netns, (address, 9000)))
            client = self.socket_in(self.netns, FAMILY[version],
                                    socket.SOCK_DGRAM)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            client.connect((address, 9000))
            for size in (0, 1, 512, 1472, 1473, 9000, 65507):
                client.send(b"x" * size)
                self.assertEqual(len(client.recv(65536)), size)

    def test_a_closed_udp_port_is_refused(self):
        for version, address in WORLD.items():
            client = self.socket_in(self.netns, FAMILY[version],
                                    socket.SOCK_DGRAM)
            client.connect((address, 9))
            client.send(b"x")
            with self.assertRaises(ConnectionRefusedError):
                client.recv(64)

    def test_a_udp_server_sees_one_client_for_a_whole_conversation(self):
        server = self.own(servers.UdpServer(self.world.netns,
                                            (WORLD[4], 9000)))
        client = self.socket_in(self.netns, socket.AF_INET, socket.SOCK_DGRAM)
        client.connect((WORLD[4], 9000))
        for number in range(20):
            client.send(b"%d" % number)
            self.assertEqual(client.recv(64), b"%d" % number)
        self.assertEqual(len(set(server.clients)), 1)

    def test_ping_is_answered_by_those_who_are_there(self):
        self.host.sh("echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range")
        done = self.run_here("pier", "run", "--", "sh", "-c", (
            f"ping -c2 -i0.2 -W3 {WORLD[4]} && ping -c2 -i0.2 -W3 {WORLD[6]} &&"
            f" ! ping -c1 -W1 {SILENT[4]} && ! ping -c1 -W1 {SILENT[6]}"))
        self.assertEqual(done.status, 0, done)

    def test_a_ping_to_an_unreachable_host_says_so(self):
        self.host.sh("echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range")
        done = self.run_here("pier", "run", "--", "ping", "-c1", "-W3",
                             UNREACHABLE[4])
        self.assertIn("Unreachable", done.out, done)


if __name__ == "__main__":
    main()
