"""`pier audit`: whose everything is, and that nothing that is planted is
overlooked."""

import control
import servers
from books import Books
from flow import Flow
from harness import Case, main
from patience import eventually
from scenery import WORLD

# A namespace of nobody, with a link to the gateway; both go with the shell.
STRAY = """
setpriv --pdeathsig KILL unshare -n sleep 60 &
until [ "$(readlink /proc/$!/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do
  :
done
ip link add veth9 type veth peer name eth0 netns $!
echo ready
wait
"""


class Audit(Case):
    def setUp(self):
        super().setUp()
        self.settle(f'[[forward]]\nlisten = "tcp://127.0.0.1:8080"\n'
                    f'to = "{WORLD[4]}:7"\n')
        self.daemon = self.pierd()

    def rows(self, status=0):
        done = self.run_here("pier", "audit", "--json")
        rows = done.json()[0]["rows"]
        faults = [each for each in rows if each["fault"]]
        self.assertEqual(done.status, status, faults or done)
        return rows

    def faults(self):
        return [each for each in self.rows(1) if each["fault"]]

    def enters_gateway(self, *words):
        """A stranger there, of the same user; it has begun."""
        keeper, = [each["thing"].split()[0] for each in self.rows()
                   if each["what"] == "process"
                   and each["owner"] == "gateway"]
        as_user = ("--user", "--preserve-credentials")
        program = self.start("nsenter", "-t", keeper, "--net",
                             *(as_user if self.person.user else ()), "--",
                             *words)
        program.until_said("ready")
        return program

    def test_everything_of_a_busy_house_has_its_owner(self):
        self.pier("run", "-d", "--name", "web", "-p", "8000:80", "-p",
                  "5353:53/udp", "--", "python3", "-B", "/mnt/e2e/guest.py",
                  "tcp", "0.0.0.0", "80")
        self.assert_greets("127.0.0.1", 8000, "80")
        out = Flow(self.connect(WORLD[4], 7, self.netns_of("web")))
        self.addCleanup(out.close)
        there = self.own(self.connect("127.0.0.1", 8000))
        self.assertEqual(there.recv(64), b"80\n")
        over = self.own(self.connect("127.0.0.1", 8080))
        over.sendall(b"x")
        self.assertEqual(over.recv(1), b"x")
        sight = self.start("pier", "capture", "web", "-o", "/dev/null")
        sight.until_said("Ctrl-C ends it", where="stderr")
        rows = self.rows()
        owners = {each["owner"].partition(": ")[0] for each in rows}
        self.assertLessEqual(
            {"gateway", "dns", "containers/web", "the program",
             "containers/web/port 8000:80", "containers/web/port 5353:53/udp",
             "forwards/tcp://127.0.0.1:8080"}, owners)
        listeners = [each for each in rows if each["what"] == "listener"]
        self.assertTrue(any("0.0.0.0:8000" in each["thing"]
                            for each in listeners))
        self.assertTrue(any(each["where"] == "the gateway's network"
                            for each in listeners))
        self.assertEqual({each["what"] for each in rows},
                         {"descriptor", "listener", "process", "namespace",
                          "link"})
        text = self.pier("audit").out
        self.assertIn("each with its owner", text)
        self.assertIn("containers/web", text)

    def test_nothing_is_left_of_containers_that_have_ended(self):
        self.own(servers.Server(self.world.netns, (WORLD[4], 9),
                                servers.reads_all_then_says(b"")))
        for round_ in range(3):
            self.pier("run", "-d", "--name", f"c{round_}", "-p", "8000:80",
                      "--", "sleep", "infinity")
            # So much at once that it goes through pipes.
            with self.connect(WORLD[4], 9, self.netns_of(f"c{round_}")) as bulk:
                bulk.sendall(bytes(32 << 20))
                bulk.shutdown(1)
                self.assertEqual(bulk.recv(64), b"%d " % (32 << 20))
            self.pier("stop", f"c{round_}")
            self.assertFalse([each for each in self.rows()
                              if "containers/" in each["owner"]])

    def test_a_listener_in_the_gateway_and_its_process_are_found(self):
        stranger = self.enters_gateway(
            "python3", "-c", "import socket, signal\n"
            "s = socket.create_server(('0.0.0.0', 4444))\n"
            "print('ready', flush=True); signal.pause()")
        found = self.faults()
        listener, = [each for each in found if each["what"] == "listener"]
        self.assertEqual(listener["thing"], "tcp 0.0.0.0:4444")
        self.assertEqual(listener["where"], "the gateway's network")
        process, = [each for each in found if each["what"] == "process"]
        self.assertIn("python3", process["thing"])
        told = self.run_here("pier", "audit")
        self.assertEqual(told.status, 1, told)
        self.assertIn("FAULT", told.out)
        self.assertIn("tcp 0.0.0.0:4444", told.out)
        self.assertIn("without an owner", told.out)
        stranger.kill()
        eventually(lambda: self.rows(), 10, "nothing that is wrong")

    def test_a_link_to_a_namespace_that_nobody_has_is_found(self):
        self.enters_gateway("sh", "-c", STRAY)
        link, = [each for each in self.faults() if each["what"] == "link"]
        self.assertEqual(link["thing"], "veth9")

    def test_a_keeper_that_comes_later_holds_nothing_of_others(self):
        there = self.own(control.Control(self.daemon.out.split()[-1]))
        there.ask("version")
        Books(self, self.daemon).kill_keeper()
        eventually(lambda: [each for each in self.rows()
                            if each["what"] == "process"
                            and each["owner"] == "gateway"], 20, "a keeper")
        there.ask("version")

    def test_in_a_console(self):
        out = self.pier("console", "-c", "audit").out
        self.assertIn("each with its owner", out)

    def test_without_a_daemon(self):
        self.daemon.kill()
        self.daemon.finish()
        self.container(name="web")
        self.assertTrue(any(each["owner"] == "containers/web"
                            for each in self.rows()))


if __name__ == "__main__":
    main()
