"""pierd, the commands that speak to it or to an embedded run, and what is left
when somebody is killed."""

import os
import re
import signal
import socket
import subprocess

from books import Books
from harness import Case, main
from namespaces import inside
from patience import eventually
from program import USER, Program, really_root
from scenery import WORLD


class Daemon(Case):
    def web(self, name="web", *options):
        self.pier("run", "-d", "--name", name, *options, "--", "python3", "-B",
                  "/mnt/e2e/guest.py", "tcp", "::", "80")

    def nothing_left(self, before):
        """No process, listener or link that was not there."""
        eventually(lambda: self.host.pids() <= before, 10,
                   "every process has gone")
        self.assertEqual(self.host.net("ss", "-Hltnup"), "")
        links = self.host.net("ip", "-o", "link")
        self.assertEqual(len(links.splitlines()), 2, links)
        self.assertNotIn("nsfs", self.host.sh("cat /proc/mounts"))

    # ---- Commands ------------------------------------------------------------

    def commands_work(self, name):
        table = self.pier("ps").out
        self.assertRegex(table, rf"{name}.*0\.0\.0\.0:8080->80/tcp")
        (row,) = self.pier("ps", "--json").json()
        self.assertEqual((row["name"], row["state"]), (name, "running"))
        self.assertEqual(self.pier("port", name, "80").out.split(),
                         ["0.0.0.0:8080", "[::]:8080"])
        self.assertIn("80/tcp -> 0.0.0.0:8080", self.pier("port", name).out)
        self.assertIn(name, self.pier("tree").out)
        self.pier("publish", name, "127.0.0.1:8081:80")
        self.assert_greets("127.0.0.1", 8081, "80")
        self.pier("unpublish", name, "127.0.0.1:8081:80")
        self.assert_refused("127.0.0.1", 8081)
        said = self.refused("port", name, "99")
        self.assertIn("99", said)
        self.assertEqual(self.pier("stop", name).out, f"{name}\n")
        self.assert_free(8080, reuse=True)
        said = self.refused("stop", "nobody")
        self.assertIn("nobody", said)

    def test_the_commands_speak_to_pierd(self):
        self.pierd()
        self.web("web", "-p", "8080:80")
        self.assert_greets("127.0.0.1", 8080, "80")
        self.commands_work("web")

    def test_the_commands_speak_to_an_embedded_run(self):
        run = self.guest("tcp", "::", "80", options=["-p", "8080:80"])
        self.commands_work(run.name)
        run.finish()

    def test_a_name_in_use_is_refused_wherever_it_is_used(self):
        run = self.container()
        said = self.refused("run", "--name", run.name, "--", "true", status=125)
        self.assertIn(run.name, said)
        self.pierd()
        self.web("web")
        said = self.refused("run", "-d", "--name", "web", "--", "true",
                            status=125)
        self.assertIn("web", said)

    def test_two_embedded_runs_live_side_by_side(self):
        one = self.guest("tcp", "::", "80", options=["-p", "8080:80"])
        two = self.guest("tcp", "::", "80", options=["-p", "8081:80"])
        self.assert_greets("127.0.0.1", 8080, "80")
        self.assert_greets("127.0.0.1", 8081, "80")
        self.pier("stop", one.name)
        self.assert_greets("127.0.0.1", 8081, "80")
        self.pier("stop", two.name)

    def test_guests_reach_each_other_directly(self):
        self.pierd()
        self.web("one")
        at = self.inspect("one")["address"]
        self.container(name="two")
        netns = self.netns_of("two")
        for version in "v4", "v6":
            self.assert_greets(at[version], 80, "80", netns)

    def test_every_command_has_help_with_an_example(self):
        listed = re.findall(r"^  (\w+)  ", self.pier("--help").out, re.M)
        for command in listed + ["attach", "doctor"]:
            self.assertIn("pier " + command,
                          self.pier(command, "--help").out)
        self.assertIn("Example", self.succeeds("pierd", "--help").out)

    def test_doctor_says_what_this_machine_allows(self):
        done = self.run_here("pier", "doctor")
        self.assertIn("ping_group_range", done.out, done)
        self.run_here("pier", "doctor", "--json").json()

    # ---- The daemon itself ---------------------------------------------------

    def test_pierd_is_ready_when_it_says_so_and_tells_systemd(self):
        path = str(self.person.folder / "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
            heard.bind(path)
            os.chmod(path, 0o777)
            heard.settimeout(20)
            daemon = self.pierd(env={"NOTIFY_SOCKET": path})
            self.assertIn(b"READY=1", heard.recv(256))
        os.unlink(path)
        self.assertIn("pierd: ready on", daemon.out)
        self.assertEqual(self.pier("ps", "-q").out, "")
        socket_path = daemon.out.split()[-1]
        self.assertEqual(os.stat(socket_path).st_mode & 0o777, 0o600)
        daemon.signal(signal.SIGTERM)
        self.assertEqual(daemon.finish().status, 0)
        self.assertFalse(os.path.exists(socket_path))

    def test_a_second_pierd_is_refused(self):
        first = self.pierd()
        done = self.run_here("pierd")
        self.assertEqual(done.status, 125, done)
        self.assertIn(str(first.inner_pid), done.err)

    def test_a_stale_socket_is_replaced(self):
        first = self.pierd()
        path = first.out.split()[-1]
        first.kill()
        self.assertTrue(os.path.exists(path))
        self.pierd()
        self.assertEqual(self.pier("ps", "-q").out, "")

    def test_run_d_starts_a_daemon_that_ends_with_its_container(self):
        before = self.host.pids()
        self.web("web", "-p", "8080:80")
        self.assert_greets("127.0.0.1", 8080, "80")
        self.pier("stop", "web")
        self.nothing_left(before)

    def test_somebody_else_is_not_heard(self):
        path = self.pierd().out.split()[-1]
        probe = ["python3", "-c", (
            "import socket; s = socket.socket(socket.AF_UNIX);"
            f" s.connect({path!r}); print('connected')")]
        self.assertEqual(self.run_here(*probe).out, "connected\n")
        if not really_root():
            self.skipTest("somebody else takes a root to make")
        self.person.runtime.chmod(0o755)
        self.addCleanup(self.person.runtime.chmod, 0o700)
        other = Program(self.host, probe, USER + 1, self.person.env)
        self.assertIn("PermissionError", other.finish().err)

    # ---- Killed --------------------------------------------------------------

    def test_pierd_killed_leaves_nothing_behind(self):
        before = self.host.pids()
        daemon = self.pierd()
        self.web("web", "-p", "8080:80")
        self.assert_greets("127.0.0.1", 8080, "80")
        held = self.connect("127.0.0.1", 8080)
        held.recv(64)
        daemon.kill()
        self.nothing_left(before)
        # The kernel still says goodbye to the client that was there.
        self.assert_free(8080, reuse=True)

    def test_an_embedded_run_killed_leaves_nothing_behind(self):
        before = self.host.pids()
        run = self.guest("tcp", "::", "80", options=["-p", "8080:80"])
        self.assert_greets("127.0.0.1", 8080, "80")
        run.kill()
        self.nothing_left(before)
        self.assert_free(8080, reuse=True)

    def test_a_killed_keeper_is_reborn_and_no_connection_is_lost(self):
        daemon = self.pierd()
        self.web("web", "-p", "8080:80")
        self.assert_greets("127.0.0.1", 8080, "80")
        netns = self.netns_of("web")
        inward = self.connect("127.0.0.1", 8080)
        inward.recv(64)
        outward = self.connect(WORLD[4], 7, netns)
        for keeper in self.keepers(daemon):
            self.host.sh(f"kill -KILL {keeper}")
        for client in inward, outward:
            client.sendall(b"alive")
            self.assertEqual(client.recv(64), b"alive")
        self.assert_greets("127.0.0.1", 8080, "80")
        eventually(lambda: self.connect(WORLD[4], 7, netns, 1).close() or True,
                   10, "a new connection goes out")
        eventually(lambda: self.dig(netns), 10, "names are answered")

    @staticmethod
    def dig(netns):
        return subprocess.run(
            ["nsenter", f"--net={netns}", "--", "dig", "+short", "+tries=1",
             "+time=1", "@192.168.65.1", "host.iechor.internal"], text=True,
            capture_output=True, timeout=10).stdout == "192.168.65.254\n"

    def keepers(self, daemon):
        """Children of pierd that are pier-keeper, the shims of containers
        (`sandbox`) left out."""
        found = []
        for pid in self.host.pids():
            words = (self.host.proc(pid) / "cmdline").read_bytes().split(b"\0")
            if words[0].endswith(b"pier-keeper") and b"sandbox" not in words:
                found.append(pid)
        self.assertTrue(found, "no keeper runs")
        return found

    # ---- Attach --------------------------------------------------------------

    def test_a_foreign_namespace_is_plugged_in_and_out(self):
        if self.person.user:
            self.skipTest("a user namespace beside the gateway's is not "
                          "plugged in yet")
        holder = self.start("unshare", *(["-Ur"] if self.person.user else []),
                            "-n", "sh", "-c", "ip link set lo up; echo ready; "
                            "exec python3 -B /mnt/e2e/guest.py tcp :: 80")
        holder.until_said("ready\nready")
        plug = self.start("pier", "attach", "--netns", holder.inner_pid,
                          "--name", "lab", "-p", "8080:80")
        self.assert_greets("127.0.0.1", 8080, "80")
        client = self.connect(WORLD[4], 7,
                              str(self.host.proc(holder.inner_pid) / "ns/net"))
        client.sendall(b"x")
        self.assertEqual(client.recv(1), b"x")
        self.pier("stop", "lab")
        self.assertEqual(plug.finish().status, 0)
        self.assertTrue(holder.running)
        self.assert_free(8080, reuse=True)

    def test_a_namespace_is_plugged_out_though_the_keeper_dies(self):
        if self.person.user:
            self.skipTest("a user namespace beside the gateway's is not "
                          "plugged in yet")
        daemon = self.pierd()
        holder = self.start("unshare", "-n", "sh", "-c",
                            "echo ready; exec sleep infinity")
        holder.until_said("ready")
        self.pier("attach", "-d", "--netns", holder.inner_pid, "--name", "lab")
        netns = str(self.host.proc(holder.inner_pid) / "ns/net")
        books = Books(self, daemon)
        with books.keeper_suspended():
            stop = self.start("pier", "stop", "lab")
            # Its ports are closed, its link is next: that is asked of nobody.
            eventually(lambda: self.state_of("lab") == "stopping", 10)
            books.kill_keeper()
        self.assertEqual(stop.finish().status, 0)
        with inside(netns):
            links = [name for _, name in socket.if_nameindex()]
        self.assertNotIn("eth0", links)

    def state_of(self, name):
        node = self.pier("tree", "--json").json()[0]["root"]
        for step in ("containers", name):
            node, = (child for child in node["children"]
                     if child["name"] == step)
        return node["state"]

    def test_a_named_namespace_is_plugged_in(self):
        if self.person.user:
            self.skipTest("a named namespace belongs to root")
        self.host.sh("ip netns add lab")
        self.addCleanup(self.host.sh, "ip netns del lab")
        self.start("pier", "attach", "--netns", "/run/netns/lab", "--name",
                   "lab")
        eventually(lambda: "192.168.65." in self.host.sh(
            "ip netns exec lab ip -br address"), 10)
        self.pier("stop", "lab")
        eventually(lambda: "192.168.65." not in self.host.sh(
            "ip netns exec lab ip -br address"), 5)


if __name__ == "__main__":
    main()
