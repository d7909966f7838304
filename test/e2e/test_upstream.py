"""Containers behind a proxy of the network around the host: asked for, or
without their knowledge."""

import ssl

import forge
import servers
from harness import Case, main
from patience import eventually
from scenery import DNS, WORLD
from origin import Origin
from proxy_case import URL
from upstreams import Upstream, start_squid, start_tinyproxy

LOGIN = "ann:p@ss/word"
ENCODED = "ann:p%40ss%2Fword"
AT = "10.213.0.1", 8888
HIDDEN = "hidden.example"  # a name that the upstream proxy alone knows


class Upstreams(Case):
    def setUp(self):
        super().setUp()
        self.scene.resolve_by(DNS[4])
        self.origin = self.own(Origin(self.world.netns, (WORLD[4], 80)))

    def upstream(self, login=None):
        return self.own(Upstream(self.world.netns, AT, login,
                                 {"web.test": WORLD[4], HIDDEN: WORLD[4]}))

    def begin(self, more="", login=None, scheme="http", name="web"):
        at = f"{login}@{AT[0]}:{AT[1]}" if login else f"{AT[0]}:{AT[1]}"
        self.settle('[containers_proxy]\nmode = "manual"\n'
                    f'http = "{scheme}://{at}"\nhttps = "{scheme}://{at}"\n'
                    + more)
        self.container(name=name)

    def curl(self, *words):
        return self.exec_in("web", "curl", "-sS", "-m", "40", *words,
                            within=60.0)

    def gets(self, text, *words):
        done = self.curl(*words)
        self.assertEqual((done.status, done.out), (0, text), done)

    def environment(self):
        """Of the container's command."""
        proc = self.host.proc(self.inspect("web")["pid"])
        return (proc / "environ").read_bytes().decode()

    def tls(self):
        """An https server of the world, whose certificate nobody knows."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(forge.certificate(self.scene.folder, "web.test"))

        def serve(connection, _client):
            with context.wrap_socket(connection, server_side=True) as secured:
                secured.recv(4096)
                secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n"
                                b"Connection: close\r\n\r\nsecret\n")

        self.own(servers.Server(self.world.netns, (WORLD[4], 443), serve))

    # ---- Asked for -----------------------------------------------------------

    def test_what_is_asked_of_ours_goes_by_the_next(self):
        up = self.upstream()
        self.begin()
        self.gets("the world\n", "-x", URL, f"http://{HIDDEN}/x")
        self.gets("the world\n", "-p", "-x", URL, f"http://{HIDDEN}:80/y")
        self.assertEqual(up.asked, [f"GET http://{HIDDEN}/x HTTP/1.1",
                                    f"CONNECT {HIDDEN}:80 HTTP/1.1"])

    def test_credentials_are_the_hosts_and_nobody_sees_them(self):
        self.upstream(LOGIN)
        self.begin(login=ENCODED)
        self.gets("the world\n", "-x", URL, f"http://{HIDDEN}/x")
        self.gets("the world\n", "-p", "-x", URL, f"http://{HIDDEN}:80/y")
        self.assertNotIn("Proxy-Authorization", str(self.origin.seen))
        told = [self.pier("tree").out, self.pier("settings", "show").out,
                self.pier("why", "web", f"{WORLD[4]}:443").out,
                self.pier("inspect", "web").out,
                self.environment()]
        for text in told:
            self.assertNotIn("word", text.replace("password", "").lower())
            self.assertNotIn("p@ss", text)
            self.assertNotIn(ENCODED, text)

    def test_credentials_may_stand_in_a_file(self):
        self.upstream(LOGIN)
        place = self.person.folder / "login"
        place.write_text(LOGIN + "\n")
        place.chmod(0o644)
        self.addCleanup(place.unlink)
        self.begin(f'credentials = "{place}"\n')
        self.gets("the world\n", "-x", URL, f"http://{HIDDEN}/x")
        place.write_text("ann:wrong\n")
        done = self.curl("-o", "-", "-w", "%{http_code}", "-x", URL,
                         f"http://{HIDDEN}/x")
        self.assertEqual(done.out[-3:], "502", done)

    def test_wrong_credentials_are_502_and_no_question_to_the_guest(self):
        self.upstream(LOGIN)
        self.begin(login="ann:wrong")
        for words in [], ["-p"]:
            done = self.curl("-v", *words, "-x", URL, f"http://{HIDDEN}:80/x")
            self.assertIn("502", done.err)
            self.assertNotIn("407", done.err)

    def test_an_upstream_that_is_not_there_is_502(self):
        self.begin()
        done = self.curl("-w", "%{http_code}", "-x", URL, "http://web.test/")
        self.assertEqual(done.out[-3:], "502", done)
        self.assertIn(f"{AT[0]}:{AT[1]}", done.out)

    def test_what_is_excluded_goes_directly(self):
        up = self.upstream()
        self.begin('exclude = ["web.test"]\n')
        self.gets("the world\n", "-x", URL, "http://web.test/")
        self.gets("the world\n", "http://web.test/")
        self.assertEqual(up.asked, [])

    def test_a_container_is_told_of_ours(self):
        up = self.upstream()
        self.begin()
        environment = self.environment()
        self.assertIn("HTTP_PROXY=" + URL, environment)
        for name in "http_proxy", "HTTPS_PROXY", "https_proxy", "no_proxy":
            self.assertIn(name + "=", environment)
        done = self.exec_in("web", "env", "http_proxy=" + URL, "curl", "-sS",
                            f"http://{HIDDEN}/")
        self.assertEqual(done.out, "the world\n", done)
        self.assertEqual(len(up.asked), 1)

    # ---- Without asking ------------------------------------------------------

    def test_ports_80_and_443_are_led_by_host_and_by_name(self):
        up = self.upstream()
        self.tls()
        self.begin()
        self.gets("the world\n", "http://web.test/")
        self.gets("secret\n", "-k", "https://web.test/")
        self.gets("the world\n", "--resolve", f"{HIDDEN}:80:192.0.2.1",
                  f"http://{HIDDEN}/")
        self.assertEqual(up.asked, ["CONNECT web.test:80 HTTP/1.1",
                                    "CONNECT web.test:443 HTTP/1.1",
                                    f"CONNECT {HIDDEN}:80 HTTP/1.1"])

    def test_other_ports_are_not_led_and_keep_the_gates_truth(self):
        up = self.upstream()
        self.begin()
        client = self.connect(WORLD[4], 7, netns=self.netns_of("web"))
        client.sendall(b"hello")
        self.assertEqual(client.recv(9), b"hello")
        with self.assertRaises(ConnectionRefusedError):
            self.connect(WORLD[4], 9, netns=self.netns_of("web"))
        self.assertEqual(up.asked, [])

    def test_where_the_server_speaks_first_nothing_stalls(self):
        up = self.upstream()
        self.own(servers.Server(self.world.netns, (WORLD[4], 25),
                                servers.says(b"220 welcome\r\n")))
        self.begin('transparent_ports = "*"\n')
        client = self.connect(WORLD[4], 25, netns=self.netns_of("web"))
        self.assertEqual(client.makefile("rb").readline(), b"220 welcome\r\n")
        self.assertEqual(up.asked, [f"CONNECT {WORLD[4]}:25 HTTP/1.1"])

    def test_a_hello_in_many_pieces_is_one_hello(self):
        up = self.upstream()
        self.own(servers.Server(self.world.netns, (WORLD[4], 443),
                                servers.echo))
        self.begin()
        context = ssl.create_default_context()
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        hello = context.wrap_bio(incoming, outgoing, server_hostname="web.test")
        with self.assertRaises(ssl.SSLWantReadError):
            hello.do_handshake()
        words = outgoing.read()
        client = self.connect(WORLD[4], 443, netns=self.netns_of("web"))
        for at in range(0, len(words), 50):
            client.sendall(words[at:at + 50])
        back = b""
        while len(back) < len(words):
            back += client.recv(65536)
        self.assertEqual(back, words)
        self.assertEqual(up.asked, ["CONNECT web.test:443 HTTP/1.1"])

    def test_who_is_led_to_nobody_is_reset(self):
        self.begin()
        client = self.connect(WORLD[4], 80, netns=self.netns_of("web"))
        client.sendall(b"GET / HTTP/1.1\r\nHost: web.test\r\n\r\n")
        with self.assertRaises(ConnectionResetError):
            client.recv(1)

    def test_led_to_no_proxy_at_all_everything_is_blocked(self):
        self.settle('[containers_proxy]\nmode = "manual"\n'
                    'transparent_ports = "*"\n')
        self.container(name="web")
        client = self.connect(WORLD[4], 7, netns=self.netns_of("web"))
        with self.assertRaises(ConnectionResetError):
            client.recv(1)
        told = self.run_here("pier", "why", "web", f"{WORLD[4]}:7",
                             "--json").json()
        self.assertEqual(told["cause"], "proxy_blocked")
        self.assertIn("containers_proxy.transparent_ports", told["text"])

    def test_why_finds_a_proxy_by_its_name_and_tries_it(self):
        self.settle('[containers_proxy]\nmode = "manual"\n'
                    'http = "http://localhost:9"\n')
        self.container(name="web")
        told = self.run_here("pier", "why", "web", f"http://{WORLD[4]}/",
                             "--json").json()
        self.assertEqual(told["cause"], "nothing_listens", told)
        self.assertIn("127.0.0.1:9", str(told["steps"]))

    # ---- Live, and of one container ------------------------------------------

    def test_it_comes_and_goes_under_way(self):
        up = self.upstream()
        self.settle("")
        self.pierd()
        for name in "web", "db":
            self.pier("run", "-d", "--name", name, "--", "sleep", "infinity")
            self.addCleanup(lambda name=name: self.run_here("pier", "stop",
                                                            name))
        self.gets("the world\n", "http://web.test/")
        self.assertEqual(up.asked, [])
        self.resettle('[containers_proxy]\nmode = "manual"\n'
                      f'http = "http://{ENCODED}@{AT[0]}:{AT[1]}"\n'
                      '[container.db.proxy]\nmode = "none"\n')
        eventually(lambda: "http://***@" in self.pier("events").out, 10)

        def led():
            self.gets("the world\n", "http://web.test/")
            return len(up.asked) > 0

        eventually(led, 10)
        before = len(up.asked)
        done = self.exec_in("db", "curl", "-sS", "http://web.test/")
        self.assertEqual(done.out, "the world\n", done)
        self.assertEqual(len(up.asked), before)
        for words in (["events"], ["settings", "show"], ["settings", "history"],
                      ["settings", "status"], ["tree"]):
            self.assertNotIn("p%40ss", self.pier(*words).out)

    def test_behind_an_air_gap_only_what_is_allowed_goes_by_it(self):
        up = self.upstream()
        self.begin(f'[policy]\nair_gap = true\nallow = ["{HIDDEN}"]\n')
        self.gets("the world\n", "-x", URL, f"http://{HIDDEN}/")
        done = self.curl("-w", "%{http_code}", "-o", "/dev/null", "-x", URL,
                         "http://web.test/")
        self.assertEqual(done.out, "403", done)
        self.assertEqual(len(up.asked), 1)

    def test_the_environment_of_the_host_counts_by_default(self):
        up = self.upstream()
        self.settle("")
        self.person.env["http_proxy"] = f"http://{AT[0]}:{AT[1]}"
        self.addCleanup(self.person.env.pop, "http_proxy")
        self.container(name="web")
        self.gets("the world\n", "http://web.test/")
        self.assertEqual(up.asked, ["CONNECT web.test:80 HTTP/1.1"])

    # ---- Real ones -----------------------------------------------------------

    def through_a_real_one(self):
        self.tls()
        self.gets("the world\n", "-x", URL, f"http://{WORLD[4]}/x")
        self.gets("secret\n", "-k", "-x", URL, f"https://{WORLD[4]}/")
        self.gets("secret\n", "-k", f"https://{WORLD[4]}/")

    def test_tinyproxy(self):
        if not start_tinyproxy(self, AT, "ann:secret"):
            self.skipTest("no tinyproxy: tools/setup --tests unpacks it")
        self.begin(login="ann:secret")
        self.through_a_real_one()

    def test_squid(self):
        if not start_squid(self, AT):
            self.skipTest("no squid: tools/setup --tests unpacks it")
        self.begin()
        self.through_a_real_one()
        self.gets("the world\n", "-x", URL, "http://web.test/x")


if __name__ == "__main__":
    main()
