"""The HTTP proxy of ours, http.iechor.internal:3128, with real clients, and by
raw sockets for what curl does not show."""

import hashlib
import os
import socket

from harness import main
from origin import SIZE, Origin
from patience import eventually
from proxy_case import OURS, URL, ProxyCase
from scenery import WORLD


class Proxy(ProxyCase):
    def test_curl_asks_through_it_in_every_way(self):
        self.begin()
        for words in (["-x", URL, "http://web.test/"],
                      ["-x", f"http://{OURS[0]}:{OURS[1]}", "http://web.test/"],
                      ["-p", "-x", URL, "http://web.test/"],
                      ["--proxy1.0", URL.removeprefix("http://"),
                       "http://web.test/"],
                      ["--proxy1.0", URL.removeprefix("http://"), "-p",
                       "http://web.test/"],
                      ["-0", "-x", URL, "http://web.test/"],
                      ["-x", URL, "-e", "x", "--proxy-header", "X-A: 1",
                       f"http://{WORLD[4]}/"]):
            with self.subTest(words=words):
                self.gets("the world\n", *words)
        for line, fields in self.origin.seen:
            self.assertIn(" / HTTP/1.", line)
            self.assertNotIn("Via", fields)
            self.assertFalse([name for name in fields
                              if name.lower().startswith("proxy-")])

    def test_it_is_found_by_both_names(self):
        self.begin()
        for suffix in "iechor.internal", "docker.internal":
            self.gets("the world\n", "-x", f"http://http.{suffix}:3128",
                      "http://web.test/")

    def test_it_moves_with_its_network(self):
        self.settle("# As by default.\n")
        self.pierd()
        self.begin()
        self.resettle('[network]\nsubnet = "10.7.0.0/24"\n'
                      'subnet6 = "fd11:22::/64"\n')
        self.pier("settings", "reload")
        for at in "10.7.0.2", "fd11:22::2":
            with self.subTest(at=at):
                asked = self.raw(b"CONNECT\r\n\r\n", (at, OURS[1]))
                self.assertIn(b" 400 ", asked.recv(64))
        self.gets("the world\n", "-x", URL, "http://web.test/")

    def test_a_connection_is_kept_for_the_next_request(self):
        self.begin()
        done = self.curl("-v", "-x", URL, "http://web.test/a",
                         "http://web.test/b")
        self.assertEqual(done.out, "the world\n" * 2, done)
        self.assertIn("Re-using existing connection", done.err)
        self.assertEqual(self.pier("flows", "web", "--json").json(), [])

    def test_bodies_of_any_size_pass_both_ways(self):
        self.begin()
        place = self.scene.folder / "big"
        place.write_bytes(os.urandom(SIZE))
        self.addCleanup(place.unlink)
        digest = hashlib.sha256(place.read_bytes()).hexdigest()
        for words in ([], ["-H", "Transfer-Encoding: chunked"], ["-p"]):
            with self.subTest(words=words):
                self.gets(f"{SIZE} {digest}\n", "-x", URL, *words, "-T",
                          str(place), "http://web.test/")
        done = self.exec_in("web", "sh", "-c",
                            f"curl -sS -x {URL} http://web.test/big | "
                            "sha256sum")
        whole = hashlib.sha256(bytes(range(256)) * (SIZE // 256)).hexdigest()
        self.assertEqual(done.out.split()[0], whole, done)

    def test_chunks_trailers_early_hints_and_open_ends_pass(self):
        self.begin()
        self.gets("one two three\n", "-x", URL, "http://web.test/chunks")
        self.gets("until the end\n", "-x", URL, "http://web.test/open")
        host = b"Host: web.test\r\nConnection: close\r\n\r\n"
        told = self.said(b"GET http://web.test/chunks HTTP/1.1\r\n" + host)
        self.assertTrue(told.endswith(b"0\r\nX-Sum: 14\r\n\r\n"), told)
        told = self.said(b"GET http://web.test/open HTTP/1.1\r\n" + host)
        self.assertTrue(told.endswith(b"until the end\n\r\n0\r\n\r\n"), told)
        told = self.said(b"GET http://web.test/early HTTP/1.1\r\n" + host)
        self.assertTrue(told.startswith(b"HTTP/1.1 103 Early Hints\r\n"), told)
        self.assertTrue(told.endswith(b"\r\n\r\nthe world\n"), told)
        told = self.said(b"GET http://web.test/chunks HTTP/1.0\r\n\r\n")
        self.assertTrue(told.endswith(b"\r\n\r\none two three\n"), told)
        self.assertNotIn(b"chunked", told)
        told = self.said(b"HEAD http://web.test/ HTTP/1.1\r\n" + host)
        self.assertTrue(told.endswith(b"\r\n\r\n"), told)
        self.assertIn(b"Content-Length: 10\r\n", told)

    def test_what_one_hop_says_goes_no_further(self):
        self.begin()
        told = self.said(b"GET http://web.test/ HTTP/1.1\r\nHost: other\r\n"
                         b"Connection: close, X-Mine\r\nX-Mine: 1\r\n"
                         b"Proxy-Authorization: Basic eA==\r\n"
                         b"Keep-Alive: 5\r\nX-Yours: 2\r\n\r\n")
        self.assertNotIn(b"X-Hop", told)
        _, fields = self.origin.seen[-1]
        self.assertEqual(fields, {"Host": "web.test", "X-Yours": "2"})

    def test_an_upgrade_is_a_conversation_from_then_on(self):
        self.begin()
        client = self.raw(b"GET http://web.test/socket HTTP/1.1\r\n"
                          b"Host: web.test\r\nConnection: Upgrade\r\n"
                          b"Upgrade: shout\r\n\r\nfirst")
        reader = client.makefile("rb")
        self.assertIn(b"101", reader.readline())
        while reader.readline() != b"\r\n":
            pass
        self.assertEqual(reader.read(5), b"FIRST")
        client.sendall(b"second")
        self.assertEqual(reader.read(6), b"SECOND")

    def test_connect_keeps_what_comes_with_it(self):
        self.begin()
        client = self.raw(f"CONNECT {WORLD[4]}:7 HTTP/1.1\r\n"
                          f"Host: {WORLD[4]}:7\r\n\r\nearly".encode())
        reader = client.makefile("rb")
        self.assertIn(b"200", reader.readline())
        self.assertEqual(reader.readline(), b"\r\n")
        self.assertEqual(reader.read(5), b"early")
        flow, = self.pier("flows", "web", "--json").json()
        self.assertEqual(flow["state"], "open")
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(reader.read(), b"")
        eventually(lambda: not self.pier("flows", "web", "--json").json(), 5)

    def test_a_client_waits_for_100_continue_as_its_server_likes(self):
        self.begin()
        client = self.raw(b"POST http://web.test/ HTTP/1.1\r\nHost: web.test\r\n"
                          b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        reader = client.makefile("rb")
        self.assertIn(b"100 Continue", reader.readline())
        self.assertEqual(reader.readline(), b"\r\n")
        client.sendall(b"abc")
        self.assertIn(b"200 OK", reader.readline())

    def test_requests_in_a_pipeline_are_answered_in_order(self):
        self.begin()
        one = b"GET http://web.test/%s HTTP/1.1\r\nHost: web.test\r\n%s\r\n"
        told = self.said(one % (b"a", b"") + one % (b"chunks", b"") +
                         one % (b"c", b"Connection: close\r\n"))
        self.assertEqual(told.count(b"HTTP/1.1 200 OK"), 3, told)
        self.assertEqual([line for line, _ in self.origin.seen],
                         [f"GET /{name} HTTP/1.1" for name in
                          ("a", "chunks", "c")])

    def test_a_neighbour_and_the_host_are_reached_by_name(self):
        self.own(Origin(self.host.netns, ("127.0.0.1", 8123)))
        self.begin()
        self.gets("the world\n", "-x", URL,
                  "http://host.iechor.internal:8123/")
        done = self.curl("-o", "/dev/null", "-w", "%{http_code}", "--noproxy",
                         "", "-x", URL, "http://127.0.0.1:8123/")
        self.assertEqual(done.out, "403", done)

if __name__ == "__main__":
    main()
