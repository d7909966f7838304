"""Chromium, npm and ssh in a container, behind one real proxy of either kind:
with Pier between they show, install and fetch the same as where they speak to
the proxy themselves."""

from clients import chromium, git, npm
from harness import main
from matrix_case import AT, TLS, WEB, BehindCase
from real_proxies import start_dante
from scenery import unpacked
from sshd import start_sshd
from upstreams import start_squid, start_tinyproxy

OURS = "http.iechor.internal:3128"


class Heavy(BehindCase):
    def secure_shell(self, version):
        """By the words of nc, which a proxy of HTTP or SOCKS hears."""
        ssh = start_sshd(self, self.world.netns)
        for way, words in ((self.straight, f"{version} -x {AT[0]}:{AT[1]}"),
                           (self.asked, f"connect -x {OURS}")):
            way.env["GIT_SSH_COMMAND"] = (
                f"{ssh} -o ProxyCommand='nc -X {words} %h %p'")
        self.led.env["GIT_SSH_COMMAND"] = ssh
        self.all_say_the_same(
            lambda way: git(way, f"ssh://root@web.test{self.goods}/bare.git"))

    def test_chromium(self):
        program = unpacked("chromium")
        self.begin(program and start_squid(self, AT), "Chromium, or squid")

        def page(way, root):
            del self.seen[:]
            told = chromium(way, program, f"{root}/files/page.html",
                            "--ignore-certificate-errors")
            return told, self.seen[0][1].get("Via")

        straight, via = page(self.straight, WEB)
        self.assertIn("loaded 1093213", straight)
        self.assertIn("squid", via)
        self.assertEqual(page(self.asked, WEB), (straight, via))
        self.assertEqual(page(self.led, WEB)[0], straight)
        self.all_say_the_same(lambda way: page(way, TLS))

    def test_ssh_by_http(self):
        self.begin(start_tinyproxy(self, AT), "tinyproxy")
        self.secure_shell("connect")

    def test_ssh_by_socks(self):
        self.begin(start_dante(self, AT), "dante", "socks5h")
        self.secure_shell("5")

    def test_npm_by_http(self):
        program = self.npm()
        self.begin(start_squid(self, AT), "squid")
        self.all_say_the_same(lambda way: npm(way, program, f"{WEB}/files/npm"))

    def test_npm_by_socks(self):
        program = self.npm()
        self.begin(start_dante(self, AT), "dante", "socks5h")
        self.all_say_the_same(lambda way: npm(way, program, f"{WEB}/files/npm"))


if __name__ == "__main__":
    main()
