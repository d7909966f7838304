"""A console, and who is not let in as one."""

import contextlib
import os
import socket
import ssl
import struct

from books import Books
from flow import Flow
from harness import Case, main
from namespaces import inside
from patience import FACTOR, eventually
from terminal import Terminal


def frame(operation, payload=b"", claims=None, flags=0):
    length = len(payload) if claims is None else claims
    return bytes([operation, 0, 0, flags]) + struct.pack(
        ">I", length) + bytes(24) + payload


def drain(sock):
    """All that comes until the other side hangs up."""
    with contextlib.suppress(ConnectionResetError, ssl.SSLError):
        while sock.recv(65536):
            pass


class Console(Case):
    def setUp(self):
        super().setUp()
        with inside(self.host.netns), socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.settle(f'[console]\nlisten = "127.0.0.1:{self.port}"\n')
        self.daemon = self.pierd()

    def console(self, script, *options, **how):
        return self.pier("console", *options, "-c", script, **how)

    def bundle(self, name, *options):
        path = self.person.folder / f"{name}-{self.fresh_name()}.pem"
        self.pier("console", "add-client", name, "-o", path, *options)
        self.addCleanup(path.unlink)
        return path

    def there(self, bundle):
        return "--node", f"127.0.0.1:{self.port}", "--as", bundle

    def local(self):
        made = self.own(socket.socket(socket.AF_UNIX))
        made.settimeout(20)
        made.connect(str(self.person.runtime / "pier" / "console.sock"))
        return made

    def remote(self):
        return self.connect("127.0.0.1", self.port, within=20)

    def consoles(self):
        (node,) = [each for each in self.tree()["children"]
                   if each["name"] == "consoles"]
        return node["children"]

    def begun_flow(self):
        self.guest("echo", "0.0.0.0", "7", name="echo",
                   options=["-p", "7000:7"])
        eventually(lambda: self.inspect("echo")["ports"][0]["open"], 10,
                   "the port is open")
        return self.own(Flow(self.connect("127.0.0.1", 7000)))

    # ---- What one can do ---------------------------------------------------

    def test_commands_work_here_and_from_another_machine(self):
        self.pier("run", "-d", "--name", "web", "--", "sleep", "infinity")
        for where in (), self.there(self.bundle("ann")):
            with self.subTest(where):
                said = self.console("tree; ps; flows web; forwards; version",
                                    *where).out
                for word in "containers/", "web", "consoles", "pierd":
                    self.assertIn(word.rstrip("/"), said)
                (row,) = self.console("ps", "--json", *where).json()
                self.assertEqual(row["name"], "web")
                self.console("publish web 127.0.0.1:8080:80", *where)
                self.assertIn("8080", self.console("port web", *where).out)
                self.console("unpublish web 127.0.0.1:8080:80", *where)
                done = self.run_here("pier", "console", *where, "-c",
                                     "stop nobody; ps")
                self.assertEqual(done.status, 1, done)
                self.assertIn("No such container: nobody", done.err)
        self.console("stop web; run -d --name late -- sleep infinity; "
                     "settings status", *self.there(self.bundle("eve")))
        self.assertEqual(self.inspect("late")["state"], "running")

    def test_acts_are_in_the_log_with_their_client(self):
        events = self.start("pier", "events", "--follow")
        eventually(lambda: self.pier("version").out, 5, "it listens")
        self.console("fault dns", *self.there(self.bundle("ann")))
        self.console("settings reload")
        events.until_said("client ann: fault dns")
        said = events.until_said(": reload")
        self.assertRegex(said, r"user \d+, process \d+: reload")
        self.assertIn("console_opened", said)
        self.assertNotIn("client ann: version", said)

    def test_a_death_is_heard_of_with_its_reason_and_a_birth(self):
        watch = self.start("pier", "console", "-c", "monitor -n 2 gateway")
        watch.until_said("gateway   up")
        self.pier("fault", "gateway")
        watch.until_said("gateway   down: injected fault")
        watch.until_said("gateway   up again")
        self.pier("fault", "gateway")
        self.assertEqual(watch.finish().status, 0)

    def test_lines_come_from_a_pipe_too(self):
        done = self.start("sh", "-c", "printf 'ps -q\\nnodes\\n' "
                          "| pier console").finish()
        self.assertEqual(done.status, 0, done)
        self.assertEqual(len(done.out.split()), 1, done)

    def test_a_person_completes_interrupts_and_leaves(self):
        self.pier("run", "-d", "--name", "web", "--", "sleep", "infinity")
        at = Terminal(self, "pier", "console")
        at.shows(">")
        at.press("inspe", "Tab", "w", "Tab", "Enter")
        at.shows('"name": "web"')
        at.press("monitor containers/w", "Tab", "/se", "Tab", "Enter")
        at.shows("containers/web/sessions   up")
        self.pier("fault", "containers/web/sessions")
        at.shows("down: injected fault")
        at.press("C-c")
        at.press("nonsense", "C-c")
        at.press("nodes", "Enter")
        at.press("C-d")
        eventually(lambda: not self.consoles(), 10, "it has left")
        history = self.person.folder / ".local/state/iechor/console_history"
        self.assertEqual(history.stat().st_mode & 0o777, 0o600)
        kept = history.read_text().split("\n")
        self.assertIn("nodes", kept)
        self.assertNotIn("nonsense", kept)

    # ---- Who is not let in -------------------------------------------------

    def test_who_has_been_revoked_is_out_at_once(self):
        ann, bob = self.bundle("ann"), self.bundle("bob")
        watch = self.start("pier", "console", *self.there(ann), "-c", "events -f")
        other = self.start("pier", "console", *self.there(bob), "-c", "events -f")
        eventually(lambda: len(self.consoles()) == 2, 10, "both are in")
        self.pier("console", "revoke", "ann")
        watch.finish(5)
        eventually(lambda: len(self.consoles()) == 1, 5, "one is left")
        self.assertTrue(other.running)
        said = self.refused("console", *self.there(ann), "-c", "tree")
        self.assertIn("does not let this console in", said)
        self.assertIn("no client ann", self.refused("console", "revoke", "ann"))

    def test_a_foreign_certificate_is_refused_and_so_is_a_foreign_daemon(self):
        elsewhere = {"XDG_STATE_HOME": str(self.person.folder / "elsewhere")}
        path = self.person.folder / "foreign.pem"
        self.pier("console", "add-client", "ann", "-o", path, env=elsewhere)
        self.addCleanup(path.unlink)
        said = self.refused("console", *self.there(path), "-c", "tree")
        self.assertIn("do not belong together", said)
        # Whoever does not look at the daemon's certificate is no better off.
        blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
        own = self.person.folder / "own.pem"
        own.write_text(path.read_text().partition("-----END CERTIFICATE-----")
                       [2].lstrip())
        self.addCleanup(own.unlink)
        blind.load_cert_chain(own)
        for context in blind, self.nobody():
            with self.assertRaises((ssl.SSLError, ConnectionResetError)):
                with context.wrap_socket(self.remote()) as client:
                    client.send(frame(1, b"node"))
                    while client.recv(4096):
                        pass
                    raise ssl.SSLError("it has hung up")

    def nobody(self):
        """Without a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    def test_a_settings_change_opens_and_closes_the_door(self):
        ann = self.bundle("ann")
        watch = self.start("pier", "console", *self.there(ann), "-c", "events -f")
        eventually(lambda: len(self.consoles()) == 1, 10, "it is in")
        self.resettle('[console]\nlisten = "off"\n')
        self.pier("settings", "reload")
        self.refused("console", *self.there(ann), "-c", "tree")
        self.assertTrue(watch.running)
        self.resettle(f'[console]\nlisten = "127.0.0.1:{self.port}"\n')
        self.pier("settings", "reload")
        self.console("tree", *self.there(ann))

    # ---- The data path does not notice -------------------------------------

    def test_hostile_peers_and_bad_consoles_cost_nothing(self):
        flow = self.begun_flow()
        self.console("tree", *self.there(self.bundle("ann")))
        books = Books(self, self.daemon)
        eventually(lambda: not self.consoles(), 10, "nobody is in")
        before = books.descriptors(), books.memory()
        self.bad_peers()
        self.assertTrue(flow.goes_on())
        eventually(lambda: books.descriptors() <= before[0], 20, "descriptors")
        if FACTOR == 1:  # what a sanitizer keeps is not Pier's
            self.assertLess(books.memory() - before[1], 16)
        self.console("tree")

    def bad_peers(self):
        greeting = frame(1, b"node")
        for door in self.local, self.remote:
            for text in (os.urandom(4096), b"GET / HTTP/1.0\r\n\r\n",
                         frame(2, b"", 0xFFFFFFF0),
                         greeting + frame(2, b"", 0xFFFFFFF0),
                         greeting + frame(3, b"somewhere"),
                         frame(1, b"", 0xFFFFFFF0)):
                peer = door()
                with contextlib.suppress(OSError):
                    peer.sendall(text)
                drain(peer)
        # Half open, more than there is room for: they make room.
        strangers = [self.remote() for _ in range(64)]
        self.console("tree", *self.there(self.bundle("bob")))
        for each in strangers:
            each.close()
        # A console that hangs, and dies where it stands.
        console = self.start("pier", "console", "-c", "events -f")
        eventually(lambda: len(self.consoles()) == 1, 10, "it is in")
        with console.suspended():
            self.pier("fault", "dns")
            self.console("tree")
        console.kill()
        eventually(lambda: not self.consoles(), 10, "it is out")

    def test_who_reads_nothing_is_dropped(self):
        flow = self.begun_flow()
        peer = self.local()
        # Nothing after the handshake: it is no console, and its time is over.
        peer.sendall(frame(1, b"node"))
        drain(peer)
        self.assertTrue(flow.goes_on())


if __name__ == "__main__":
    main()
