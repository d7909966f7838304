"""The daemon's log: how much of which part of the tree, in which form, and
never a secret."""

import json

from harness import Case, main
from patience import eventually
from scenery import WORLD


class Log(Case):
    def setUp(self):
        super().setUp()
        self.settle("")
        self.daemon = self.pierd()

    def web(self, name="web"):
        self.pier("run", "-d", "--name", name, "--", "sleep", "infinity")

    def go_out(self, name):
        self.connect(WORLD[4], 7, self.netns_of(name)).close()

    def lines_about(self, path):
        return [line for line in self.daemon.err.splitlines()
                if f"[{path}]" in line]

    def test_one_subtree_is_told_of_and_no_other(self):
        self.web("web")
        self.web("db")
        self.go_out("web")
        self.assertEqual(self.lines_about("containers/web/sessions"), [])
        self.pier("log", "debug", "web")
        self.go_out("web")
        self.go_out("db")
        self.daemon.until_said("ended: ok", where="stderr")
        about = self.lines_about("containers/web/sessions")
        self.assertTrue(any("tcp-2: tcp" in line for line in about), about)
        self.assertEqual(self.lines_about("containers/db/sessions"), [])
        self.pier("log", "default", "web")
        before = len(self.lines_about("containers/web/sessions"))
        self.go_out("web")
        self.pier("kill", "containers/web/sessions")
        self.daemon.until_said("killed", where="stderr")
        self.assertEqual(
            [line for line in self.lines_about("containers/web/sessions")
             [before:] if "[debug]" in line], [])

    def test_what_holds_is_told(self):
        self.web()
        self.pier("log", "debug", "web", "--reason", "it hangs")
        self.pier("log", "warn", "dns")
        told = self.pier("log", "--json").json()
        self.assertEqual(told, [
            {"path": "root", "level": "info"},
            {"path": "containers/web", "level": "debug"},
            {"path": "dns", "level": "warn"}])
        self.assertIn("containers/web", self.pier("log").out)
        event, = [json.loads(line) for line in
                  self.pier("events", "--json", "web").out.splitlines()
                  if '"log_changed"' in line]
        self.assertEqual(event["path"], "containers/web")
        self.assertEqual(event["text"], "debug, it hangs")

    def test_it_works_in_a_console(self):
        self.web()
        done = self.pier("console", "-c", "log debug web; log")
        self.assertIn("containers/web", done.out)
        self.assertRegex(self.pier("events").out, "console_acted.*: log web")

    def test_what_is_not_there_is_refused_with_the_mend(self):
        self.assertIn("see pier tree", self.refused("log", "debug", "nobody"))
        self.assertIn("is no level", self.refused("log", "loud"))
        self.pier("log", "default", "nobody")

    def test_level_and_format_change_live(self):
        self.resettle('[log]\nformat = "json"\n')
        self.daemon.until_said('log.format: "human" -> "json"',
                               where="stderr")
        self.web()
        line = eventually(
            lambda: [line for line in self.daemon.err.splitlines()
                     if '"actor":"containers/web"' in line], 10)[0]
        read = json.loads(line)
        self.assertEqual(sorted(read), ["actor", "level", "text", "time"])
        self.resettle('[log]\nformat = "json"\nlevel = "off"\n')
        eventually(lambda: self.pier("log", "--json").json()
                   == [{"path": "root", "level": "off"}], 10)
        said = len(self.daemon.err)
        self.web("db")
        self.pier("stop", "db")
        self.assertEqual(self.daemon.err[said:], "")

    def test_a_flood_of_lines_is_bounded(self):
        self.web()
        self.pier("log", "debug", "web")
        netns = self.netns_of("web")
        for _ in range(150):
            self.connect(WORLD[4], 7, netns).close()
        self.daemon.until_said("more lines in 10 s", 30, where="stderr")
        about = self.lines_about("containers/web/sessions")
        self.assertLess(len(about), 150)

    def test_a_secret_is_in_no_line_and_no_event(self):
        secret = "hunter2"
        self.resettle("[ssh_agent]\nconfirm = "
                      f'"ask --by http://ann:{secret}@gate.test/"\n')
        self.daemon.until_said("ssh_agent.confirm", where="stderr")
        said = eventually(lambda: [
            line for line in self.pier("events").out.splitlines()
            if "ssh_agent.confirm" in line], 10)
        self.assertIn("http://***@gate.test/", said[0])
        self.web()
        self.pier("log", "trace")
        self.pier("kill", "dns", "--reason",
                  f"see http://ann:{secret}@gate.test/")
        self.daemon.until_said("***@gate.test", where="stderr")
        self.assertNotIn(secret, self.pier("events").out)
        self.assertNotIn(secret, self.daemon.err)


if __name__ == "__main__":
    main()
