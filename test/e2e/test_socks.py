"""The host's way in by SOCKS and HTTP CONNECT: real clients reach containers
that publish nothing, and hear the truth."""

import os
import socket
import struct

from forward_case import over
from harness import main
from patience import eventually
from scenery import WORLD
from socks_case import AT, PROXY, SocksCase


class SocksIn(SocksCase):
    # ---- Clients -----------------------------------------------------------

    def test_curl_reaches_a_container_by_every_name_and_address(self):
        self.on()
        page = self.web_guest()
        v4, v6 = self.addresses("web")
        for where in v4, f"[{v6}]":
            for way in (("--socks5", PROXY), ("--socks5-hostname", PROXY),
                        ("--proxytunnel", "-x", f"http://{PROXY}"),
                        ("-x", f"http://{PROXY}")):
                self.assertEqual(
                    self.fetch(*way, "-g", f"http://{where}/page"), page, way)
        for name in ("web", "WEB", "web.iechor.internal",
                     "web.docker.internal", "web.container.internal"):
            for way in (("-x", f"socks5h://{PROXY}"),
                        ("--proxytunnel", "-x", f"http://{PROXY}"),
                        ("-x", f"http://{PROXY}")):
                self.assertEqual(
                    self.fetch(*way, f"http://{name}/page"), page, name)

    def test_nc_reaches_a_container(self):
        self.on()
        self.guest("tcp", "0.0.0.0", "7000", name="echo")
        v4, _ = self.addresses("echo")
        for version in "5", "connect":
            done = self.succeeds(
                "sh", "-c", f"echo hello | nc -N -w 10 -X {version} -x {PROXY}"
                f" {v4} 7000")
            self.assertEqual(done.out.split(), ["7000", "hello"])

    def test_ipv6_is_a_way_to_it_as_well(self):
        self.begin('[socks]\nlisten = "[::1]:1080"\n')
        self.guest("tcp", "0.0.0.0", "7000", name="web")
        made = self.socks(("::1", 1080)).connect("web", 7000)
        self.assertEqual(made.recv(64), b"7000\n")

    # ---- The truth ---------------------------------------------------------

    def test_yes_is_said_when_the_container_has_said_it(self):
        self.on()
        self.guest("tcp", "0.0.0.0", "7000", name="web")
        v4, v6 = self.addresses("web")
        self.assertEqual(self.status_of(v4, 7000), 0)
        self.assertEqual(self.status_of("web", 7000), 0)
        self.assertEqual(self.status_of(v4, 7001), 5)
        self.assertEqual(self.status_of(v6, 7001), 5)
        self.assertEqual(self.status_of("web", 7001), 5)
        self.assertEqual(self.status_of("wbe", 7000), 4)
        self.assertEqual(self.status_of("192.168.65.99", 7000), 4)
        self.assertEqual(self.status_of("192.168.65.254", 7000), 4)
        self.assertEqual(self.status_of(WORLD[4], 7), 2)
        self.assertEqual(self.status_of("web.test", 7), 2)
        self.assertEqual(self.status_of("127.0.0.1", 7), 2)

    def test_http_says_the_same_in_its_own_words(self):
        self.on()
        self.guest("tcp", "0.0.0.0", "7000", name="web")
        for where, status in (("web:7000", 200), ("web:7001", 502),
                              ("wbe:7000", 502), (f"{WORLD[4]}:7", 403)):
            got = self.say_http(f"CONNECT {where} HTTP/1.1\r\n\r\n")
            self.assertEqual(got.split()[1], str(status), where)

    def say_http(self, text):
        with self.connect(*AT) as client:
            client.sendall(text.encode("latin-1"))
            return client.recv(4096).decode("latin-1")

    def test_malformed_heads_are_refused(self):
        self.on()
        for head in ("GET http://web/ HTTP/1.1\n\n",
                     "GET http://web/ HTTP/1.1\r\nX: a\r\n b\r\n\r\n",
                     "POST http://web/ HTTP/1.1\r\nContent-Length: 1\r\n"
                     "Transfer-Encoding: chunked\r\n\r\n",
                     "GET http://web/ HTTP/3.0\r\n\r\n"):
            self.assertEqual(self.say_http(head).split()[1], "400", head)
        long_one = "GET http://web/ HTTP/1.1\r\nX: " + "x" * 20000
        self.assertEqual(self.say_http(long_one).split()[1], "431")

    def test_garbage_and_socks4_are_hung_up_on_at_once(self):
        self.on()
        for word in b"\x04\x01\x00\x50\x01\x02\x03\x04\x00", b"\x16\x03\x01":
            with self.connect(*AT, within=5) as client:
                client.sendall(word)
                self.assertTrue(over(client))

    def test_what_is_sent_with_the_request_arrives(self):
        self.on()
        self.guest("echo", "0.0.0.0", "7000", name="echo")
        data = os.urandom(200_000)
        with self.connect(*AT) as client:
            client.sendall(b"\5\1\0" + b"\5\1\0\3\4echo" +
                           struct.pack("!H", 7000) + data[:50_000])
            self.assertEqual(self.take(client, 12), b"\5\0" + b"\5\0\0\1"
                             + bytes(6))
            client.sendall(data[50_000:])
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(self.take(client, len(data)), data)
            self.assertEqual(client.recv(1), b"")

    def test_a_no_is_heard_although_more_was_sent(self):
        self.on()
        self.guest("tcp", "0.0.0.0", "7000", name="web")
        for _ in range(20):
            with self.connect(*AT) as client:
                client.sendall(b"\5\1\0" + b"\5\1\0\3\3web"
                               + struct.pack("!H", 7001) + b"x" * 50_000)
                self.assertEqual(self.take(client, 4), b"\5\0\5\5")

    @staticmethod
    def take(client, size):
        got = b""
        while len(got) < size:
            piece = client.recv(size - len(got))
            if not piece:
                break
            got += piece
        return got


if __name__ == "__main__":
    main()
