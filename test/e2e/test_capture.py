"""`pier capture`: the packets of one container, or of one port, and of nobody
else; its filters, its ends, and that it holds nobody back."""

import json
import os
import shutil
import signal
import subprocess

import servers
from harness import Case, main
from patience import eventually
from pcapng import Capture
from scenery import WORLD
from terminal import Terminal

SECRET_A, SECRET_B = b"the bytes of A", b"the bytes of B"


class Captures(Case):
    def setUp(self):
        super().setUp()
        self.pierd()
        for port, text in (8081, SECRET_A), (8082, SECRET_B):
            self.own(servers.Server(self.world.netns, (WORLD[4], port),
                                    servers.says(text)))
        for name in "a", "b":
            self.pier("run", "-d", "--name", name, "--", "sleep", "infinity")

    def capturing(self, *words, **how):
        """A capture that has begun."""
        program = self.start("pier", "capture", *words, **how)
        program.until_said("Ctrl-C ends it", where="stderr")
        return program

    def ended(self, program, number=signal.SIGINT):
        """Ends it; answers what it has captured."""
        if number:
            program.signal(number)
        done = program.finish()
        self.assertEqual(done.status, 0, done)
        return Capture(done.raw)

    def fetch(self, name, port):
        with self.connect(WORLD[4], port, self.netns_of(name)) as client:
            while client.recv(4096):
                pass

    def address(self, name):
        return self.inspect(name)["address"]["v4"]

    def events(self, kind):
        out = self.pier("events", "--json").out.splitlines()
        return [each for each in map(json.loads, out) if each["what"] == kind]

    def captures(self, name="a"):
        containers, = [each for each in self.tree()["children"]
                       if each["name"] == "containers"]
        it, = [each for each in containers["children"] if each["name"] == name]
        return [each for each in it["children"] if each["kind"] == "capture"]

    def test_all_of_one_container_and_nothing_of_another(self):
        program = self.capturing("a")
        self.fetch("a", 8081)
        self.fetch("b", 8082)
        self.fetch("a", 8081)
        seen = self.ended(program)
        a, b = self.address("a"), self.address("b")
        everything = b"".join(each.data for each in seen.packets)
        self.assertEqual(everything.count(SECRET_A), 2)
        self.assertNotIn(SECRET_B, everything)
        self.assertFalse(seen.of(b))
        self.assertEqual((seen.received, seen.dropped),
                         (len(seen.packets), 0))
        syn = seen.of(a)[0]
        self.assertFalse(syn.inbound)
        self.assertEqual(syn.addresses(), (a, WORLD[4]))
        answer, = [each for each in seen.packets if SECRET_A in each.data][:1]
        self.assertTrue(answer.inbound)
        times = [each.nanoseconds for each in seen.packets]
        self.assertLess(max(times) - min(times), 60 * 10**9)
        self.assertEqual(seen.interface[9], b"\x09")
        self.assertIn(b"container a", seen.interface[3])
        self.assertIn(b"all packets of container a", seen.section[1])

    def test_guests_see_each_other_where_they_talk(self):
        program = self.capturing("a")
        self.pier("run", "-d", "--name", "d", "--", "python3", "-B",
                  "/mnt/e2e/guest.py", "tcp", "0.0.0.0", "80")
        d = self.address("d")
        self.assert_greets(d, 80, "80", self.netns_of("a"))
        self.assert_greets(d, 80, "80", self.netns_of("b"))
        seen = self.ended(program)
        talk = seen.of(d)
        self.assertTrue(talk)
        self.assertEqual({self.address("a"), d},
                         {each for one in talk for each in one.addresses()})

    def test_a_filter_lets_in_what_it_says(self):
        program = self.capturing("a", "--filter", "tcp dst port 8082")
        self.fetch("a", 8081)
        self.fetch("a", 8082)
        seen = self.ended(program)
        self.assertTrue(seen.packets)
        self.assertEqual({each.ports()[1] for each in seen.packets}, {8082})
        self.assertEqual(seen.interface[11], b"\0tcp dst port 8082")

    def test_inbound_is_what_comes_to_the_container(self):
        for word, way in ("inbound", True), ("outbound", False):
            program = self.capturing("a", "--filter", f"tcp and {word}")
            self.fetch("a", 8081)
            seen = self.ended(program)
            self.assertEqual({each.inbound for each in seen.packets}, {way})

    def test_what_is_wrong_is_told_before_anybody_is_asked(self):
        said = self.refused("capture", "a", "--filter", "tcp prot 80")
        self.assertIn('--filter "tcp prot 80"', said)
        self.assertIn("syntax error", said)
        self.assertIn("No such container: nobody",
                      self.refused("capture", "nobody"))
        self.assertIn("no container publishes 9999/tcp",
                      self.refused("capture", "9999"))
        self.assertIn("cannot write to /nowhere/file",
                      self.refused("capture", "a", "-o", "/nowhere/file"))
        self.assertIn("--count", self.refused("capture", "a", "--count", "0"))

    def test_of_a_port_its_own_connections_are_seen(self):
        self.pier("run", "-d", "--name", "p", "-p", "8000:80", "-p", "8001:81",
                  "--", "python3", "-B", "/mnt/e2e/guest.py", "tcp", "0.0.0.0",
                  "80", "81")
        self.assert_greets("127.0.0.1", 8000, "80")
        self.assert_greets("127.0.0.1", 8001, "81")
        program = self.capturing("8000")
        p, a = self.address("p"), self.address("a")
        self.assert_greets("127.0.0.1", 8000, "80")
        self.assert_greets("127.0.0.1", 8001, "81")
        self.assert_greets(p, 80, "80", self.netns_of("a"))
        self.fetch("p", 8081)
        seen = self.ended(program)
        self.assertTrue(seen.packets)
        for each in seen.packets:
            self.assertIn((p, 80), zip(each.addresses(), each.ports()))
            self.assertNotIn(a, each.addresses())
        self.assertIn(b"port 80 of container p", seen.section[1])

    def test_it_ends_by_count_and_by_time(self):
        program = self.capturing("a", "--count", "3")
        self.fetch("a", 8081)
        self.assertEqual(len(self.ended(program, None).packets), 3)
        self.assertIn("3 packets captured, 0 dropped", program.err)
        program = self.capturing("a", "--seconds", "1", "--json")
        self.assertEqual(self.ended(program, None).dropped, 0)
        self.assertIn('"dropped": 0', program.err)

    def test_packets_are_cut_where_that_is_wanted(self):
        program = self.capturing("a", "-s", "60")
        self.fetch("a", 8081)
        seen = self.ended(program)
        self.assertEqual(max(len(each.data) for each in seen.packets), 60)
        self.assertGreater(max(each.length for each in seen.packets), 60)

    def test_it_ends_with_its_container_and_is_an_event(self):
        program = self.capturing("a", "--json")
        one, = self.captures()
        self.assertEqual(one["name"], "capture-1")
        self.assertTrue(dict(one["facts"])["client"].startswith("user "))
        self.fetch("a", 8081)
        self.pier("stop", "a")
        seen = self.ended(program, None)
        self.assertIn(SECRET_A, b"".join(e.data for e in seen.packets))
        begun, = self.events("capture_begun")
        self.assertIn("process", begun["text"])
        self.assertEqual(begun["path"], "containers/a/capture-1")
        self.assertEqual(begun["container"], "a")
        eventually(lambda: self.events("capture_ended"), 10, "the event")

    def test_it_is_killed_by_hand_and_ends_with_pierd(self):
        program = self.capturing("a")
        self.pier("kill", "containers/a/capture-1")
        self.ended(program, None)
        self.assertIn("it is over", program.err)
        eventually(lambda: not self.captures(), 10, "the end of the actor")
        program = self.capturing("b")
        self.daemon_killed()
        self.ended(program, None)

    def daemon_killed(self):
        daemon, = [each for each in self._programs if each.words == ("pierd",)]
        daemon.kill()

    def test_a_reader_that_stops_reading_harms_nobody(self):
        out, into = os.pipe()
        self.addCleanup(os.close, out)
        program = self.capturing("a", stdout=into)
        os.close(into)
        # More than pipe and ring hold; nobody reads.
        sink = self.own(servers.Server(self.world.netns, (WORLD[4], 8083),
                                       servers.reads_all_then_says(b"bytes")))
        size = 64 << 20
        with self.connect(*sink.at, self.netns_of("a"), within=60) as client:
            client.sendall(bytes(size))
            client.shutdown(1)
            self.assertEqual(client.recv(64), b"%d bytes" % size)
        self.fetch("b", 8082)
        program.signal(signal.SIGINT)
        done = program.finish(20)
        self.assertEqual(done.status, 0, done)
        dropped = int(done.err.split(" captured, ")[1].split()[0])
        self.assertGreater(dropped, 0, done)

    def test_one_that_hangs_holds_no_stop_back(self):
        program = self.capturing("a")
        with program.suspended():
            self.pier("stop", "a", within=20)
            self.assertNotIn("left behind", self.pier("events").out)
        self.ended(program, None)

    def test_a_reader_that_goes_ends_it(self):
        program = self.start(
            "sh", "-c", "pier capture a | head -c 30 >/dev/null")
        program.until_said("Ctrl-C ends it", where="stderr")
        self.fetch("a", 8081)
        self.assertEqual(program.finish().status, 0)
        eventually(lambda: not self.captures(), 10, "the end of the actor")

    def test_in_a_terminal(self):
        file = self.person.folder / "a.pcapng"
        at = Terminal(self, "sh", columns=120)
        at.press("pier capture a", "Enter")
        at.shows("stdout is a terminal", "-o")
        at.press(f"pier capture a -o {file}; echo status $?", "Enter")
        at.shows("Ctrl-C ends it")
        self.fetch("a", 8081)
        at.press("C-c")
        at.shows("packets captured, 0 dropped", "status 0")
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.assertIn(SECRET_A, b"".join(
            each.data for each in Capture(file.read_bytes()).packets))

    def test_in_a_console_of_this_machine(self):
        file = self.person.folder / "console.pcapng"
        program = self.start("pier", "console", "-c",
                             f"capture a -o {file} --count 4")
        program.until_said("Ctrl-C ends it", where="stderr")
        self.fetch("a", 8081)
        self.assertEqual(program.finish().status, 0)
        self.assertEqual(len(Capture(file.read_bytes()).packets), 4)

    def test_tcpdump_reads_it(self):
        if not shutil.which("tcpdump"):
            self.skipTest("no tcpdump here")
        file = self.person.folder / "web.pcapng"
        program = self.capturing("a", "-o", file)
        self.fetch("a", 8081)
        program.signal(signal.SIGTERM)
        self.assertEqual(program.finish().status, 0)
        text = subprocess.run(
            ["tcpdump", "-n", "-r", str(file)], check=True, timeout=20,
            capture_output=True, text=True).stdout
        self.assertIn(f"{WORLD[4]}.8081: Flags [S]", text)

    def test_eight_at_once_and_all_are_given_back(self):
        all_of_them = [self.capturing("a", "-o", "/dev/null")
                       for _ in range(8)]
        self.assertIn("8 captures of container a",
                      self.refused("capture", "a"))
        for each in all_of_them:
            each.kill()
        eventually(lambda: not self.captures(), 10, "the end of the actors")
        self.capturing("a", "-o", "/dev/null").kill()


class Embedded(Case):
    def test_a_run_without_a_daemon_is_captured(self):
        program = self.container(name="web")
        sight = self.start("pier", "capture", "web", "--count", "3")
        sight.until_said("Ctrl-C ends it", where="stderr")
        self.connect(WORLD[4], 7, self.netns_of("web")).close()
        self.assertEqual(len(Capture(sight.finish().raw).packets), 3)
        self.assertTrue(program.running)


if __name__ == "__main__":
    main()
