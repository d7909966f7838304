"""Static forwards that begin, change and end while everything else runs."""

import os

import servers
from forward_case import ForwardCase, forward
from harness import main
from patience import eventually
from scenery import WORLD

MANY = int(os.environ.get("PIER_FORWARDS", "1000"))
FIRST = 20000


class ForwardsThatChange(ForwardCase):
    # ---- Starting ----------------------------------------------------------

    def test_one_that_cannot_listen_costs_no_other_and_tries_again(self):
        rival = servers.Server(self.host.netns, ("127.0.0.1", 8080),
                               servers.says(b"rival\n"))
        daemon = self.begin(forward("127.0.0.1:8080", f"{WORLD[4]}:7")
                            + forward("127.0.0.1:8081", f"{WORLD[4]}:7"))
        self.assertTrue(self.answers(8081))
        daemon.until_said("address already in use", where="stderr")
        told = self.listed()["tcp://127.0.0.1:8080"]
        self.assertFalse(told["open"])
        self.assertIn("address already in use", told["refusal"])
        self.assertIn("closed: listen tcp4 127.0.0.1:8080",
                      self.pier("forwards").out)
        rival.close()
        eventually(lambda: self.listed()["tcp://127.0.0.1:8080"]["open"], 20,
                   "the forward")
        self.assertTrue(self.answers(8080))

    def test_without_a_gateway_forwards_to_addresses_work(self):
        self.settle(forward("127.0.0.1:8080", f"{WORLD[4]}:7"))
        daemon = self.start("pierd", "--keeper", "/bin/false")
        daemon.until_said("\n")
        self.daemon = daemon
        daemon.until_said("gateway_lost", where="stderr")
        self.assertTrue(self.answers(8080))
        self.assertIn("obeyed", self.pier("settings", "status").out)
        self.change(forward("127.0.0.1:8081", f"{WORLD[4]}:7"))
        self.assertTrue(self.answers(8081))

    def test_a_killed_daemon_leaves_a_socket_that_the_next_one_replaces(self):
        path = self.sockets / "way.sock"
        daemon = self.begin(forward(f"unix://{path}", f"{WORLD[4]}:7"))
        self.assertTrue(path.is_socket())
        daemon.kill()
        self.assertTrue(path.is_socket())
        daemon = self.pierd()
        done = self.succeeds("sh", "-c",
                             f"echo hello | socat -t 5 - UNIX-CONNECT:{path}")
        self.assertEqual(done.out.strip(), "hello")
        self.succeeds("kill", daemon.inner_pid)
        daemon.finish()
        self.assertFalse(path.exists())

    def test_pier_run_leaves_forwards_to_the_daemon(self):
        self.settle(forward("127.0.0.1:8080", f"{WORLD[4]}:7"))
        self.container(name="alone")
        self.assert_refused("127.0.0.1", 8080)

    # ---- Changing ----------------------------------------------------------

    def test_a_new_target_is_for_new_clients(self):
        other = self.own(servers.Server(self.world.netns, (WORLD[4], 84),
                                        servers.says(b"other\n")))
        self.begin(forward("127.0.0.1:8080", f"{WORLD[4]}:7"))
        flow = self.flow(8080)
        self.change(forward("127.0.0.1:8080", f"{WORLD[4]}:{other.at[1]}"),
                    'forward."tcp://127.0.0.1:8080": { to = '
                    f'"{WORLD[4]}:7" }} -> {{ to = "{WORLD[4]}:84" }}')
        self.assertEqual(self.greeting("127.0.0.1", 8080), "other")
        self.assertTrue(flow.goes_on())

    def test_what_is_taken_away_is_reset_and_counted(self):
        both = (forward("127.0.0.1:8080", f"{WORLD[4]}:7")
                + forward("127.0.0.1:8081", f"{WORLD[4]}:7"))
        rest = forward("127.0.0.1:8081", f"{WORLD[4]}:7")
        self.begin(both)
        ends, stays = self.flow(8080), self.flow(8081)
        other = self.person.folder / "other.toml"
        other.write_text(rest)
        self.assertIn("1 connection would end",
                      self.pier("settings", "diff", other).out)
        self.assertTrue(ends.goes_on())
        self.change(rest, "the change has ended 1 flows")
        # Who is told so finds it done.
        self.assert_refused("127.0.0.1", 8080)
        self.assert_free(8080, reuse=True)
        eventually(lambda: ends.lost, 10, "the end")
        self.assertIsInstance(ends.lost, ConnectionResetError)
        self.assertTrue(stays.goes_on())

    def test_a_place_that_is_taken_refuses_the_file_as_a_whole(self):
        first = forward("127.0.0.1:8080", f"{WORLD[4]}:7")
        self.begin(first)
        flow = self.flow(8080)
        self.own(servers.Server(self.host.netns, ("127.0.0.1", 8082),
                                servers.echo))
        said = self.refuses_to_change(
            forward("127.0.0.1:8080", f"{WORLD[4]}:1")
            + forward("127.0.0.1:8081", f"{WORLD[4]}:7")
            + forward("127.0.0.1:8082", f"{WORLD[4]}:7"))
        self.assertIn("forward tcp://127.0.0.1:8082: listen tcp4 "
                      "127.0.0.1:8082: bind: address already in use", said)
        self.assertIn("NOT obeyed", self.pier("settings", "status").out)
        self.assertTrue(self.answers(8080))
        self.assert_refused("127.0.0.1", 8081)
        # The watch may try the same file once more at this moment.
        eventually(lambda: self.assert_free(8081) or True, 10, "it is free")
        self.assertTrue(flow.goes_on())

    def test_a_port_of_a_forward_is_no_containers(self):
        self.begin(forward("127.0.0.1:8080", f"{WORLD[4]}:7"))
        said = self.refused("run", "-d", "-p", "127.0.0.1:8080:80", "--",
                            "true", status=125)
        self.assertIn("port is already allocated (by forward "
                      "tcp://127.0.0.1:8080)", said)

    def test_a_forward_that_dies_loses_no_waiting_client(self):
        self.begin(forward("127.0.0.1:8080", f"{WORLD[4]}:7")
                   + forward("127.0.0.1:8081", f"{WORLD[4]}:7"))
        stays = self.flow(8081)
        for _ in range(3):
            self.pier("fault", "forwards/tcp://127.0.0.1:8080")
            self.assertTrue(self.answers(8080))
        self.assertTrue(stays.goes_on())
        self.pier("fault", "forwards")
        self.assertTrue(self.answers(8080))

    def test_of_many_forwards_under_load_one_is_changed_alone(self):
        ports = range(FIRST, FIRST + MANY)
        targets = {port: f"{WORLD[4]}:7" for port in ports}

        def text():
            return "".join(forward(f"127.0.0.1:{port}", to)
                           for port, to in targets.items())

        daemon = self.begin(text())
        eventually(lambda: all(each["open"]
                               for each in self.listed().values()), 30, "all")
        clients = {port: self.connect("127.0.0.1", port, within=30)
                   for port in ports}

        def all_speak():
            words = {port: os.urandom(256) for port in clients}
            for port, client in clients.items():
                client.sendall(words[port])
            for port, client in clients.items():
                got = b""
                while len(got) < 256:
                    piece = client.recv(256 - len(got))
                    self.assertTrue(piece, f"{port}: FIN")
                    got += piece
                self.assertEqual(got, words[port], port)

        all_speak()
        fresh = self.own(servers.Server(self.world.netns, (WORLD[4], 85),
                                        servers.says(b"fresh\n")))
        changed = FIRST + MANY // 2
        targets[changed] = f"{WORLD[4]}:{fresh.at[1]}"
        self.change(text(), f'forward."tcp://127.0.0.1:{changed}": ')
        self.assertEqual(daemon.err.count("settings: forward."), 1)
        all_speak()
        self.assertEqual(self.greeting("127.0.0.1", changed), "fresh")
        gone = FIRST + MANY // 3
        del targets[gone]
        self.change(text(), "the change has ended 1 flows")
        with self.assertRaises(ConnectionResetError):
            clients.pop(gone).recv(1)
        all_speak()
        self.assertTrue(daemon.running)


if __name__ == "__main__":
    main()
