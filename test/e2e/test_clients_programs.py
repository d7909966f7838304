"""git, apt and Python in a container, behind real proxies of the network: with
Pier between they fetch and give the same as where they speak to the proxy
themselves."""

from clients import apt, git, python
from harness import main
from matrix_case import AT, TLS, WEB, BehindCase
from real_proxies import (start_dante, start_haproxy, start_microsocks,
                          start_mitmproxy)
from upstreams import start_squid, start_tinyproxy


class Programs(BehindCase):
    def programs(self, root=WEB):
        for what in (lambda way: git(way, f"{root}/git/bare.git"),
                     lambda way: apt(way, f"{WEB}/files/apt"),
                     lambda way: python(way, f"{WEB}/files/page",
                                        f"{TLS}/files/page")):
            self.all_say_the_same(what)

    def test_squid(self):
        self.begin(start_squid(self, AT), "squid")
        self.programs(TLS)

    def test_tinyproxy(self):
        self.begin(start_tinyproxy(self, AT), "tinyproxy")
        self.programs()

    def test_microsocks(self):
        self.begin(start_microsocks(self, AT), "microsocks", "socks5h")
        self.programs()

    def test_dante(self):
        self.begin(start_dante(self, AT), "dante", "socks5h")
        self.programs(TLS)

    def test_haproxy(self):
        self.begin(start_haproxy(self, AT), "haproxy")
        self.programs()

    def test_mitmproxy(self):
        self.begin(start_mitmproxy(self, AT), "mitmproxy")
        self.programs()


if __name__ == "__main__":
    main()
