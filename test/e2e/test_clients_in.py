"""git, apt, Python, npm, ssh and Chromium at the host reach a container by the
way in, and get and give what they would in the container itself."""

from clients import apt, chromium, git, npm, python
from harness import main
from matrix_case import INSIDE, InsideCase
from scenery import unpacked
from socks_case import PROXY
from sshd import start_sshd

HTTP, SOCKS = f"http://{PROXY}", f"socks5h://{PROXY}"


class In(InsideCase):
    url = INSIDE

    def all_say_the_same(self, what, *proxies):
        expected = what(self.straight)
        for proxy in proxies:
            with self.subTest(proxy=proxy):
                self.asked.env.update(http_proxy=proxy, https_proxy=proxy)
                self.assertEqual(what(self.asked), expected)

    def test_git_clones_and_pushes(self):
        self.into()
        self.all_say_the_same(lambda way: git(way, f"{INSIDE}/git/bare.git"),
                              HTTP, SOCKS)

    def test_apt_updates_and_downloads(self):
        self.into()
        self.all_say_the_same(lambda way: apt(way, f"{INSIDE}/files/apt"),
                              HTTP, SOCKS)

    def test_python_fetches(self):
        self.into()
        self.all_say_the_same(
            lambda way: python(way, f"{INSIDE}/files/page", f"{INSIDE}/chunks"),
            HTTP)

    def test_npm_installs(self):
        program = self.npm()
        self.into()
        self.all_say_the_same(
            lambda way: npm(way, program, f"{INSIDE}/files/npm"), HTTP)

    def test_ssh_and_git_over_it(self):
        self.into()
        ssh = start_sshd(self, self.netns_of("web"))
        page = (self.goods / "page").read_bytes()
        self.straight.env["GIT_SSH_COMMAND"] = ssh
        bare = f"ssh://root@web.container.internal{self.goods}/bare.git"
        expected = git(self.straight, bare)
        for version in "5", "connect":
            by = f"-o ProxyCommand='nc -X {version} -x {PROXY} %h %p'"
            # The name is for Pier; SOCKS of nc's takes addresses alone.
            v4 = self.inspect("web")["address"]["v4"]
            with self.subTest(version=version):
                got = self.asked.succeeds(
                    "sh", "-c", f"{ssh} {by} root@{v4} cat "
                    f"{self.goods}/page")
                self.assertEqual(got.raw, page)
                self.asked.env["GIT_SSH_COMMAND"] = f"{ssh} {by}"
                self.assertEqual(
                    git(self.asked, bare.replace("web.container.internal", v4)),
                    expected)

    def test_chromium_by_the_pac_file(self):
        program = unpacked("chromium")
        if not program:
            self.skipTest("no Chromium: tools/setup --tests unpacks it")
        self.into()
        expected = chromium(self.straight, program,
                            f"{INSIDE}/files/page.html", "--no-proxy-server")
        self.assertIn("loaded 1093213", expected)
        for way in (f"--proxy-pac-url=http://{PROXY}/proxy.pac",
                    f"--proxy-server=socks5://{PROXY}"):
            with self.subTest(way=way):
                self.assertEqual(
                    chromium(self.asked, program,
                             f"{INSIDE}/files/page.html", way), expected)


if __name__ == "__main__":
    main()
