"""Real clients in containers, behind real proxies of the network: with Pier
between they get and give the same bytes as a client that speaks to the proxy
itself."""

from clients import apt, curl, git, npm, python
from harness import main
from matrix_case import AT, MatrixCase
from real_proxies import (certificate_of, start_dante, start_haproxy,
                          start_microsocks, start_mitmproxy)
from upstreams import start_squid, start_tinyproxy

WEB, TLS = "http://web.test", "https://web.test"


class Out(MatrixCase):
    def begin(self, here, program, scheme="http", **env):
        """`straight` speaks to the proxy; `asked` and `led` are in a container,
        one with the environment that it has, one without."""
        if not here:
            self.skipTest(f"no {program}: tools/setup --tests unpacks it")
        proxy = f"{scheme}://{AT[0]}:{AT[1]}"
        self.settle('[containers_proxy]\nmode = "manual"\n'
                    f'http = "{proxy}"\nhttps = "{proxy}"\n')
        self.container(name="web", env=env)
        self.straight = self.way_at_host("straight", http_proxy=proxy,
                                         https_proxy=proxy, **env)
        self.asked = self.way_in("web", "asked", **self.proxies_of("web"))
        self.led = self.way_in("web", "led")

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

    def programs(self, straight=None):
        straight = straight or self.straight
        for what in (lambda way: git(way, f"{WEB}/git/bare.git"),
                     lambda way: git(way, f"{TLS}/git/bare.git"),
                     lambda way: apt(way, f"{WEB}/files/apt"),
                     lambda way: python(way, f"{WEB}/files/page",
                                        f"{TLS}/files/page"),
                     lambda way: npm(way, f"{WEB}/files/npm")):
            expected = what(straight)
            for way in self.asked, self.led:
                with self.subTest(way=way.name):
                    self.assertEqual(what(way), expected)

    def test_squid(self):
        self.begin(start_squid(self, AT), "squid")
        self.curls()
        self.programs()

    def test_tinyproxy(self):
        self.begin(start_tinyproxy(self, AT), "tinyproxy")
        self.curls()
        self.programs()

    def test_microsocks(self):
        self.begin(start_microsocks(self, AT), "microsocks", "socks5h")
        self.curls()
        self.programs()

    def test_dante(self):
        self.begin(start_dante(self, AT), "dante", "socks5h")
        self.curls()
        self.programs()

    def test_haproxy(self):
        self.begin(start_haproxy(self, AT), "haproxy")
        self.curls()
        self.programs()

    def test_haproxy_by_tls(self):
        certificate = certificate_of(self, AT)
        self.begin(start_haproxy(self, AT, certificate), "haproxy", "https",
                   SSL_CERT_FILE=str(certificate))
        self.straight.of_curl = "--proxy-cacert", certificate
        self.curls()

    def test_mitmproxy(self):
        self.begin(start_mitmproxy(self, AT), "mitmproxy")
        # It takes early hints for the answer.
        self.curls("early")
        self.programs()


if __name__ == "__main__":
    main()
