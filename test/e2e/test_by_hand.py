"""What a person does to the tree by hand: kill, restart, drain, pause and
resume; and the events that say so."""

import errno
import json

import servers
from harness import Case, main
from patience import eventually
from scenery import WORLD


class ByHand(Case):
    def setUp(self):
        super().setUp()
        self.pierd()
        self.server = self.guest("tcp", "::", "80", name="web",
                                 options=("-p", "8000:80"))
        self.assert_greets("127.0.0.1", 8000, "80")

    def events(self, *words):
        out = self.pier("events", "--json", *words).out
        return [json.loads(line) for line in out.splitlines()]

    def kinds(self, *words):
        return [each["what"] for each in self.events(*words)]

    def refuses(self, port):
        try:
            self.connect("127.0.0.1", port).close()
        except ConnectionRefusedError:
            return True
        return False

    def flow(self):
        """A connection that the container has begun."""
        made = self.connect(WORLD[4], 7, self.netns_of("web"))
        made.sendall(b"80")
        self.assertEqual(made.recv(64), b"80")
        return made

    def sessions(self):
        """Of flows out; what asked whether the port serves may still end."""
        return [each["path"] for each in self.pier("flows", "--json").json()
                if each["direction"] == "out"]

    def test_a_killed_session_resets_its_peers(self):
        made = self.flow()
        path, = self.sessions()
        self.pier("kill", path, "--reason", "it hangs")
        with self.assertRaises(ConnectionResetError):
            made.recv(64)
        told = [each for each in self.events("web")
                if each["what"] == "killed"]
        self.assertEqual([(each["path"], each["text"]) for each in told],
                         [(path, "it hangs")])
        self.assertIn("fault", self.kinds(path))

    def test_a_restarted_port_loses_no_client(self):
        with self.connect("127.0.0.1", 8000) as there:
            for _ in range(20):
                self.pier("restart", "8000")
            self.assertEqual(self.greeting("127.0.0.1", 8000), "80")
            self.assertEqual(there.recv(64), b"80\n")
        self.assertNotIn("fault", self.kinds("web"))

    def test_a_restarted_container_keeps_its_command(self):
        pid = self.inspect("web")["pid"]
        for path in "web", "root/containers", "gateway", "root":
            self.pier("restart", path)
        eventually(lambda: self.inspect("web")["pid"] == pid, 10, "the command")
        self.assert_greets("127.0.0.1", 8000, "80")

    def test_a_paused_port_refuses_and_those_who_are_there_stay(self):
        there = self.connect("127.0.0.1", 8000)
        self.assertEqual(there.recv(64), b"80\n")
        self.pier("pause", "127.0.0.1:8000", "--reason", "lunch")
        self.assertTrue(self.refuses(8000))
        self.pier("restart", "web")
        self.assertTrue(self.refuses(8000))
        port, = [each for each in self.tree()["children"][2]["children"][0]
                 ["children"] if each["kind"] == "published_port"]
        self.assertEqual(port["state"], "paused")
        self.pier("resume", "8000")
        self.assert_greets("127.0.0.1", 8000, "80")
        self.assertEqual(
            [each for each in self.kinds("containers/web/port 8000:80")
             if each in ("paused", "resumed")], ["paused", "resumed"])

    def test_a_drained_container_ends_when_its_last_flow_has(self):
        made = self.flow()
        left = self.run_here("pier", "drain", "web", "--timeout", "0",
                             "--json")
        self.assertEqual((left.status, left.json()["left"]), (1, 1))
        with self.assertRaises(OSError) as caught:
            self.connect(WORLD[4], 7, self.netns_of("web"))
        self.assertEqual(caught.exception.errno, errno.ECONNREFUSED)
        self.assertTrue(self.refuses(8000))
        waiting = self.start("pier", "drain", "web", "--timeout", "60")
        eventually(lambda: self.tree()["children"][2]["children"][0]["state"]
                   == "paused", 10, "the pause")
        self.assertTrue(waiting.running)
        made.close()
        self.assertEqual(waiting.finish().out, "web: no flow is left\n")
        self.pier("resume", "web")
        self.flow().close()
        self.assert_greets("127.0.0.1", 8000, "80")

    def test_a_paused_forward_refuses_until_it_is_resumed(self):
        self.own(servers.WebServer(self.world.netns, (WORLD[4], 80),
                                   self.scene.folder))
        self.settle(f'[[forward]]\nlisten = "tcp://127.0.0.1:8080"\n'
                    f'to = "{WORLD[4]}:80"\n')
        self.pier("settings", "reload")
        self.connect("127.0.0.1", 8080).close()
        self.pier("pause", "8080")
        self.assertTrue(self.refuses(8080))
        self.pier("kill", "forwards/tcp://127.0.0.1:8080")
        self.assertTrue(self.refuses(8080))
        eventually(lambda: self.run_here("pier", "resume", "8080").status == 0,
                   10, "resume")
        self.connect("127.0.0.1", 8080).close()

    def test_what_cannot_be_done_is_refused_in_words(self):
        self.assertIn("no actor at nobody: see pier tree",
                      self.refused("kill", "nobody"))
        self.assertIn("can be paused", self.refused("pause", "gateway"))
        self.assertIn("no actor at 9999", self.refused("drain", "9999"))
        made = self.flow()
        path, = self.sessions()
        self.assertIn("never restarted", self.refused("restart", path))
        made.close()

    def test_who_follows_hears_first_what_was_kept(self):
        follower = self.start("pier", "events", "--follow", "web")
        follower.until_said("port_opened")
        self.pier("pause", "web")
        follower.until_said("paused")
        self.pier("stop", "web")
        out = follower.until_said("removed")
        self.assertLess(out.index("started"), out.index("paused"))


if __name__ == "__main__":
    main()
