"""What is counted: it is what was done, it is read as Prometheus reads it, and
whoever means harm at its door is not felt behind it."""

import contextlib
import http.client
import json
import socket

import servers
from exposition import Exposition
from harness import Case, main
from namespaces import inside
from patience import eventually, stays
from program import Program, really_root
from scenery import WORLD

PORT = 9464
OBSERVER, STRANGER = 4343, 4344


class Metrics(Case):
    def setUp(self):
        super().setUp()
        self.settle(f'[metrics]\nlisten = "127.0.0.1:{PORT}"\n'
                    f"[console]\nobservers = [{OBSERVER}]\n")
        self.daemon = self.pierd()

    def printed(self):
        return Exposition(self.pier("metrics").out)

    def fetch(self, path="/metrics", method="GET", host=None, port=PORT):
        with inside(self.host.netns):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            line.connect()
        with contextlib.closing(line):
            line.request(method, path,
                         headers={"Host": host} if host else {})
            answer = line.getresponse()
            return answer.status, answer.read().decode()

    def scraped(self):
        status, text = self.fetch()
        self.assertEqual(status, 200, text)
        return Exposition(text)

    def web(self):
        return self.guest("tcp", "::", "80", name="web",
                          options=("-p", "8000:80"))

    def test_so_many_requests_are_so_many_flows(self):
        (self.scene.folder / "index.html").write_text("x" * 5000)
        self.own(servers.WebServer(self.world.netns, (WORLD[4], 80),
                                   self.scene.folder))
        self.web()
        for _ in range(5):
            done = self.exec_in("web", "curl", "-sS", f"http://{WORLD[4]}/")
            self.assertEqual(len(done.out), 5000)
        for _ in range(3):
            self.assert_greets("127.0.0.1", 8000, "80")
        done = self.exec_in("web", "curl", "-sS", f"http://{WORLD[4]}:9/")
        self.assertNotEqual(done.status, 0)
        out = {"container": "web", "direction": "out", "protocol": "tcp"}
        coming = {"container": "web", "direction": "in", "protocol": "tcp"}

        def all_is_counted():
            told = self.printed()
            return told if told.value(
                "pier_container_open_flows", **out) == 0 else None

        told = eventually(all_is_counted, 10)
        self.assertEqual(
            told.value("pier_container_flows_total", **out), 6)
        self.assertEqual(told.value("pier_container_refused_flows_total",
                                    reason="refused", **out), 1)
        self.assertGreater(told.value("pier_container_received_bytes_total",
                                      **out), 5 * 5000)
        # Whoever asks before anybody listens is refused, and asks again.
        port, = [labels["port"] for labels, _ in
                 told.series("pier_port_flows_total")]
        self.assertIn("8000:80", port)
        self.assertEqual(
            told.value("pier_port_flows_total", container="web", port=port),
            told.value("pier_container_flows_total", **coming))
        self.assertGreaterEqual(
            told.value("pier_port_flows_total", container="web", port=port), 3)
        self.assertEqual(told.value("pier_containers"), 1)

    def test_the_bytes_of_a_flow_are_counted_while_it_runs(self):
        self.web()
        client = self.connect(WORLD[4], 7, self.netns_of("web"))
        client.sendall(b"h" * 1000)
        out = {"container": "web", "direction": "out", "protocol": "tcp"}

        def sent():
            return self.printed().value("pier_container_sent_bytes_total",
                                        **out)

        eventually(lambda: sent() == 1000, 5)
        self.assertEqual(self.printed().value("pier_container_open_flows",
                                              **out), 1)
        self.assertEqual(sent(), 1000)

    def test_questions_are_counted_with_how_long_they_took(self):
        self.web()
        for name in "web.test", "web.iechor.internal":
            self.assertEqual(
                self.exec_in("web", "getent", "ahostsv4", name).status, 0)
        told = self.printed()
        for outcome in "own", "forwarded":
            self.assertGreaterEqual(
                told.value("pier_dns_questions_total", container="web",
                           outcome=outcome), 1)
        self.assertEqual(
            told.value("pier_dns_duration_seconds_count", container="web"),
            told.value("pier_dns_questions_total", container="web",
                       outcome="forwarded"))

    def test_the_page_is_what_is_printed(self):
        self.web()
        printed, scraped = self.printed(), self.scraped()
        self.assertEqual(printed.kinds, scraped.kinds)
        self.assertEqual(self.fetch("/")[0], 404)
        self.assertEqual(self.fetch(method="POST")[0], 405)
        self.assertEqual(self.fetch(host="evil.example")[0], 403)

    def test_no_counter_grows_less_whatever_dies(self):
        self.web()
        self.connect(WORLD[4], 7, self.netns_of("web")).close()
        before = self.printed().counters()
        for path in ("containers/web/sessions", "containers/web", "containers",
                     "gateway", "dns", "forwards", "root"):
            self.pier("kill", path)

            def is_told(before=before):
                told = self.printed().counters()
                return told if before.keys() <= told.keys() else None

            then = eventually(is_told, 10, f"all is counted after {path}")
            for key, value in before.items():
                self.assertGreaterEqual(then[key], value, (path, key))
            before = then
        told = self.printed()
        self.assertEqual(told.value("pier_container_restarts_total",
                                    container="web", actor="sessions"), 1)
        self.assertGreaterEqual(
            told.value("pier_restarts_total", actor="gateway"), 1)

    def test_the_series_of_a_container_go_with_it(self):
        self.web()
        self.connect(WORLD[4], 7, self.netns_of("web")).close()
        self.assertIn('container="web"', self.pier("metrics").out)
        self.pier("stop", "web")
        self.assertNotIn('container="web"', self.pier("metrics").out)

    def test_a_place_that_is_taken_is_told_and_tried_again(self):
        with inside(self.host.netns):
            taken = self.own(socket.create_server(("127.0.0.1", PORT + 1)))
        self.resettle(f'[metrics]\nlisten = "127.0.0.1:{PORT + 1}"\n')
        said = self.daemon.until_said("metrics cannot be had", where="stderr")
        self.assertIn(f"127.0.0.1:{PORT + 1}", said)
        self.assertIn("[metrics] listen chooses another place", said)
        self.assert_refused("127.0.0.1", PORT)
        taken.close()
        eventually(lambda: self.fetch(port=PORT + 1)[0] == 200, 15)
        self.resettle('[metrics]\nlisten = "off"\n')
        eventually(lambda: self.assert_refused("127.0.0.1", PORT + 1) is None,
                   10)

    def test_others_than_the_loopback_are_refused_with_the_mend(self):
        self.resettle('[metrics]\nlisten = "0.0.0.0:9464"\n')
        self.daemon.until_said("127.0.0.1:9464", where="stderr")
        done = self.run_here("pier", "settings", "check")
        self.assertEqual(done.status, 1, done)
        self.assertIn('write "127.0.0.1:9464" or "[::1]:9464"',
                      done.out + done.err)
        self.assertEqual(self.fetch()[0], 200)

    def test_observers_may_read_it_and_strangers_may_not(self):
        if not really_root():
            self.skipTest("one user alone is known here")
        place = self.person.folder / f"there-{self.fresh_name()}"
        self.resettle(f"[console]\nobservers = [{OBSERVER}]\n")
        daemon = self.start("pierd", "--runtime-dir", place)
        daemon.until_said("\n")
        env = self.person.env | {"HOME": "/", "XDG_RUNTIME_DIR": "/none"}
        for user, status in (OBSERVER, 0), (STRANGER, 1):
            done = Program(self.host, ["pier", "--runtime-dir", place,
                                       "metrics"], user, env).finish()
            self.assertEqual(done.status, status, done)
            if status == 0:
                Exposition(done.out)

    # ---- Harm at the door ----------------------------------------------------

    def mischief(self):
        """Connections that say nothing, half a head, too much of one, and what
        is no HTTP; answered, or hung up on."""
        made = []
        for number in range(200):
            with inside(self.host.netns):
                each = socket.socket()
            each.settimeout(10)
            made.append(self.own(each))
            with contextlib.suppress(OSError):
                each.connect(("127.0.0.1", PORT))
                each.sendall((b"", b"GET /metr", b"GET / HTTP/1.1\r\nX: "
                              + b"x" * 60000, b"\x16\x03\x01\x00"
                              * 500)[number % 4])
        return made

    def test_a_flood_of_the_hostile_keeps_nobody_out_and_is_not_felt(self):
        self.web()
        client = self.connect(WORLD[4], 7, self.netns_of("web"))

        def echoes():
            client.sendall(b"hello")
            return client.recv(64) == b"hello"

        descriptors = self.printed().value("process_open_fds")
        made = self.mischief()
        stays(echoes, 0.5, "a flow goes on")
        eventually(lambda: self.fetch()[0] == 200, 10)
        self.assertLess(self.printed().value("process_open_fds"),
                        descriptors + 40)
        for each in made:
            each.close()
        eventually(lambda: self.printed().value("process_open_fds")
                   <= descriptors + 2, 15, "all is given back")

    def test_who_does_not_read_holds_nothing_back(self):
        with inside(self.host.netns):
            slow = self.own(socket.socket())
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        slow.connect(("127.0.0.1", PORT))
        slow.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.assertEqual(self.fetch()[0], 200)
        self.printed()

    def test_json_is_one_string(self):
        text = json.loads(self.pier("metrics", "--json").out)
        Exposition(text)


if __name__ == "__main__":
    main()
