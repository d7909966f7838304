"""Ports that are published already follow the settings, and whoever follows the
events hears of it."""

import json
import socket

from harness import Case, main
from patience import eventually


class ReloadOfPorts(Case):
    def reload(self, text):
        self.settle(text)
        self.pier("settings", "reload")

    def begin(self, *options):
        self.settle("")
        self.pierd()
        return self.guest("order", "0.0.0.0", "80",
                          options=("-p", "8080:80", *options))

    def assert_resets(self, address, port):
        """Somebody answers, and nobody is there."""
        with self.assertRaises(ConnectionResetError):
            self.connect(address, port).recv(1)

    def backlogs(self):
        told = self.host.net("ss", "-Hlnt", "sport", "=", ":8080")
        return {line.split()[2] for line in told.splitlines()}

    # ---- Ports -------------------------------------------------------------

    def test_a_port_that_is_published_becomes_ready_and_strict_again(self):
        guest = self.begin()
        self.assert_refused("127.0.0.1", 8080)
        self.reload('[ports]\nready = "listening"\n')
        self.assert_resets("127.0.0.1", 8080)
        guest.stdin.write(b"listen\n")
        guest.stdin.flush()
        self.assert_greets("127.0.0.1", 8080, "open")
        client = self.connect("127.0.0.1", 8080)
        self.assertEqual(client.recv(9), b"open\n")
        self.reload('[ports]\nready = "strict"\n')
        self.assert_greets("127.0.0.1", 8080, "open")
        guest.stdin.write(b"close\n")
        guest.stdin.flush()
        eventually(lambda: self.connect_ex("127.0.0.1", 8080), 5, "refusal")
        client.sendall(b"still here")
        self.assertEqual(client.recv(20), b"still here")

    def connect_ex(self, address, port):
        made = self.socket_in(self.host.netns, socket.AF_INET)
        return made.connect_ex((address, port)) != 0

    def test_a_listener_has_the_new_backlog_at_once(self):
        self.begin()
        self.reload('[ports]\nready = "listening"\nbacklog = 7\n')
        self.assertEqual(self.backlogs(), {"7"})
        self.reload('[ports]\nready = "listening"\nbacklog = 33\n')
        self.assertEqual(self.backlogs(), {"33"})

    # ---- Events ------------------------------------------------------------

    def test_whoever_follows_events_hears_of_each_reload(self):
        self.begin()
        follower = self.start("pier", "events", "--follow", "--json")
        # It follows as soon as it hears of something.
        eventually(lambda: self.stirred(follower), 10, "the first event")
        self.reload('[ports]\nbacklog = 9\n[timeouts]\nstop = "9s"\n')
        follower.until_said("timeouts.stop")
        self.settle("[ports]\nbacklog = 0\n[nonsense]\n")
        self.refused("settings", "reload")
        follower.until_said("nonsense")
        told = {(each["what"], each["text"])
                for each in map(json.loads, follower.out.splitlines())}
        self.assertIn(("settings_changed", "ports.backlog: 4096 -> 9"), told)
        self.assertIn(("settings_changed",
                       'timeouts.stop: "10s" -> "9s"'), told)
        refused = [text for what, text in told if what == "settings_refused"]
        for why in ("pier.toml:2:11: ports.backlog: 0 is out of range",
                    "pier.toml:3:2: nonsense: "):
            self.assertEqual(sum(why in text for text in refused), 1, refused)

    def stirred(self, follower):
        self.run_here("pier", "run", "--", "true")
        return follower.out


if __name__ == "__main__":
    main()
