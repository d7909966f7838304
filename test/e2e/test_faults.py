"""Bugs on purpose: an exception in each kind of actor under live traffic ends
what it should and nothing else, and leaves nothing behind."""

import contextlib
import socket

from harness import Case, main
from patience import eventually
from scenery import WORLD


def nodes(tree, path=None):
    """Every (path, node) of a tree, the root's path being empty."""
    here = ("" if path is None else f"{path}/{tree['name']}" if path
            else tree["name"])
    yield here, tree
    for child in tree["children"]:
        yield from nodes(child, here)


class Live:
    """A connection that is to live, or to die."""

    def __init__(self, client):
        self.client = client

    def alive(self):
        self.client.sendall(b"alive")
        got = b""
        while len(got) < 5 and (data := self.client.recv(5 - len(got))):
            got += data
        return got == b"alive"

    def ended(self):
        with contextlib.suppress(ConnectionError):
            self.client.settimeout(5)
            self.client.sendall(b"x")
            while self.client.recv(64):
                pass
        return True


class Faults(Case):
    def setUp(self):
        super().setUp()
        self.daemon = self.pierd()
        self.netns, self.traffic = {}, {}
        for name, port in ("one", 8001), ("two", 8002):
            self.pier("run", "-d", "--name", name, "-p", f"{port}:80", "--",
                      "python3", "-B", "/mnt/e2e/guest.py", "tcp", "::", "80")
            self.assert_greets("127.0.0.1", port, "80")
            self.netns[name] = self.netns_of(name)
            inward = self.connect("127.0.0.1", port)
            self.assertEqual(inward.recv(3), b"80\n")
            self.traffic[name] = {
                "in": Live(inward),
                "out": Live(self.connect(WORLD[4], 7, self.netns[name]))}

    def strike(self, wanted, container=""):
        """The first actor of a kind (of a container) dies of an exception;
        answers its path when its supervisor has noticed."""
        for path, node in nodes(self.tree()):
            if node["kind"] == wanted and container in path.split("/") + [""]:
                self.pier("fault", path)
                if wanted != "session":
                    eventually(
                        lambda: self.restarts(path) > node["restarts"], 5,
                        f"{path} is restarted")
                return path
        raise AssertionError(f"no {wanted} of {container!r} in the tree")

    def restarts(self, path):
        return dict(nodes(self.tree()))[path]["restarts"]

    def everything_works(self):
        for name, port in ("one", 8001), ("two", 8002):
            self.assert_greets("127.0.0.1", port, "80")
            client = Live(self.connect(WORLD[4], 7, self.netns[name]))
            self.assertTrue(client.alive())
        self.assertEqual(
            {row["name"]: row["state"]
             for row in self.pier("ps", "--json").json()},
            {"one": "running", "two": "running"})

    def lives(self, *names):
        for name in names:
            for way, live in self.traffic[name].items():
                self.assertTrue(live.alive(), f"{name} {way}")

    def dies(self, *names):
        for name in names:
            for live in self.traffic[name].values():
                live.ended()

    # ---- What dies with what -------------------------------------------------

    def test_a_session_dies_alone(self):
        self.strike("session", "one")
        ended = []
        for way, live in self.traffic["one"].items():
            try:
                live.client.settimeout(3)
                if not live.alive():
                    ended.append(way)
            except ConnectionError:
                ended.append(way)
        self.assertEqual(len(ended), 1, ended)
        self.lives("two")
        self.everything_works()

    def test_a_port_dies_without_losing_a_client(self):
        self.strike("published_port", "one")
        self.lives("one", "two")
        self.everything_works()

    def test_a_ports_clients_wait_while_it_is_reborn(self):
        clients = [self.connect("127.0.0.1", 8001) for _ in range(20)]
        self.strike("published_port", "one")
        clients += [self.connect("127.0.0.1", 8001) for _ in range(20)]
        for client in clients:
            self.assertEqual(client.recv(3), b"80\n")
        self.everything_works()

    def test_the_sessions_of_a_container_die_together(self):
        self.strike("sessions", "one")
        self.dies("one")
        self.lives("two")
        self.everything_works()

    def test_a_container_actor_dies_without_its_process(self):
        pid = self.inspect("one")["pid"]
        self.strike("container", "one")
        self.dies("one")
        self.lives("two")
        self.everything_works()
        self.assertEqual(self.inspect("one")["pid"], pid)

    def test_the_gateway_actor_dies_without_costing_a_connection(self):
        self.strike("gateway")
        self.lives("one", "two")
        self.everything_works()

    def test_the_dns_actor_dies_without_costing_an_answer(self):
        for _ in range(3):
            self.strike("dns")
            done = self.exec_in("one", "dig", "+short", "+time=2", "two")
            self.assertEqual(done.out.strip(),
                             self.inspect("two")["address"]["v4"], done)
        self.lives("one", "two")

    def test_the_containers_actor_dies_without_costing_a_container(self):
        pids = [self.inspect(name)["pid"] for name in ("one", "two")]
        self.strike("containers")
        eventually(lambda: [self.inspect(name)["pid"]
                            for name in ("one", "two")] == pids)
        self.everything_works()

    def test_a_stop_after_every_kind_of_fault_still_leaves_nothing(self):
        for kind in "published_port", "sessions", "container":
            self.strike(kind, "one")
        for kind in "gateway", "dns", "containers":
            self.strike(kind)
        self.everything_works()
        self.pier("stop", "one", "two")
        self.assert_free(8001)
        self.assert_free(8002)

    # ---- Books are balanced --------------------------------------------------

    def footprint(self):
        """Of pierd: actors, descriptors, resident megabytes."""
        proc = self.host.proc(self.daemon.inner_pid)
        status = (proc / "status").read_text()
        resident = int(status.partition("VmRSS:")[2].split()[0]) // 1024
        return (sum(1 for _ in nodes(self.tree())),
                len(list((proc / "fd").iterdir())), resident)

    def rounds(self, count):
        for _ in range(count):
            for name, port in ("one", 8001), ("two", 8002):
                with self.connect("127.0.0.1", port) as client:
                    client.recv(3)
                with self.connect(WORLD[4], 7, self.netns[name]) as client:
                    client.sendall(b"x")
                    client.recv(1)
            udp = self.socket_in(self.netns["one"], socket.AF_INET,
                                 socket.SOCK_DGRAM)
            udp.sendto(bytes(12), ("192.168.65.1", 53))

    def test_two_hundred_rounds_leave_no_actor_descriptor_or_memory(self):
        self.rounds(50)
        actors, descriptors, before = eventually(self.settled, 10)
        self.rounds(200)

        def balanced():
            now = self.footprint()
            self.assertLessEqual(now[0], actors)
            # The gateway's store of ready sockets breathes by some dozens.
            self.assertLessEqual(now[1], descriptors + 64)
            return True

        eventually(balanced, 10, "actors and descriptors are back")
        self.assertLess(self.footprint()[2], before + 16)

    def settled(self):
        """A footprint that is the same twice."""
        first, second = self.footprint(), self.footprint()
        return second if first[:2] == second[:2] else None

    def test_containers_that_come_and_go_leave_no_descriptor(self):
        def one_more():
            self.pier("run", "--", "true")

        for _ in range(3):
            one_more()
        actors, descriptors, _ = eventually(self.settled, 10)
        for _ in range(10):
            one_more()

        def balanced():
            now = self.footprint()
            return now[0] <= actors + 10 and now[1] <= descriptors

        eventually(balanced, 10, "descriptors are back")


if __name__ == "__main__":
    main()
