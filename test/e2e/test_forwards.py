"""Static forwards: they lead where they are told, with real programs at both
ends, and say the truth."""

import os
import socket
import stat
import struct

import servers
from forward_case import ForwardCase, forward, over
from harness import main
from scenery import WORLD


class Forwards(ForwardCase):
    # ---- Ways --------------------------------------------------------------

    def test_curl_reaches_the_world_by_port_and_by_unix_socket(self):
        page = self.web()
        path = self.sockets / "web.sock"
        self.begin(forward("127.0.0.1:8080", f"{WORLD[4]}:80")
                   + forward(f"unix://{path}", f"{WORLD[4]}:80"))
        self.assertEqual(self.fetch("http://127.0.0.1:8080/page"),
                         page.read_bytes())
        self.assertEqual(
            self.fetch("--unix-socket", path, "http://web/page"),
            page.read_bytes())
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)

    def test_a_unix_socket_is_reached_by_port_and_by_another(self):
        target = self.sockets / "echo.sock"
        self.own(servers.Server(None, target, servers.echo))
        path = self.sockets / "way.sock"
        self.begin(forward("127.0.0.1:8080", f"unix://{target}")
                   + forward(f"unix://{path}", f"unix://{target}"))
        data = os.urandom(500_000)
        source = self.person.folder / "source"
        source.write_bytes(data)
        self.addCleanup(source.unlink)
        for way in "TCP4:127.0.0.1:8080", f"UNIX-CONNECT:{path}":
            done = self.succeeds("sh", "-c",
                                 f"socat -t 20 - {way} <{source} | sha256sum")
            self.assertEqual(
                done.out.split()[0],
                self.run_here("sha256sum", source).out.split()[0])

    def test_datagrams_go_there_and_back(self):
        self.own(servers.UdpServer(self.world.netns, (WORLD[4], 9),
                                   lambda data, client: data[::-1]))
        self.begin(forward("127.0.0.1:5353/udp", f"{WORLD[4]}:9"))
        done = self.succeeds("sh", "-c",
                             "printf abc | nc -u -w1 127.0.0.1 5353")
        self.assertEqual(done.out, "cba")
        client = self.socket_in(self.host.netns, socket.AF_INET,
                                socket.SOCK_DGRAM)
        client.connect(("127.0.0.1", 5353))
        for size in 1, 1400, 60000:
            client.send(b"x" * size + b"y")
            self.assertEqual(client.recv(65536), b"y" + b"x" * size)

    def test_ipv6_leads_to_ipv4_and_back(self):
        self.begin(forward("[::1]:8080", f"{WORLD[4]}:7")
                   + forward("127.0.0.1:8080", f"[{WORLD[6]}]:7"))
        for address in "::1", "127.0.0.1":
            with self.connect(address, 8080) as client:
                client.sendall(b"hello")
                self.assertEqual(client.recv(64), b"hello")

    def test_a_container_is_found_where_it_is_then(self):
        self.begin(forward("127.0.0.1:8080", "web:80"))
        with self.assertRaises(ConnectionResetError):
            self.connect("127.0.0.1", 8080).recv(1)
        self.assertIn("no container web is there", self.pier("forwards").out)
        first = self.guest("tcp", "0.0.0.0", "80", name="web")
        self.assertEqual(self.greeting("127.0.0.1", 8080), "80")
        held = self.connect("127.0.0.1", 8080)
        self.assertEqual(held.recv(64).strip(), b"80")
        self.assertEqual(
            self.listed()["tcp://127.0.0.1:8080"]["clients"], 1)
        self.pier("stop", "web")
        self.assertEqual(
            self.listed()["tcp://127.0.0.1:8080"]["clients"], 0)
        self.assertTrue(over(held))
        with self.assertRaises(ConnectionResetError):
            self.connect("127.0.0.1", 8080).recv(1)
        first.finish()
        self.guest("tcp", "0.0.0.0", "80", name="web")
        self.assertEqual(self.greeting("127.0.0.1", 8080), "80")

    # ---- The truth ---------------------------------------------------------

    def test_whoever_is_led_to_nobody_is_reset(self):
        self.begin(forward("127.0.0.1:8080", f"{WORLD[4]}:1")
                   + forward("127.0.0.1:8081",
                             f"unix://{self.sockets}/nobody"))
        for port in 8080, 8081:
            with self.assertRaises(ConnectionResetError):
                self.connect("127.0.0.1", port).recv(1)

    def test_halves_and_resets_are_carried(self):
        self.own(servers.Server(self.world.netns, (WORLD[4], 81),
                                servers.reads_all_then_says(b"bytes")))
        self.own(servers.Server(self.world.netns, (WORLD[4], 82),
                                servers.resets))
        self.begin(forward("127.0.0.1:8081", f"{WORLD[4]}:81")
                   + forward("127.0.0.1:8082", f"{WORLD[4]}:82"))
        with self.connect("127.0.0.1", 8081) as client:
            client.sendall(b"x" * 70000)
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(client.recv(64), b"70000 bytes")
        with self.connect("127.0.0.1", 8082) as client:
            client.sendall(b"x")
            with self.assertRaises(ConnectionResetError):
                client.recv(1)

    def test_the_target_is_told_who_its_client_is(self):
        heard = []
        target = self.sockets / "proxied.sock"

        def serve(connection, _client=None):
            # What is left unread would reset the answer.
            said = b""
            while not said.endswith(b"hello"):
                said += connection.recv(4096)
            heard.append(said)
            connection.sendall(b"ok")

        self.own(servers.Server(None, target, serve))
        self.own(servers.Server(self.world.netns, (WORLD[4], 83), serve))
        self.begin(
            forward("127.0.0.1:8083", f"{WORLD[4]}:83", proxy_protocol="v2")
            + forward("127.0.0.1:8084", f"unix://{target}",
                      proxy_protocol="v2"))
        for port in 8083, 8084:
            with self.connect("127.0.0.1", port) as client:
                client.sendall(b"hello")
                self.assertEqual(client.recv(16), b"ok")
                own = client.getsockname()[1]
            said = heard.pop()
            begin = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c" + bytes(
                [127, 0, 0, 1] * 2) + struct.pack("!HH", own, port)
            self.assertEqual(said[:28], begin)
            self.assertIn(said[28:], (b"", b"hello"))


if __name__ == "__main__":
    main()
