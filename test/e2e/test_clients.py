"""curl in a container, behind real proxies of the network: with Pier between it
gets and gives the same bytes as where it speaks to the proxy itself."""

import servers
from clients import curl
from harness import main
from matrix_case import AT, TLS, WEB, BehindCase
from real_proxies import (certificate_of, start_dante, start_haproxy,
                          start_microsocks, start_mitmproxy)
from upstreams import start_squid, start_tinyproxy


def answers_once(connection, _client):
    """Whoever asks a second time hears an end, as where both are under way at
    once."""
    reader = connection.makefile("rb")
    left = 0
    while (line := reader.readline().strip().lower()):
        if line.startswith(b"content-length:"):
            left = int(line.split()[1])
    reader.read(left)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nyes\n")
    while reader.readline().strip():
        pass


class Out(BehindCase):
    def requests(self):
        page = self.goods / "page"
        return {
            "get": [f"{WEB}/"],
            "twice": [f"{WEB}/a", f"{WEB}/b"],
            "old": ["-0", f"{WEB}/"],
            "head": ["-I", f"{WEB}/"],
            "file": [f"{WEB}/files/page"],
            "missing": [f"{WEB}/files/nothing"],
            "redirect": ["-L", f"{WEB}/files/folder"],
            "unmodified": ["-z", str(page), f"{WEB}/files/page"],
            "chunks": [f"{WEB}/chunks"],
            "open": [f"{WEB}/open"],
            "early": [f"{WEB}/early"],
            "post": ["-d", "a=b&c=d", f"{WEB}/"],
            "upload": ["-T", str(page), f"{WEB}/"],
            "pieces": ["-H", "Transfer-Encoding: chunked", "-T", str(page),
                       f"{WEB}/"],
            "unknown": ["-X", "PROPFIND", f"{WEB}/"],
            "long": ["-H", "X-Long: " + "x" * 6000, f"{WEB}/"],
            "tls": [f"{TLS}/"],
            "tls file": [f"{TLS}/files/page"],
            "tls upload": ["-T", str(page), f"{TLS}/"],
        }

    def curls(self, *but):
        """Asked, a proxy is asked in its own words; led, by a tunnel."""
        for name, words in self.requests().items():
            if name in but:
                continue
            with self.subTest(request=name):
                self.assert_same(lambda way: curl(way, *words), self.straight,
                                 self.asked)
                self.assert_same(
                    lambda way: curl(way, *words,
                                     *(["-p"] if way is not self.led else [])),
                    self.straight, self.asked, self.led)

    def test_a_kept_connection_that_the_proxy_ends_costs_no_request(self):
        self.own(servers.Server(self.world.netns, AT, answers_once))
        self.begin(True, "")
        for body in [], ["-d", "a=b"]:
            words = ["curl", "-sS", "-m", "20", WEB, "--next", "-sS", "-m",
                     "20", *body, WEB]
            for way in self.straight, self.asked:
                with self.subTest(way=way.name, body=body):
                    self.assertEqual(way.run(*words).out, "yes\n" * 2)

    def test_squid(self):
        self.begin(start_squid(self, AT), "squid")
        self.curls()

    def test_tinyproxy(self):
        self.begin(start_tinyproxy(self, AT), "tinyproxy")
        self.curls()

    def test_microsocks(self):
        self.begin(start_microsocks(self, AT), "microsocks", "socks5h")
        self.curls()

    def test_dante(self):
        self.begin(start_dante(self, AT), "dante", "socks5h")
        self.curls()

    def test_haproxy(self):
        self.begin(start_haproxy(self, AT), "haproxy")
        self.curls()

    def test_haproxy_by_tls(self):
        certificate = certificate_of(self, AT)
        self.begin(start_haproxy(self, AT, certificate), "haproxy", "https",
                   SSL_CERT_FILE=str(certificate))
        self.straight.of_curl = "--proxy-cacert", certificate
        self.curls()

    def test_mitmproxy(self):
        self.begin(start_mitmproxy(self, AT), "mitmproxy")
        # It takes early hints for the answer, and trailers for more of it.
        self.curls("early", "chunks")


if __name__ == "__main__":
    main()
