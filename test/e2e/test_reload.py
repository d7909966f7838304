"""Settings that change while everything runs: what differs is changed, at once,
and nothing else is touched."""

import shutil
import signal

from harness import main
from patience import eventually
from reloading import Reloading
from scenery import WORLD


class Reload(Reloading):
    # ---- The ways to say so ------------------------------------------------

    def test_a_file_that_is_replaced_is_obeyed_at_once(self):
        daemon = self.begin("", "web")
        self.assertEqual(self.dig("web", "db.lab"), [])
        self.resettle('[network.hosts]\n"db.lab" = "10.9.0.7"\n')
        self.until_obeyed(daemon, 'network.hosts."db.lab"')
        self.assertEqual(self.dig("web", "db.lab"), ["10.9.0.7"])
        # And one that is written in place.
        self.place.write_text('[network.hosts]\n"db.lab" = "10.9.0.8"\n')
        daemon.until_said('"10.9.0.7" -> "10.9.0.8"', where="stderr")
        self.assertEqual(self.dig("web", "db.lab"), ["10.9.0.8"])

    def test_a_folder_that_is_made_later_is_watched_too(self):
        shutil.rmtree(self.place.parent, ignore_errors=True)
        daemon = self.pierd()
        for seconds in "7s", "8s":
            self.settle(f'[timeouts]\nstop = "{seconds}"\n')
            daemon.until_said(f'-> "{seconds}"', where="stderr")
            shutil.rmtree(self.place.parent)
            daemon.until_said(f'"{seconds}" -> "10s"', where="stderr")

    def test_a_link_may_lead_elsewhere(self):
        for number in 1, 2:
            (self.person.folder / f"{number}.toml").write_text(
                f'[timeouts]\nstop = "{number}s"\n')
        self.settle("")
        self.place.unlink()
        self.place.symlink_to(self.person.folder / "1.toml")
        daemon = self.pierd()
        link = self.place.with_suffix(".link")
        link.symlink_to(self.person.folder / "2.toml")
        link.rename(self.place)
        daemon.until_said('"1s" -> "2s"', where="stderr")
        (self.person.folder / "2.toml").write_text(
            '[timeouts]\nstop = "3s"\n')
        daemon.until_said('"2s" -> "3s"', where="stderr")

    def test_sighup_reads_the_file_again(self):
        daemon = self.begin("")
        daemon.signal(signal.SIGHUP)
        daemon.until_said("SIGHUP", where="stderr")
        self.assertTrue(daemon.running)

    # ---- What cannot be obeyed ---------------------------------------------

    def test_a_broken_file_changes_nothing_and_every_mistake_is_told(self):
        daemon = self.begin('[network.hosts]\n"db.lab" = "10.9.0.7"\n', "web")
        self.resettle("[dns]\nupstraem = 1\n[network]\nmtu = 70000\n")
        said = self.refused("settings", "reload")
        told = self.status()
        daemon.until_said("the ones before stay in force", where="stderr")
        for text in said, told, daemon.err:
            self.assertIn("pier.toml:2:1: dns.upstraem: there is no such key; "
                          'did you mean "upstream"?', text)
            self.assertIn("pier.toml:4:7: network.mtu: 70000 is out of range",
                          text)
        self.assertEqual(self.dig("web", "db.lab"), ["10.9.0.7"])
        self.resettle('[network.hosts]\n"db.lab" = "10.9.0.8"\n')
        daemon.until_said('"10.9.0.7" -> "10.9.0.8"', where="stderr")
        self.assertIn("obeyed", self.status())

    def test_what_cannot_be_obeyed_is_refused_as_a_whole(self):
        self.begin("", "web")
        self.resettle('[network]\nsubnet = "10.213.0.0/28"\n'
                     'hosts."db.lab" = "10.9.0.7"\n')
        self.assertIn("network.subnet: 10.213.0.0/28 overlaps the host's route "
                      "10.213.0.0/24 dev ", self.refused("settings", "reload"))
        self.assertEqual(self.dig("web", "db.lab"), [])

    def test_the_line_of_pierd_wins_over_its_file_as_at_the_start(self):
        self.settle("")
        daemon = self.start("pierd", "--subnet", "10.78.0.0/16")
        daemon.until_said("\n")
        self.resettle('[network]\nsubnet = "10.77.0.0/16"\n'
                     'hosts."db.lab" = "10.9.0.7"\n')
        self.until_obeyed(daemon, "network.hosts")
        self.assertNotIn("subnet", daemon.err)

    # ---- What it touches ---------------------------------------------------

    def test_rules_end_what_they_forbid_and_nothing_else(self):
        self.begin("", "web", "db")
        ends, stays = self.flow("web"), self.flow("db")
        text = f'[container.web]\ndeny = ["{WORLD[4]}"]\n'
        other = self.person.folder / "other.toml"
        other.write_text(text)
        told = self.pier("settings", "diff", other).out
        self.assertIn("1 connection would end", told)
        self.assertTrue(ends.goes_on() and stays.goes_on())
        self.place.write_text(text)
        eventually(lambda: ends.lost, 10, "the end")
        self.assertIsInstance(ends.lost, ConnectionResetError)
        self.assertTrue(stays.goes_on())

    # ---- The past ----------------------------------------------------------

    def test_what_was_obeyed_can_be_had_again(self):
        first = '[network.hosts]\n"db.lab" = "10.9.0.7"\n'
        daemon = self.begin(first, "web")
        self.resettle('[network.hosts]\n"db.lab" = "10.9.0.8"\n')
        daemon.until_said('"10.9.0.7" -> "10.9.0.8"', where="stderr")
        self.resettle("broken")
        self.refused("settings", "reload")
        self.pier("settings", "rollback")
        self.assertEqual(self.place.read_text(), first)
        self.assertEqual(self.dig("web", "db.lab"), ["10.9.0.7"])
        told = self.pier("settings", "history").out
        self.assertIn("replaced by a rollback", told)
        self.pier("settings", "rollback", "2")
        self.assertEqual(self.dig("web", "db.lab"), ["10.9.0.8"])
        self.assertIn("no settings 77", self.refused(
            "settings", "rollback", "77"))
        for path in self.state.rglob("*-good"):
            self.assertEqual(path.stat().st_mode & 0o777, 0o600)

    def test_with_a_broken_file_pierd_starts_with_the_last_good_one(self):
        self.begin('[network.hosts]\n"db.lab" = "10.9.0.7"\n').kill()
        self.place.write_text("[nonsense]\n")
        daemon = self.pierd()
        daemon.until_said("started with the last settings that were good",
                          where="stderr")
        self.assertIn("nonsense", self.status())
        self.container(name="web")
        self.assertEqual(self.dig("web", "db.lab"), ["10.9.0.7"])

    def test_after_a_kill_in_the_middle_of_a_reload_it_starts_again(self):
        texts = [f'[timeouts]\nstop = "{n}s"\n' for n in range(1, 9)]
        self.settle("")
        self.own_folder()
        for text in texts:
            daemon = self.pierd()
            self.resettle(text)
            daemon.signal(signal.SIGHUP)
            daemon.kill()
        self.pierd()
        self.assertIn("obeyed", self.status())
        (folder,) = (self.state / "settings").iterdir()
        for path in folder.glob("*-good"):
            self.assertIn(path.read_text(), texts)


if __name__ == "__main__":
    main()
