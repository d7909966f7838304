"""What goes through arrives: whole, in order, with its end as it was."""

import hashlib
import os
import shutil
import socket
import subprocess
import threading

import servers
from harness import Case, main
from patience import eventually, stays
from program import really_root
from scenery import WORLD


class Relay(Case):
    def setUp(self):
        super().setUp()
        self.netns = self.netns_of(self.container().name)

    def repository(self):
        """A bare repository with a megabyte in it, and its checksum."""
        work, bare = (self.person.folder / self.id() / name
                      for name in ("work", "bare.git"))
        work.mkdir(parents=True)
        data = os.urandom(1 << 20)
        (work / "data").write_bytes(data)
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-c",
               "init.defaultBranch=main", "-c", "safe.directory=*"]
        for words in (["init", "-q", "."], ["add", "data"],
                      ["commit", "-qm", "data"]):
            subprocess.run([*git, *words], cwd=work, check=True, timeout=30)
        subprocess.run([*git, "clone", "-q", "--bare", work, bare], check=True,
                       timeout=30)
        subprocess.run([*git, "update-server-info"], cwd=bare, check=True,
                       timeout=30)
        return bare, hashlib.sha256(data).hexdigest()

    def cloned(self, url, *options):
        target = f"/tmp/clone-{self.id()}"
        self.addCleanup(shutil.rmtree, target, ignore_errors=True)
        return self.succeeds(
            "pier", "run", *options, "--", "sh", "-euc",
            f"git -c safe.directory='*' clone -q {url} {target} && "
            f"sha256sum {target}/data", within=60).out.split()[0]

    # ---- Ends ----------------------------------------------------------------

    def test_a_half_closed_guest_gets_its_answer(self):
        for address in WORLD.values():
            self.own(servers.Server(self.world.netns, (address, 9000),
                                    servers.reads_all_then_says(b"bytes")))
            client = self.connect(address, 9000, self.netns)
            client.sendall(b"x" * 500000)
            client.shutdown(socket.SHUT_WR)
            self.assertEqual(client.recv(64), b"500000 bytes")
            self.assertEqual(client.recv(64), b"")

    def test_a_server_that_closes_first_still_hears_the_guest(self):
        heard = []

        def serve(connection, _client):
            connection.shutdown(socket.SHUT_WR)
            while data := connection.recv(64):
                heard.append(data)

        self.own(servers.Server(self.world.netns, (WORLD[4], 9000), serve))
        client = self.connect(WORLD[4], 9000, self.netns)
        self.assertEqual(client.recv(64), b"")
        client.sendall(b"after the end")
        client.close()
        eventually(lambda: b"".join(heard) == b"after the end", 5)

    def test_a_reset_of_the_server_reaches_the_guest_as_a_reset(self):
        self.own(servers.Server(self.world.netns, (WORLD[4], 9000),
                                servers.resets))
        client = self.connect(WORLD[4], 9000, self.netns)
        client.sendall(b"x")
        with self.assertRaises(ConnectionResetError):
            client.recv(64)

    def test_a_reset_of_the_guest_reaches_the_server_as_a_reset(self):
        ends = []

        def serve(connection, _client):
            try:
                while connection.recv(64):
                    pass
                ends.append("end")
            except ConnectionResetError:
                ends.append("reset")

        self.own(servers.Server(self.world.netns, (WORLD[4], 9000), serve))
        client = self.connect(WORLD[4], 9000, self.netns)
        client.sendall(b"x")
        servers.reset(client)
        eventually(lambda: ends == ["reset"], 5)

    def test_an_idle_connection_lives_on(self):
        client = self.connect(WORLD[4], 7, self.netns)
        client.sendall(b"a")
        self.assertEqual(client.recv(1), b"a")
        client.setblocking(False)

        def quiet():
            try:
                client.recv(1)
            except BlockingIOError:
                return True
            return False

        stays(quiet, 3)
        client.settimeout(5)
        client.sendall(b"b")
        self.assertEqual(client.recv(1), b"b")

    # ---- Backpressure --------------------------------------------------------

    def test_a_reader_who_stops_stops_the_writer(self):
        stalled = threading.Event()
        self.addCleanup(stalled.set)
        self.own(servers.Server(self.world.netns, (WORLD[4], 9000),
                                lambda *_: stalled.wait(60)))
        client = self.connect(WORLD[4], 9000, self.netns, within=2)
        sent = 0
        with self.assertRaises(TimeoutError):
            while sent < 1 << 28:
                sent += client.send(b"x" * 65536)
        self.assertLess(sent, 64 << 20)

    # ---- Much ----------------------------------------------------------------

    def test_a_big_transfer_arrives_unchanged_both_ways(self):
        size, pieces = 64 << 20, hashlib.sha256()
        client = self.connect(WORLD[4], 7, self.netns, within=30)
        block = os.urandom(1 << 20)

        def write():
            for _ in range(size >> 20):
                client.sendall(block)
            client.shutdown(socket.SHUT_WR)

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        count = 0
        while data := client.recv(1 << 20):
            pieces.update(data)
            count += len(data)
        writer.join(10)
        self.assertEqual(count, size)
        self.assertEqual(pieces.digest(),
                         hashlib.sha256(block * (size >> 20)).digest())

    def test_two_hundred_connections_at_once_are_kept_apart(self):
        clients = [self.connect(WORLD[4], 7, self.netns) for _ in range(200)]
        for number, client in enumerate(clients):
            client.sendall(b"%d\n" % number)
        for number, client in enumerate(clients):
            self.assertEqual(client.recv(64), b"%d\n" % number)

    def test_iperf3_runs_in_both_directions(self):
        server = subprocess.Popen(
            ["nsenter", "-t", str(self.world.pid), "--net", "--",
             "iperf3", "-s", "-p", "5201"], stdout=subprocess.DEVNULL)
        self.addCleanup(lambda: (server.kill(), server.wait()))
        eventually(lambda: self.connect(WORLD[4], 5201,
                                        self.host.netns).close() or True, 5)
        for direction in [], ["-R"]:
            done = self.succeeds(
                "pier", "run", "--", "iperf3", "-c", WORLD[4], "-t", "2",
                "--json", *direction)
            rate = done.json()["end"]["sum_received"]["bits_per_second"]
            self.assertGreater(rate, 100e6)

    def test_git_clones_over_http(self):
        bare, checksum = self.repository()
        self.own(servers.WebServer(self.world.netns, (WORLD[4], 80),
                                   bare.parent))
        self.assertEqual(self.cloned("http://web.test/bare.git", "-e",
                                     "GIT_TERMINAL_PROMPT=0"), checksum)

    def test_git_clones_over_ssh(self):
        if not really_root():
            self.skipTest("sshd needs the machine's own root")
        bare, checksum = self.repository()
        keys = self.person.folder / f"keys-{self.id()}"
        keys.mkdir()
        for name in "host", "own":
            subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f",
                            keys / name], check=True, timeout=30)
        if self.person.user:
            os.chown(keys / "own", self.person.user, self.person.user)
        (keys / "sshd_config").write_text(
            f"HostKey {keys}/host\nPidFile none\nUsePAM no\nStrictModes no\n"
            f"ListenAddress {WORLD[4]}:2222\nPermitRootLogin yes\n"
            f"AuthorizedKeysFile {keys}/own.pub\nSetEnv GIT_CONFIG_COUNT=1 "
            "GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=*\n")
        sshd = subprocess.Popen(
            ["nsenter", "-t", str(self.host.pid), "--mount",
             f"--net={self.world.netns}", "--", "/usr/sbin/sshd", "-De", "-f",
             keys / "sshd_config"], stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: (sshd.kill(), sshd.wait()))
        eventually(lambda: self.connect(WORLD[4], 2222,
                                        self.host.netns).close() or True, 5)
        ssh = (f"ssh -i {keys}/own -p 2222 -o StrictHostKeyChecking=no "
               "-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR")
        self.assertEqual(self.cloned(f"root@web.test:{bare}", "-e",
                                     f"GIT_SSH_COMMAND={ssh}"), checksum)


if __name__ == "__main__":
    main()
