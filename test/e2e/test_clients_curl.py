"""Every flag that curl has for proxies, to the HTTP proxy of a container and to
the host's way in: the same answer as without, or a refusal that is heard at
once."""

import os

from clients import curl
from harness import main
from matrix_case import INSIDE, WEB, InsideCase
from patience import eventually
from proxy_case import OURS
from scenery import WORLD, unpacked
from socks_case import PROXY

LOGIN = "me:secret one"
# What curl ends with: by SOCKS, by TLS, by a name, and by CONNECT.
SOCKS, TLS, RESOLVE, TUNNEL = 97, 35, 6, 56
PROMPT = 5


def http_flags(proxy):
    """What a proxy of HTTP that asks for no login takes."""
    by = ["-x", f"http://{proxy}"]
    return [
        by, ["-x", proxy], ["--proxy", f"http://{proxy}/"], ["-p", *by],
        ["--proxytunnel", *by], ["--proxy1.0", proxy],
        ["--proxy1.0", proxy, "-p"], ["-0", *by],
        ["--noproxy", "elsewhere.test", *by],
        ["--proxy-header", "X-Secret: mine", "-p", *by],
        ["--anyauth", "-u", LOGIN, *by],
        ["--proxy-user", ":", "--proxy-negotiate", *by],
        *(["--proxy-user", LOGIN, *how, *by, *tunnel]
          for tunnel in ([], ["-p"])
          for how in ([], ["--proxy-basic"], ["--proxy-digest"],
                      ["--proxy-anyauth"], ["--proxy-ntlm"])),
    ]


class Flags(InsideCase):
    def same(self, way, url, straight, all_flags):
        for flags in all_flags:
            with self.subTest(flags=flags):
                self.assertEqual(curl(way, *flags, url), straight)

    def refused(self, way, url, *cases):
        """At once. Each with curl's status, and HTTP's."""
        for status, code, *flags in cases:
            with self.subTest(flags=flags):
                self.assertEqual(curl(way, *flags, "-m", PROMPT, url)[:2],
                                 (status, code))

    # ---- Out of a container --------------------------------------------------

    def out(self):
        self.settle("")
        self.container(name="web")
        return self.way_in("web", "asked"), f"{OURS[0]}:{OURS[1]}"

    def test_the_proxy_of_a_container_takes_what_curl_says_to_one(self):
        way, proxy = self.out()
        host = self.way_at_host("straight")
        for url in f"{WEB}/files/page", f"http://{WORLD[4]}/open":
            straight = curl(host, url)
            self.assertEqual(straight[:2], (0, "200"))
            del self.seen[:]
            self.same(way, url, straight, http_flags(proxy))
            for _, fields in self.seen:
                self.assertFalse({"X-Secret", "Via", "Proxy-Authorization",
                                  "Proxy-Connection"} & fields.keys())

    def test_the_proxy_of_a_container_is_no_other_proxy(self):
        way, proxy = self.out()
        self.refused(
            way, f"{WEB}/",
            *((SOCKS, "000", f"--{each}", proxy)
              for each in ("socks4", "socks4a", "socks5", "socks5-hostname")),
            (SOCKS, "000", "--socks5-gssapi", "-x", f"socks5h://{proxy}"),
            (TLS, "000", "--proxy-insecure", "-x", f"https://{proxy}"),
            (SOCKS, "000", "--preproxy", f"socks5h://{proxy}", "-x",
             f"http://{proxy}"))

    def test_what_curl_leaves_a_proxy_out_for_goes_without(self):
        way, _ = self.out()
        straight = curl(self.way_at_host("straight"), f"{WEB}/")
        self.same(way, f"{WEB}/", straight,
                  [["--noproxy", each, "-x", "http://127.0.0.1:1"]
                   for each in ("web.test", ".test", "*")])

    # ---- Into one ------------------------------------------------------------

    def test_the_way_in_takes_what_curl_says_to_a_proxy(self):
        self.into()
        told = self.inspect("web")["address"]
        ways = (["-x", f"socks5h://{PROXY}"], ["--socks5-hostname", PROXY],
                ["--preproxy", f"socks5h://{PROXY}"])
        logins = ([], ["--socks5-basic"], ["--socks5-gssapi"],
                  ["--proxy-user", LOGIN])
        socks = [[*login, *way] for login in logins for way in ways]
        for path in "files/page", "open":
            straight = curl(self.straight, f"{INSIDE}/{path}")
            self.assertEqual(straight[:2], (0, "200"))
            self.same(self.asked, f"{INSIDE}/{path}", straight,
                      http_flags(PROXY) + socks +
                      [["--connect-to", "::127.0.0.1:8080"]])
            for address in told["v4"], f"[{told['v6']}]":
                self.same(self.asked, f"http://{address}/{path}", straight,
                          [["--socks5", PROXY], ["-x", f"socks5://{PROXY}"]])

    def test_the_way_in_is_no_other_proxy(self):
        self.into()
        self.refused(
            self.asked, f"http://{self.inspect('web')['address']['v4']}/",
            (SOCKS, "000", "--socks4", PROXY),
            (SOCKS, "000", "--socks4a", PROXY),
            (TLS, "000", "--proxy-insecure", "-x", f"https://{PROXY}"))
        self.refused(self.asked, f"{INSIDE}/",
                     (RESOLVE, "000", "--noproxy", "*", "-x", PROXY))

    def test_a_login_opens_the_way_in_by_basic_alone(self):
        users = self.person.folder / "users"
        users.write_text(LOGIN + "\n")
        users.chmod(0o600)
        if self.person.user:
            os.chown(users, self.person.user, self.person.user)
        self.into(f'users = "{users}"')
        url = f"{INSIDE}/files/page"
        http, socks = ["-x", PROXY], ["-x", f"socks5h://{PROXY}"]
        mine, wrong = ["--proxy-user", LOGIN], ["--proxy-user", "me:wrong"]
        self.same(self.asked, url, curl(self.straight, url), [
            [*mine, *http], [*mine, "-p", *http], [*mine, *socks],
            [*mine, "--proxy-basic", *http],
            [*mine, "--socks5-basic", *socks],
            ["-x", "http://me:secret%20one@" + PROXY],
            ["-x", "socks5h://me:secret%20one@" + PROXY]])
        self.refused(
            self.asked, url,
            *((0, "407", *more, *http) for more in (
                [], wrong, [*wrong, "--proxy-anyauth"],
                [*mine, "--proxy-digest"])),
            *((TUNNEL, "000", "-p", *more, *http) for more in (
                [], wrong, [*wrong, "--proxy-anyauth"],
                [*mine, "--proxy-digest"])),
            (SOCKS, "000", *socks), (SOCKS, "000", *wrong, *socks),
            (SOCKS, "000", *mine, "--socks5-gssapi", *socks))
        # It says 407 first, and takes the login on a connection that goes on.
        straight = curl(self.straight, url)
        status, code, heads, *body = curl(self.asked, *mine, "--proxy-anyauth",
                                          *http, url)
        self.assertEqual((status, code, heads[1:], *body), straight)
        self.same(self.asked, url, straight,
                  [[*mine, "--proxy-anyauth", "-p", *http]])

    def test_a_proxy_in_a_container_is_reached_by_the_way_in(self):
        program = unpacked("tinyproxy")
        if not program:
            self.skipTest("no tinyproxy: tools/setup --tests unpacks it")
        self.into()
        settings = self.scene.folder / "tinyproxy.conf"
        settings.write_text("Port 8888\nTimeout 60\n")
        self.container(name="proxy", command=(*program, "-d", "-c", settings))
        by = ["-x", "http://proxy.container.internal:8888"]
        to = f"http://{self.inspect('web')['address']['v4']}/files/page"
        near = self.way_in("proxy", "near")
        eventually(
            lambda: curl(near, "-x", "http://127.0.0.1:8888", to)[0] == 0, 20,
            "tinyproxy answers")
        for tunnel in [], ["-p"]:
            self.same(self.asked, to,
                      curl(near, "-x", "http://127.0.0.1:8888", *tunnel, to),
                      [["--preproxy", f"socks5h://{PROXY}", *by, *tunnel]])

    def test_a_proxy_header_of_curls_arrives_with_what_it_says(self):
        self.into()
        v4 = self.inspect("web")["address"]["v4"]
        for flags, shown in (
                (["--connect-to", "::127.0.0.1:8080"], "127.0.0.1 127.0.0.1"),
                (["-p", "-x", PROXY], "127.0.0.1 127.0.0.1"),
                (["-x", f"socks5h://{PROXY}"], "127.0.0.1 127.0.0.1")):
            with self.subTest(flags=flags):
                _, code, ((_, fields),), *body = curl(
                    self.asked, "--haproxy-protocol", *flags, f"{INSIDE}/")
                self.assertEqual(code, "200")
                self.assertRegex(dict(fields)["X-Introduced"],
                                 rf"^PROXY TCP4 {shown} \d+ \d+$")
                self.assertEqual(
                    body, list(curl(self.straight, f"{INSIDE}/")[3:]))


if __name__ == "__main__":
    main()
