"""Containers whose way out a proxy auto-config script says."""

from harness import Case, main
from origin import Origin
from proxy_case import URL
from scenery import DNS, WORLD
from upstreams import Upstream

AT = "10.213.0.1", 8888
GONE = "10.213.0.1", 8889

SCRIPT = f"""
function FindProxyForURL(url, host) {{
  if (shExpMatch(host, "*.blocked.test"))
    return "PROXY reject.iechor.internal:1";
  if (host == "{WORLD[4]}")
    return "DIRECT";
  if (dnsDomainIs(host, ".loop.test"))
    for (;;) {{}}
  return "PROXY {GONE[0]}:{GONE[1]}; PROXY {AT[0]}:{AT[1]}";
}}
"""


class Pac(Case):
    def setUp(self):
        super().setUp()
        self.scene.resolve_by(DNS[4])
        self.own(Origin(self.world.netns, (WORLD[4], 80)))
        self.up = self.own(Upstream(self.world.netns, AT, None,
                                    {"web.test": WORLD[4]}))

    def begin(self, pac):
        self.settle(f'[containers_proxy]\nmode = "manual"\n{pac}\n')
        self.container(name="web")

    def embedded(self):
        self.begin(f"embedded_pac = '''{SCRIPT}'''")

    def status(self, url):
        done = self.exec_in("web", "curl", "-sS", "-m", "40", "-w",
                            "%{http_code}", "-x", URL, url, within=60.0)
        return done.out[-3:], done.out[:-3]

    def test_a_script_says_which_proxies_are_tried_in_turn(self):
        self.embedded()
        self.assertEqual(self.status("http://web.test/"),
                         ("200", "the world\n"))
        self.assertEqual(self.up.asked, ["GET http://web.test/ HTTP/1.1"])

    def test_a_proxy_that_was_not_there_is_tried_last_for_a_while(self):
        self.embedded()
        self.assertEqual(self.status("http://web.test/")[0], "200")
        late = self.own(Upstream(self.world.netns, GONE, None,
                                 {"web.test": WORLD[4]}))
        self.assertEqual(self.status("http://web.test/")[0], "200")
        done = self.exec_in("web", "curl", "-sS", "http://web.test/")
        self.assertEqual(done.out, "the world\n", done)
        self.assertEqual((len(self.up.asked), late.asked), (3, []))

    def test_a_script_may_say_directly_and_not_at_all(self):
        self.embedded()
        self.assertEqual(self.status(f"http://{WORLD[4]}/")[0], "200")
        self.assertEqual(self.status("http://a.blocked.test/")[0], "403")
        self.assertEqual(self.up.asked, [])

    def test_what_knows_of_no_proxy_is_led_as_the_script_says(self):
        self.embedded()
        done = self.exec_in("web", "curl", "-sS", "http://web.test/")
        self.assertEqual(done.out, "the world\n", done)
        self.assertEqual(self.up.asked, ["CONNECT web.test:80 HTTP/1.1"])

    def test_a_script_that_loops_harms_itself(self):
        self.embedded()
        code, text = self.status("http://a.loop.test/")
        self.assertEqual(code, "403", text)
        self.assertEqual(self.status("http://web.test/")[0], "200")

    def test_a_script_in_a_file(self):
        place = self.person.folder / "proxy.pac"
        place.write_text(SCRIPT)
        place.chmod(0o644)
        self.addCleanup(place.unlink)
        self.begin(f'pac = "{place}"')
        self.assertEqual(self.status("http://web.test/")[0], "200")

    def test_a_script_that_cannot_be_had_blocks_and_says_so(self):
        self.begin('pac = "/nowhere/proxy.pac"')
        code, text = self.status("http://web.test/")
        self.assertEqual(code, "403", text)
        self.assertIn("/nowhere/proxy.pac", text)
        self.assertEqual(self.up.asked, [])


if __name__ == "__main__":
    main()
