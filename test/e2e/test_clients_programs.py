"""git, apt, Python, npm and ssh in a container, behind real proxies of the
network: with Pier between they fetch and give the same as where they speak to
the proxy themselves."""

import shutil

from clients import apt, git, npm, python
from harness import main
from matrix_case import AT, TLS, WEB, BehindCase
from real_proxies import (start_dante, start_haproxy, start_microsocks,
                          start_mitmproxy)
from scenery import WORLD
from sshd import start_sshd
from upstreams import start_squid, start_tinyproxy

OURS = "http.iechor.internal:3128"


class Programs(BehindCase):
    def all_say_the_same(self, what):
        expected = what(self.straight)
        for way in self.asked, self.led:
            with self.subTest(way=way.name):
                self.assertEqual(what(way), expected)

    def programs(self, root=WEB):
        for what in (lambda way: git(way, f"{root}/git/bare.git"),
                     lambda way: apt(way, f"{WEB}/files/apt"),
                     lambda way: python(way, f"{WEB}/files/page",
                                        f"{TLS}/files/page")):
            self.all_say_the_same(what)
        if shutil.which("npm"):
            self.all_say_the_same(lambda way: npm(way, f"{WEB}/files/npm"))

    def secure_shell(self, version):
        """By the words of nc, which a proxy of HTTP or SOCKS hears."""
        ssh = start_sshd(self, self.world.netns, WORLD[4])
        for way, words in ((self.straight, f"{version} -x {AT[0]}:{AT[1]}"),
                           (self.asked, f"connect -x {OURS}")):
            way.env["GIT_SSH_COMMAND"] = (
                f"{ssh} -o ProxyCommand='nc -X {words} %h %p'")
        self.led.env["GIT_SSH_COMMAND"] = ssh
        self.all_say_the_same(
            lambda way: git(way, f"ssh://root@web.test{self.goods}/bare.git"))

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

    def test_ssh_by_http(self):
        self.begin(start_tinyproxy(self, AT), "tinyproxy")
        self.secure_shell("connect")

    def test_ssh_by_socks(self):
        self.begin(start_dante(self, AT), "dante", "socks5h")
        self.secure_shell("5")


if __name__ == "__main__":
    main()
