"""Where the environment names no proxy, a desktop's settings do, live."""

from harness import main
from proxy_case import ProxyCase, URL
from patience import eventually
from scenery import WORLD
from upstreams import Upstream

AT = "10.213.0.1", 8888
SCHEMA = "org.gnome.system.proxy"


class Desktop(ProxyCase):
    def setUp(self):
        super().setUp()
        self.up = self.own(Upstream(self.world.netns, AT, None,
                                    {"web.test": WORLD[4]}))
        # Without a session bus only this kind of store can be written.
        self.person.env["GSETTINGS_BACKEND"] = "keyfile"
        self.addCleanup(self.person.env.pop, "GSETTINGS_BACKEND")
        if self.run_here("gsettings", "list-keys", SCHEMA).status:
            self.skipTest("no gsettings that knows of proxies")
        self.addCleanup(self.choose, mode="none")

    def choose(self, **keys):
        for key, value in keys.items():
            *below, key = key.split("__")
            self.succeeds("gsettings", "set", ".".join([SCHEMA, *below]), key,
                          value)

    def name_proxy(self):
        self.choose(http__host=AT[0], http__port=str(AT[1]), mode="manual")

    def test_a_desktops_proxy_is_that_of_containers(self):
        self.name_proxy()
        self.begin()
        self.gets("the world\n", "http://web.test/")
        self.assertEqual(self.up.asked, ["CONNECT web.test:80 HTTP/1.1"])
        why = self.run_here("pier", "why", "web", "http://web.test/")
        self.assertIn("desktop.http is http://" + AT[0], why.out)
        env = self.exec_in("web", "env").out
        self.assertNotIn(AT[0], env)

    def test_it_comes_and_goes_under_way(self):
        self.begin()
        self.gets("the world\n", "-x", URL, "http://web.test/")
        self.assertEqual(self.up.asked, [])
        self.name_proxy()

        def led():
            self.gets("the world\n", "-x", URL, "http://web.test/")
            return self.up.asked

        eventually(led, 20)
        self.choose(mode="none")

        def left():
            count = len(self.up.asked)
            self.gets("the world\n", "-x", URL, "http://web.test/")
            return len(self.up.asked) == count

        eventually(left, 20)

    def test_the_environment_goes_before_it(self):
        self.choose(http__host=AT[0], http__port="9", mode="manual")
        self.person.env["http_proxy"] = f"http://{AT[0]}:{AT[1]}"
        self.addCleanup(self.person.env.pop, "http_proxy")
        self.begin()
        self.gets("the world\n", "-x", URL, "http://web.test/")
        self.assertEqual(len(self.up.asked), 1)


if __name__ == "__main__":
    main()
