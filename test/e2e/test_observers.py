"""Users who may look, and nothing else."""

from harness import Case, main
from patience import eventually
from program import Program, really_root

# Known to nobody.
OBSERVER, STRANGER = 4343, 4344


class Observers(Case):
    def setUp(self):
        super().setUp()
        if not really_root():
            self.skipTest("one user alone is known here")
        self.place = self.person.folder / f"there-{self.fresh_name()}"
        self.settle(f"[console]\nobservers = [{OBSERVER}]\n")
        self.daemon = self.start("pierd", "--runtime-dir", self.place)
        self.daemon.until_said("\n")

    def as_user(self, user, *words):
        env = self.person.env | {"HOME": "/", "XDG_RUNTIME_DIR": "/none"}
        return Program(self.host, ["pier", "--runtime-dir", self.place,
                                   *words], user, env).finish()

    def test_an_observer_looks_and_changes_nothing(self):
        self.pier("--runtime-dir", self.place, "run", "-d", "--name", "web",
                  "--", "sleep", "infinity")
        for words in (["tree"], ["ps"], ["flows"], ["inspect", "web"],
                      ["forwards"]):
            done = self.as_user(OBSERVER, *words)
            self.assertEqual(done.status, 0, done)
        self.assertIn("web", self.as_user(OBSERVER, "ps").out)
        for words in (["stop", "web"], ["fault", "root"],
                      ["publish", "web", "8080:80"], ["settings", "reload"]):
            done = self.as_user(OBSERVER, *words)
            self.assertEqual(done.status, 1, done)
            self.assertIn("[console] observers may look", done.err)
        done = self.as_user(OBSERVER, "console", "-c", "tree")
        self.assertEqual(done.status, 1, done)
        self.assertIn("web", self.as_user(OBSERVER, "ps").out)

    def test_a_stranger_sees_nothing(self):
        done = self.as_user(STRANGER, "tree")
        self.assertNotEqual(done.status, 0, done)
        self.assertNotIn("gateway", done.out)

    def test_observers_change_live_and_the_way_is_closed_again(self):
        watch = Program(self.host, ["pier", "--runtime-dir", self.place,
                                    "events"], OBSERVER,
                        self.person.env | {"HOME": "/"})
        self.addCleanup(watch.kill)
        self.pier("--runtime-dir", self.place, "fault", "dns")
        self.assertEqual(self.place.stat().st_mode & 0o777, 0o711)
        self.resettle("[console]\nobservers = []\n")
        eventually(lambda: self.place.stat().st_mode & 0o777 == 0o700, 10,
                   "the folder is closed")
        socket = self.place / "pierd.sock"
        self.assertEqual(socket.stat().st_mode & 0o777, 0o600)
        watch.finish(10)
        self.assertNotEqual(self.as_user(OBSERVER, "tree").status, 0)
        self.pier("--runtime-dir", self.place, "tree")


if __name__ == "__main__":
    main()
