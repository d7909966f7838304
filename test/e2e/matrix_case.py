"""What the tests of real clients have in common: what they come for, in the
world, and the ways there."""

import shutil

import forge
from clients import (PATH, Way, end_to_end, packages_for_apt,
                     packages_for_npm, pages, repository)
from harness import Case
from scenery import DNS, PEERS, WORLD, unpacked
from socks_case import ON

AT = "10.213.0.1", 8888
WEB, TLS = "http://web.test", "https://web.test"
INSIDE = "http://web.container.internal"


class MatrixCase(Case):
    maxDiff = None
    url = WEB

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Real proxies ask the resolver of the world, not of this machine.
        cls.world.sh(f"mount --bind {cls.scene.folder}/etc /etc")
        cls.goods = cls.scene.folder / "goods"
        cls.fill(cls.goods)
        cls.certificate = forge.certificate(cls.scene.folder, "web.test")

    @classmethod
    def fill(cls, goods):
        goods.mkdir()
        pages(goods)
        (goods / "folder").mkdir()
        packages_for_apt(goods / "apt")
        packages_for_npm(goods / "npm", f"{cls.url}/files/npm")
        repository(goods, 4000)
        # Whoever serves them may take a push.
        cls.host.sh(f"chmod -R a+rwX {goods}")

    def setUp(self):
        super().setUp()
        self.scene.resolve_by(DNS[4])
        self.seen = []
        for address in WORLD.values():
            for port, tls in (80, None), (443, self.certificate):
                server = self.own(forge.Forge(
                    self.world.netns, (address, port), self.goods, tls))
                server.seen = self.seen

    def npm(self):
        """Its words, where it is installed. Debian's node looks for modules
        below /usr/share: unpacked ones go there before a container is made."""
        if shutil.which("npm", path=PATH):
            return ["npm"]
        node = unpacked("node")
        if not node:
            self.skipTest("no npm: tools/setup --tests unpacks it")
        self.host.sh("mount -t overlay overlay -o "
                     f"lowerdir={PEERS}/share:/usr/share /usr/share")
        return [*node, "/usr/share/nodejs/npm/bin/npm-cli.js"]

    def way(self, name, entry, of_curl=(), **env):
        folder = self.scene.folder / "ways"
        folder.mkdir(exist_ok=True)
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return Way(name, entry, folder, env, of_curl)

    def way_at_host(self, name, **env):
        return self.way(name, self.host.entry(), **env)

    def way_in(self, container, name, **env):
        proc = self.host.proc(self.inspect(container)["pid"])
        return self.way(name, ["nsenter", f"--net={proc}/ns/net",
                               f"--mount={proc}/ns/mnt",
                               f"--pid={proc}/ns/pid", "--"], **env)

    def proxies_of(self, container):
        """What `pier run` has told its command."""
        proc = self.host.proc(self.inspect(container)["pid"])
        words = (proc / "environ").read_bytes().decode().split("\0")
        return {name: value for name, _, value in
                (word.partition("=") for word in words)
                if name.lower().endswith("_proxy")}

    def assert_same(self, what, straight, *ways):
        """What the client gets, and what the world's server hears of it."""
        def told(way):
            del self.seen[:]
            got = what(way)
            return got, [(line.rpartition(" ")[0], end_to_end(fields.items()))
                         for line, fields in self.seen]

        expected = told(straight)
        for way in ways:
            with self.subTest(way=way.name):
                self.assertEqual(told(way), expected)
        return expected[0]


class BehindCase(MatrixCase):
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

    def all_say_the_same(self, what):
        expected = what(self.straight)
        for way in self.asked, self.led:
            with self.subTest(way=way.name):
                self.assertEqual(what(way), expected)


class InsideCase(MatrixCase):
    def into(self, *lines, **env):
        """The server is in a container, `straight` is there with it, and
        `asked` at the host."""
        self.settle(ON + "".join(f"{line}\n" for line in lines))
        self.pierd()
        self.container(
            "-p", "127.0.0.1:8080:80", "--add-host",
            "web.container.internal:127.0.0.1", name="web",
            command=("python3", "-B", "/mnt/e2e/forge.py", self.goods,
                     "80")).until_said("ready")
        self.straight = self.way_in("web", "straight")
        self.asked = self.way_at_host("asked", **env)
