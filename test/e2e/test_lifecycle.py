"""A container's life from the outside: what goes in, what comes out, and what
the exit status says."""

import fcntl
import os
import pty
import signal
import struct
import termios

from harness import Case, main
from patience import eventually

OURS = 125


class Lifecycle(Case):
    def sh(self, script, *options, **how):
        return self.run_here("pier", "run", *options, "--", "sh", "-c", script,
                             **how)

    # ---- Ends ----------------------------------------------------------------

    def test_the_exit_status_is_the_commands_own(self):
        for status in 0, 3, 125, 255:
            self.assertEqual(self.sh(f"exit {status}").status, status)
        self.assertEqual(self.sh("kill -TERM $$").status, 128 + 15)
        self.assertEqual(self.sh("kill -KILL $$").status, 128 + 9)

    def test_a_command_that_is_not_there_is_127(self):
        done = self.run_here("pier", "run", "--", "no-such-program")
        self.assertEqual(done.status, 127, done)
        self.assertIn("no-such-program", done.err)

    def test_a_command_that_cannot_be_run_is_126(self):
        done = self.run_here("pier", "run", "--", "/etc/passwd")
        self.assertEqual(done.status, 126, done)
        self.assertIn("/etc/passwd", done.err)

    def test_what_pier_cannot_do_is_125(self):
        for words in (["--no-such-option"], ["--name", "a b", "--", "true"],
                      ["--network", "moon", "--", "true"], [],
                      ["-e", "=x", "--", "true"],
                      ["--add-host", "x:y", "--", "true"],
                      ["--rootfs", "/no/such", "--", "true"],
                      ["--mount", "type=bind,src=/no/such,target=/x", "--",
                       "true"]):
            said = self.refused("run", *words, status=OURS)
            self.assertEqual(said.count("\n"), 0, said)
            self.assertTrue(said.startswith("pier: "), said)

    # ---- Signals -------------------------------------------------------------

    def test_signals_are_passed_on(self):
        guest = self.guest("catch", "SIGUSR1", "SIGINT", "SIGTERM")
        for name in "SIGUSR1", "SIGINT", "SIGTERM":
            guest.signal(getattr(signal, name))
            guest.until_said(f"got {name}")
        self.assertEqual(guest.finish().status, 7)

    def test_a_stop_asks_first_and_kills_the_deaf(self):
        guest = self.guest("catch", "SIGTERM")
        self.pier("stop", guest.name)
        self.assertEqual(guest.finish().status, 7)
        deaf = self.container(command=("sh", "-c",
                                       "trap '' TERM; echo ready; read x"))
        deaf.until_said("ready")
        self.pier("stop", deaf.name)
        self.assertEqual(deaf.finish().status, 128 + 9)

    def test_a_container_dies_with_its_supervisor(self):
        guest = self.container()
        inner = self.inspect(guest.name)["pid"]
        guest.signal(9)
        guest.finish()
        eventually(lambda: not self.host.proc(inner).exists(), 5)

    # ---- In and out ----------------------------------------------------------

    def test_standard_input_goes_in_with_i_and_only_then(self):
        done = self.person.run(
            "sh", "-c", "echo hello | pier run -i -- cat; echo nothing | "
            "pier run -- cat; pier run -- sh -c 'echo oops >&2'")
        self.assertEqual((done.out, done.err), ("hello\n", "oops\n"), done)

    def test_a_megabyte_goes_through_a_pipe_unchanged(self):
        done = self.succeeds(
            "sh", "-c", "head -c 1000000 /dev/zero | pier run -i -- cat | "
            "wc -c")
        self.assertEqual(done.out.strip(), "1000000")

    def test_t_gives_a_real_terminal_of_the_right_size(self):
        master, slave = pty.openpty()
        self.addCleanup(os.close, master)
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 42, 99, 0, 0))
        program = self.start(
            "setsid", "--ctty", "--wait", "pier", "run", "-it", "--", "sh",
            "-c", "stty size; tty; read x; echo got:$x; stty size; read y",
            stdin=slave, stdout=slave, stderr=slave)
        os.close(slave)
        seen = b""

        def until(text):
            nonlocal seen
            while text not in seen:
                seen += os.read(master, 4096)
            seen = seen.partition(text)[2]

        os.set_blocking(master, True)
        until(b"42 99")
        until(b"/dev/")
        fcntl.ioctl(master, termios.TIOCSWINSZ,
                    struct.pack("4H", 24, 80, 0, 0))
        os.write(master, b"word\n")
        until(b"got:word")
        until(b"\n")
        until(b"24 80")
        os.write(master, b"\n")
        self.assertEqual(program.finish().status, 0)

    def test_t_without_a_terminal_is_refused_with_i(self):
        said = self.refused("run", "-it", "--", "true", status=OURS)
        self.assertIn("the input device is not a TTY", said)

    # ---- What it finds -------------------------------------------------------

    def test_the_environment_is_what_was_asked_for(self):
        done = self.succeeds(
            "pier", "run", "-e", "A=1 2", "-e", "MINE", "--", "sh", "-c",
            "echo $A:$MINE:$SECRET", env={"MINE": "yes", "SECRET": "no"})
        self.assertEqual(done.out, "1 2:yes:\n")

    def test_the_host_name_and_hosts_file_are_its_own(self):
        done = self.succeeds(
            "pier", "run", "--name", "boat", "--add-host", "a.test:10.1.2.3",
            "--add-host", "me.test:host-gateway", "--", "sh", "-c",
            "hostname; getent hosts a.test me.test boat; cat /etc/resolv.conf")
        self.assertTrue(done.out.startswith("boat\n"), done)
        for text in ("10.1.2.3", "192.168.65.254", "nameserver 192.168.65.1"):
            self.assertIn(text, done.out)
        named = self.succeeds("pier", "run", "--hostname", "ship", "--",
                              "hostname")
        self.assertEqual(named.out, "ship\n")

    def test_a_mounted_folder_is_seen_and_written_unless_read_only(self):
        folder = self.person.folder / "shared"
        self.succeeds("mkdir", folder)
        self.succeeds(
            "pier", "run", "--mount", f"type=bind,src={folder},target=/srv",
            "--", "sh", "-c", "echo hello >/srv/file")
        self.assertEqual((folder / "file").read_text(), "hello\n")
        done = self.run_here(
            "pier", "run", "--mount",
            f"type=bind,src={folder},target=/srv,readonly", "--", "sh", "-c",
            "cat /srv/file; echo no >/srv/file")
        self.assertEqual(done.out, "hello\n")
        self.assertNotEqual(done.status, 0)

    def test_it_sees_its_own_processes_and_network_only(self):
        done = self.succeeds(
            "pier", "run", "--", "sh", "-c",
            "ps -e -o pid= | wc -l; ip -br link; cat /proc/1/comm")
        self.assertLess(int(done.out.split()[0]), 8, done)
        self.assertNotIn("10.213", done.out)

    # ---- Networks ------------------------------------------------------------

    def test_the_hosts_network_is_shared_and_ports_are_discarded(self):
        done = self.sh("ip -br address", "--network", "host", "-p", "8080:80")
        self.assertEqual(done.status, 0, done)
        self.assertIn("10.213.0.2", done.out)
        self.assertIn("Published ports are discarded when using host network "
                      "mode", done.err)

    def test_without_a_network_there_is_a_loopback_only(self):
        done = self.sh("ip -br link; ping -c1 -W1 127.0.0.1 >/dev/null; "
                       "ip route", "--network", "none")
        self.assertEqual(len(done.out.splitlines()), 1, done)
        self.assertIn("lo", done.out)


if __name__ == "__main__":
    main()
