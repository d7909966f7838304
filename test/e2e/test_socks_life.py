"""SOCKS as it is switched, moved, watched and struck; datagrams, and containers
that come to its clients."""

import os
import subprocess

import servers
from flow import Flow
from forward_case import over
from harness import main
from patience import eventually
from scenery import HOST, WORLD
from socks_case import AT, ON, PROXY, SocksCase
from socks_client import Socks, SocksError


# Debian's own Python has it.
ASK_PAC = """
import sys
import pacparser
pacparser.init()
pacparser.parse_pac_string(sys.stdin.read())
print(pacparser.find_proxy(*sys.argv[1:]))
"""


class SocksLives(SocksCase):
    # ---- Who ---------------------------------------------------------------

    def test_only_users_of_the_file_are_let_in_and_it_is_read_anew(self):
        users = self.person.folder / "users"
        users.write_text("me:secret one\n")
        users.chmod(0o600)
        if self.person.user:
            os.chown(users, self.person.user, self.person.user)
        daemon = self.on(f'users = "{users}"')
        self.guest("tcp", "0.0.0.0", "7000", name="web")
        me = {"user": "me", "password": "secret one"}
        self.assertEqual(self.status_of("web", 7000, **me), 0)
        for wrong in ({}, {"user": "me", "password": "x"},
                      {"user": "you", "password": "secret one"}):
            with self.assertRaises(SocksError):
                self.socks(**wrong).connect("web", 7000)
        for words, status in (((), 407), (("me:x",), 407),
                              (("me:secret one",), 200)):
            done = self.run_here(
                "curl", "-sv", "-m", "5", "--proxytunnel", "-x",
                f"http://{PROXY}", *(("--proxy-user", *words) if words
                                     else ()), "telnet://web:7000")
            self.assertIn(f"HTTP/1.1 {status} ", done.err)
        done = self.run_here(
            "curl", "-sv", "-m", "5", "--proxy-user", "me:secret one", "-x",
            f"socks5h://{PROXY}", "telnet://web:7000")
        self.assertIn("7000", done.out)
        users.write_text("you:other\n")
        with self.assertRaises(SocksError):
            self.socks(**me).connect("web", 7000)
        self.assertEqual(
            self.status_of("web", 7000, user="you", password="other"), 0)
        users.chmod(0o644)
        with self.assertRaises(SocksError):
            self.socks(user="you", password="other").connect("web", 7000)
        self.assertNotIn("secret one", daemon.err)

    def test_users_who_others_may_read_refuse_the_settings(self):
        users = self.person.folder / "users"
        users.write_text("me:secret\n")
        users.chmod(0o644)
        self.begin("")
        said = self.refuses_to_change(ON + f'users = "{users}"\n')
        self.assertIn("socks.users", said)
        self.assertIn(f"chmod 600 {users}", said)
        self.assert_refused(*AT)

    # ---- Outside -----------------------------------------------------------

    def test_the_world_is_reached_only_where_settings_say_so(self):
        self.on('outside = "allow"')
        for where in WORLD[4], WORLD[6], "web.test":
            with self.socks().connect(where, 7) as client:
                client.sendall(b"hello")
                self.assertEqual(client.recv(64), b"hello")
        secret = self.own(servers.Server(
            self.host.netns, ("127.0.0.1", 0), servers.says(b"secret")))
        for where in "127.0.0.1", "::ffff:127.0.0.1", "localhost":
            self.assertEqual(self.status_of(where, secret.at[1]), 2, where)
        self.assertFalse(secret.clients)

    # ---- Settings ----------------------------------------------------------

    def test_it_is_switched_and_moved_live(self):
        self.begin("")
        self.guest("tcp", "0.0.0.0", "7000", name="web")
        self.assert_refused(*AT)
        self.change(ON, "takes clients in at 127.0.0.1:1080")
        client = self.socks().connect("web", 7000)
        self.assertEqual(client.recv(64), b"7000\n")
        self.change('[socks]\nlisten = "127.0.0.1:1081"\n',
                    "takes clients in at 127.0.0.1:1081")
        self.assert_refused(*AT)
        client.sendall(b"still here")
        self.assertEqual(client.recv(64), b"still here")
        self.change("")
        self.assert_refused("127.0.0.1", 1081)
        client.sendall(b"still here")
        self.assertEqual(client.recv(64), b"still here")

    def test_a_taken_place_refuses_the_settings_with_the_key(self):
        self.begin("")
        self.own(servers.Server(self.host.netns, AT, servers.says(b"rival")))
        said = self.refuses_to_change(ON)
        self.assertIn("socks.listen", said)
        self.assertIn("address already in use", said)
        self.assertIn("another port", said)

    def test_other_addresses_than_loopback_must_be_allowed(self):
        self.begin("")
        far = f'[socks]\nlisten = "{HOST[4]}:1080"\n'
        said = self.refuses_to_change(far)
        self.assertIn("ports.allowed_binds", said)
        self.change(far + f'[ports]\nallowed_binds = ["{HOST[4]}"]\n')
        self.guest("tcp", "0.0.0.0", "7000", name="web")
        with self.world.inside():
            made = self.own(Socks((HOST[4], 1080)))
        self.assertEqual(made.connect("web", 7000).recv(64), b"7000\n")

    def test_pier_run_leaves_it_to_the_daemon(self):
        self.settle(ON)
        self.container(name="alone")
        self.assert_refused(*AT)

    # ---- Life --------------------------------------------------------------

    def test_a_session_is_its_containers_and_ends_with_it(self):
        self.on()
        self.guest("tcp", "0.0.0.0", "7000", name="web")
        client = self.socks().connect("web", 7000)
        self.assertEqual(client.recv(64), b"7000\n")
        flows = self.pier("flows", "web", "--json").json()
        self.assertEqual(len(flows), 1)
        self.assertIn("containers/web/sessions/tcp-", flows[0]["path"])
        self.assertIn("socks", self.pier("tree").out)
        self.assertIn("SOCKS", self.pier("why", "1080").out)
        self.pier("stop", "web")
        self.assertTrue(over(client))

    def test_it_dies_and_is_reborn_with_its_socket(self):
        self.on()
        self.guest("tcp", "0.0.0.0", "7000", name="web")
        flow = Flow(self.socks().connect("web", 7000))
        self.addCleanup(flow.close)
        for _ in range(3):
            self.pier("kill", "socks", "--reason", "a test")
            self.assertEqual(self.status_of("web", 7000), 0)

    def test_slow_ones_and_a_flood_hold_nobody_up(self):
        self.on()
        self.guest("tcp", "0.0.0.0", "7000", name="web")
        idle = [self.connect(*AT) for _ in range(300)]
        for each in idle[::2]:
            each.sendall(b"\5\2")
        self.assertEqual(self.status_of("web", 7000), 0)
        for each in idle:
            each.settimeout(20)
            self.assertTrue(over(each))

    # ---- Browsers ----------------------------------------------------------

    def test_the_pac_file_sends_containers_here_and_nothing_else(self):
        self.on()
        self.guest("tcp", "0.0.0.0", "7000", name="web")
        done = self.succeeds("curl", "-sSi", f"http://{PROXY}/proxy.pac")
        self.assertIn("application/x-ns-proxy-autoconfig", done.out)
        pac = done.out.replace("\r\n", "\n").partition("\n\n")[2]
        _, v6 = self.addresses("web")
        for host, way in (("web", True), ("WEB", True),
                          ("web.container.internal", True),
                          ("db.iechor.internal", True),
                          ("192.168.65.3", True), ("192.168.66.3", False),
                          ("example.com", False), ("webserver", False),
                          ("xweb", False), (v6, True), ("fd99::1", False),
                          ("container.internal.example.com", False)):
            self.assertEqual(
                self.pac_says(pac, host),
                f"PROXY {PROXY}" if way else "DIRECT", host)

    def pac_says(self, pac, host):
        """As browsers do, by the JavaScript of one."""
        at = f"[{host}]" if ":" in host else host
        done = subprocess.run(
            ["/usr/bin/python3", "-c", ASK_PAC, f"http://{at}/", host],
            input=pac, capture_output=True, text=True, timeout=30, check=False)
        if "No module named" in done.stderr:
            self.skipTest("apt install python3-pacparser")
        return done.stdout.strip()

    # ---- UDP and BIND ------------------------------------------------------

    def associate(self):
        with self.host.inside():
            return self.own(self.socks().associate())

    def test_datagrams_of_one_client_go_to_many_containers(self):
        self.on()
        self.guest("udp", "0.0.0.0", "5000", name="one")
        self.guest("udp", "0.0.0.0", "5000", name="two")
        there = self.associate()
        for name in "one", "two", self.addresses("one")[0]:
            for size in 1, 1400, 30000:
                there.send(name, 5000, b"x" * size)
                data, (ip, port) = there.receive()
                front = b"5000 " if size < 1024 else b""
                self.assertEqual(data, front + b"x" * size)
                self.assertEqual(port, 5000)
                self.assertTrue(ip.startswith("192.168.65."), ip)
        flows = self.pier("flows", "--json").json()
        self.assertEqual({each["proto"] for each in flows}, {"udp"})
        there.control.close()
        eventually(lambda: not self.pier("flows", "--json").json(), 10,
                   "the end of the conversations")

    def test_datagrams_of_others_are_not_taken(self):
        self.on()
        self.guest("udp", "0.0.0.0", "5000", name="one")
        there = self.associate()
        there.send("one", 5000, b"a")
        self.assertEqual(there.receive()[0], b"5000 a")
        with self.host.inside():
            other = self.own(there.twin())
        other.send("one", 5000, b"b")
        there.send("one", 5000, b"c")
        self.assertEqual(there.receive()[0], b"5000 c")
        # Pieces, and what is out of bounds.
        there.send("one", 5000, b"d", fragment=1)
        there.send(WORLD[4], 7, b"e")
        there.send_raw(b"\0\0")
        there.send("one", 5000, b"f")
        self.assertEqual(there.receive()[0], b"5000 f")

    def test_a_container_comes_to_a_client_that_waits_for_it(self):
        self.on()
        self.container(name="one")
        self.container(name="two")
        waits = self.socks()
        ip, port = waits.bind("one", 20)
        self.assertEqual(ip, "192.168.65.1")
        # The wrong one is turned away.
        self.exec_in("two", "sh", "-c", f"echo no | nc -w1 {ip} {port}")
        done = self.exec_in("one", "sh", "-c",
                            f"echo hello | nc -N -w 5 {ip} {port}")
        self.assertEqual(done.status, 0, done)
        came = waits.bound()
        self.assertEqual(came[0], self.addresses("one")[0])
        self.assertEqual(waits.take_all(), b"hello\n")
        for where, status in (("wbe", 4), (WORLD[4], 2)):
            with self.assertRaises(SocksError) as refused:
                self.socks().bind(where, 20)
            self.assertEqual(refused.exception.status, status)


if __name__ == "__main__":
    main()
