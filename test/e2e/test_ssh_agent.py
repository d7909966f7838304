"""The host's SSH agent, in containers: OpenSSH's own agent and clients."""

import base64
import os
import socket
import struct
import subprocess

from forward_case import over
from harness import Case, main

PLACE = "/run/host-services/ssh-auth.sock"


def message(what, *strings):
    body = bytes([what]) + b"".join(
        struct.pack(">I", len(each)) + each for each in strings)
    return struct.pack(">I", len(body)) + body


class SshAgent(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = cls.person.folder / "keys"
        cls.keys.mkdir()
        for name in "work", "home":
            subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-C",
                            name, "-f", cls.keys / name], check=True)
        # A public key with no private one beside it, which would do.
        cls.public = cls.keys / "public"
        cls.public.mkdir()
        for name in "work", "home":
            (cls.keys / f"{name}.pub").rename(cls.public / f"{name}.pub")
        (cls.keys / "letter").write_text("Dear Alice\n")
        if cls.person.user:
            for path in cls.keys, *cls.keys.rglob("*"):
                os.chown(path, cls.person.user, cls.person.user)

    def setUp(self):
        super().setUp()
        self.agent_at = self.person.folder / self.fresh_name()

    def fingerprint(self, name):
        told = self.succeeds("ssh-keygen", "-lf", self.public / f"{name}.pub")
        return told.out.split()[1]

    def agent(self, at=None):
        """An agent of the host that has both keys."""
        at = at or self.agent_at
        agent = self.start("ssh-agent", "-D", "-a", at)
        agent.until_said("SSH_AUTH_SOCK")
        for name in "work", "home":
            self.succeeds("ssh-add", "-q", self.keys / name,
                          env={"SSH_AUTH_SOCK": str(at)})
        return agent

    def begin(self, text="", *options, name="web"):
        self.settle(text)
        self.daemon = self.pierd(env={"SSH_AUTH_SOCK": str(self.agent_at)})
        return self.container(*options, name=name)

    def asks(self, *words, at=PLACE, name="web"):
        return self.exec_in(name, "env", f"SSH_AUTH_SOCK={at}", *words)

    def listed(self, **how):
        told = self.asks("ssh-add", "-l", **how)
        self.assertEqual(told.status, 0, told)
        return {line.split()[2] for line in told.out.splitlines()}

    def signs(self, name, **how):
        """Whether a container can sign by the key."""
        signature = self.keys / "letter.sig"
        signature.unlink(missing_ok=True)
        done = self.asks("ssh-keygen", "-Y", "sign", "-n", "file", "-f",
                         self.public / f"{name}.pub", self.keys / "letter",
                         **how)
        self.assertEqual(done.status == 0, signature.exists(), done)
        return done.status == 0

    def reload(self, text):
        self.resettle(text)
        self.pier("settings", "reload")

    def told(self, text):
        """An event says so."""
        self.daemon.until_said(text, where="stderr")

    # ---- What is there -----------------------------------------------------

    def test_a_container_sees_and_uses_the_keys_of_the_host(self):
        self.agent()
        self.begin()
        self.assertEqual(self.listed(), {"work", "home"})
        self.assertTrue(self.signs("work"))
        self.told(f"asked to sign with {self.fingerprint('work')}: allowed")

    def test_anybody_in_the_container_may_connect(self):
        self.agent()
        self.begin()
        mode = self.exec_in("web", "stat", "-c", "%a", PLACE).out.strip()
        self.assertEqual(mode, "666")

    def test_it_is_where_a_mount_asks_for_it(self):
        self.agent()
        at = self.keys / "agent"
        at.touch()
        self.begin("", "--mount", f"type=bind,src={PLACE},target={at}")
        self.assertEqual(self.listed(at=at), {"work", "home"})
        at.unlink()

    def test_the_rest_of_run_stays_as_it_is(self):
        self.begin()
        def what(words):
            return set(words.out.split()) - {"host-services"}
        inside = what(self.exec_in("web", "ls", "-A", "/run"))
        outside = what(self.succeeds("ls", "-A", "/run"))
        self.assertEqual(inside, outside)

    def test_whichever_agent_is_there_at_that_moment_answers(self):
        self.begin()
        told = self.asks("ssh-add", "-l")
        self.assertIn("refused", told.err)
        self.told("failed, no SSH agent at ")
        agent = self.agent()
        self.assertEqual(self.listed(), {"work", "home"})
        agent.kill()
        self.agent_at.unlink()
        self.agent()
        self.assertTrue(self.signs("home"))

    def test_the_settings_may_name_another_one(self):
        other = self.person.folder / self.fresh_name()
        self.agent(other)
        self.begin()
        self.assertEqual(self.asks("ssh-add", "-l").status, 1)
        self.reload(f'[ssh_agent]\nsocket = "{other}"\n')
        self.assertEqual(self.listed(), {"work", "home"})

    # ---- What may be done --------------------------------------------------

    def test_keys_cannot_be_added_or_removed_unless_settings_say_so(self):
        self.agent()
        self.begin()
        for words in (["-D"], ["-d", self.public / "work.pub"],
                      [self.keys / "home"]):
            self.assertNotEqual(self.asks("ssh-add", *words).status, 0)
        self.assertEqual(self.listed(), {"work", "home"})
        self.told("asked to remove all keys: refused, ssh_agent.changes")
        self.reload("[ssh_agent]\nchanges = true\n")
        self.asks("ssh-add", "-d", self.public / "work.pub")
        self.assertEqual(self.listed(), {"home"})

    def test_a_container_has_the_keys_that_are_for_it(self):
        self.agent()
        keys = f'[ssh_agent]\nkeys = ["{self.fingerprint("home")}"]\n'
        self.begin(f'{keys}[container.web]\n'
                   f'ssh_keys = ["{self.fingerprint("work")}"]\n')
        self.container(name="db")
        self.assertEqual(self.listed(), {"work"})
        self.assertEqual(self.listed(name="db"), {"home"})
        self.assertTrue(self.signs("work"))
        self.assertFalse(self.signs("home"))
        # Whoever knows the key all the same has no use of it.
        client = self.client()
        blob = (self.public / "home.pub").read_text().split()[1]
        client.sendall(message(13, base64.b64decode(blob), b"text", b""))
        self.assertEqual(client.recv(64), message(5))
        self.told("refused, the key is not among ssh_agent.keys")
        self.reload("")
        self.assertTrue(self.signs("home"))

    def test_one_that_may_not_hears_a_failure_at_once(self):
        self.agent()
        self.begin("[container.web]\nssh_agent = false\n")
        self.assertIn("refused", self.asks("ssh-add", "-l").err)
        self.assertFalse(self.signs("work"))
        self.reload("")
        self.assertTrue(self.signs("work"))

    def test_a_key_is_used_when_somebody_says_yes(self):
        self.agent()
        said = self.keys / "said"
        self.begin(f"[ssh_agent]\nconfirm = 'echo $PIER_CONTAINER $PIER_KEY "
                   f">> {said}; test -e {said}.yes'\n")
        self.assertFalse(self.signs("work"))
        self.told("refused, ssh_agent.confirm said no")
        said.with_suffix(".yes").touch()
        self.assertTrue(self.signs("work"))
        self.assertEqual(said.read_text().splitlines(),
                         [f"web {self.fingerprint('work')}"] * 2)
        # To look is not to use.
        self.assertEqual(self.listed(), {"work", "home"})
        said.unlink()
        said.with_suffix(".yes").unlink()

    # ---- What can go wrong -------------------------------------------------

    def client(self, name="web"):
        root = self.host.proc(self.inspect(name)["pid"]) / "root"
        made = self.own(socket.socket(socket.AF_UNIX))
        made.settimeout(10)
        made.connect(f"{root}{PLACE}")
        return made

    def test_a_client_that_talks_nonsense_is_hung_up_on(self):
        self.agent()
        self.begin()
        for bytes_of_it in (b"\0\0\0\0", b"\xff" * 8, b"GET / HTTP/1.1\r\n\r\n"):
            client = self.client()
            client.sendall(bytes_of_it)
            self.assertTrue(over(client))
        client = self.client()
        client.sendall(message(13) + message(27, b"query") + message(11))
        got = b""
        while len(got) < 5 + 5 + 9:
            got += client.recv(4096)
        # What is not known here does not reach the agent.
        self.assertEqual(got[:10], message(5) + message(5))
        self.assertEqual(got[14], 12)

    def test_an_agent_that_dies_over_a_request_leaves_a_failure(self):
        deaf = socket.socket(socket.AF_UNIX)
        self.own(deaf)
        deaf.bind(str(self.agent_at))
        self.agent_at.chmod(0o777)
        deaf.listen()
        self.begin()
        client = self.client()
        client.sendall(message(11))
        connection, _ = deaf.accept()
        self.assertEqual(connection.recv(64), message(11))
        connection.close()
        self.assertEqual(client.recv(64), message(5))

    def test_a_fault_of_the_actor_loses_nobody_who_waits(self):
        self.agent()
        self.begin()
        held = self.client()
        held.sendall(message(11))
        self.assertEqual(held.recv(5)[4], 12)
        self.pier("fault", "containers/web/ssh_agent")
        self.assertEqual(self.listed(), {"work", "home"})
        held.recv(4096)
        self.assertEqual(held.recv(1), b"")

    def test_many_clients_at_once_are_all_served(self):
        self.agent()
        self.begin()
        clients = [self.client() for _ in range(48)]
        for each in clients:
            each.sendall(message(11))
        for each in clients:
            self.assertEqual(each.recv(5)[4], 12)


if __name__ == "__main__":
    main()
