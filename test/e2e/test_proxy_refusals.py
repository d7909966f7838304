"""What our HTTP proxy refuses: in the right status, with words, and without a
server ever hearing of it."""

from harness import main
from patience import eventually, now
from proxy_case import URL, ProxyCase
from scenery import SILENT, UNREACHABLE, WORLD


class Refusals(ProxyCase):
    def status(self, url, *words):
        begun = now()
        done = self.curl("-o", "-", "-w", "%{http_code}", "-x", URL, *words,
                         url)
        return done.out[-3:], done.out[:-3], now() - begun

    def test_each_failure_has_its_status_and_its_words(self):
        self.begin('[policy]\ndeny = ["*.ads.test"]\n')
        for url, code, words in (
                (f"http://{WORLD[4]}:9/", "502", "refused"),
                (f"http://{UNREACHABLE[4]}/", "502", "o route to host"),
                ("http://nowhere.test/", "502", "nowhere.test"),
                ("http://x.ads.test/", "403", 'policy.deny "*.ads.test"'),
                ("http://192.168.65.99/", "502", "no such guest")):
            with self.subTest(url=url):
                got, text, _ = self.status(url)
                self.assertEqual(got, code, text)
                self.assertIn(words, text)
        done = self.curl("-p", "-x", URL, "http://x.ads.test/")
        self.assertIn("403", done.err)

    def test_silence_is_504(self):
        self.begin()
        got, text, _ = self.status(f"http://{SILENT[4]}/")
        self.assertEqual(got, "504", text)

    def test_what_can_be_read_in_two_ways_is_refused(self):
        self.begin()
        head = b"POST http://web.test/ HTTP/1.1\r\nHost: web.test\r\n"
        for text, status in (
                (head + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"
                 b"\r\n0\r\n\r\n", 400),
                (head + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"
                 b"\r\n0\r\n\r\n", 400),
                (head + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
                (head + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
                (head + b"X: a\r\n b\r\n\r\n", 400),
                (head + b"X: a\nY: b\r\n\r\n", 400),
                (head + b"X : a\r\n\r\n", 400),
                (head + b"Host: other\r\n\r\n", 400),
                (head + b"X: \0\r\n\r\n", 400),
                (b"GET http://web.test/ HTTP/1.1\r\n\r\n", 400),
                (b"GET http://web.test/ HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
                (b"GET / HTTP/1.1\r\nHost: web.test\r\n\r\n", 400),
                (b"GET http://web.test/ HTTP/2.0\r\nHost: a\r\n\r\n", 505),
                (b"GET http://web.test/ HTTP/1.1\r\nHost: a\r\nX: " +
                 b"x" * 70000, 431),
                (b"GET http://web.test/" + b"x" * 70000, 414),
                (b"\x16\x03\x01\r\n\r\n", 400)):
            with self.subTest(text=text[:120]):
                told = self.said(text)
                self.assertTrue(told.startswith(b"HTTP/1.1 %d " % status),
                                told[:200])
                self.assertIn(b"Connection: close\r\n", told)
        self.assertEqual(self.origin.seen, [])

    def test_a_body_that_lies_ends_its_request(self):
        self.begin()
        told = self.said(b"POST http://web.test/ HTTP/1.1\r\nHost: web.test\r\n"
                         b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n")
        self.assertTrue(told.startswith(b"HTTP/1.1 400 "), told)

    def test_a_stop_ends_what_goes_by_it(self):
        self.begin()
        client = self.raw(f"CONNECT {WORLD[4]}:7 HTTP/1.1\r\n"
                          f"Host: {WORLD[4]}\r\n\r\n".encode())
        self.assertIn(b"200", client.recv(100))
        idle = self.raw(b"")
        eventually(lambda: len(self.pier("flows", "web", "--json").json()) == 2,
                   5)
        self.pier("stop", "web")
        for each in client, idle:
            try:
                self.assertEqual(each.recv(1), b"")
            except OSError:
                pass

    def test_a_rule_that_comes_later_ends_its_tunnel_alone(self):
        self.settle("")
        self.pierd()
        self.pier("run", "-d", "--name", "web", "--", "sleep", "infinity")
        self.addCleanup(lambda: self.run_here("pier", "stop", "web"))
        ask = f"CONNECT {WORLD[4]}:7 HTTP/1.1\r\nHost: {WORLD[4]}\r\n\r\n"
        struck = self.raw(ask.encode())
        kept = self.raw(ask.replace(WORLD[4], WORLD[4]).replace(":7 ", ":80 ")
                        .encode())
        for each in struck, kept:
            self.assertIn(b"200", each.recv(100))
        self.resettle(f'[policy]\ndeny = ["{WORLD[4]} tcp 7"]\n')
        with self.assertRaises(OSError):
            if not struck.recv(1):
                raise ConnectionResetError
        kept.sendall(b"GET / HTTP/1.1\r\nHost: web.test\r\n\r\n")
        self.assertIn(b"200 OK", kept.recv(100))

if __name__ == "__main__":
    main()
