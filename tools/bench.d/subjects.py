"""Those who are measured. Each leads one way: `in` from a client of the host
to a server of a container, `out` from a container to the world."""

import contextlib
import os
import signal

from patience import eventually
from peers import Absent
from scenery import WORLD
from stage import BULK, LOAD


class Subject:
    """`target` is the address and the two ports that clients go to, `entry`
    the words that lead a client there, `via` what pier-load is told of a proxy,
    `programs` whose memory counts."""

    name, programs, udp = "", (), True
    entry, via = (), ()

    def __init__(self, stage):
        self.stage, self.running = stage, []
        self.person = stage.person
        self.target = (WORLD[4], BULK, LOAD)

    def start(self, person, *words, **how):
        program = person.start(*words, session=True, **how)
        self.running.append(program)
        return program

    def client(self, *words, **how):
        """Starts a client; whoever starts it ends it."""
        return self.person.start(*self.entry, *words, **how)

    def measure(self, *words, within=60):
        done = self.client(*words).finish(within)
        if done.status:
            said = (done.err or done.out).strip()
            raise Absent(said.splitlines()[-1] if said
                         else f"exit {done.status}")
        return done.json()

    def wait_for_ports(self):
        address, *ports = self.target

        def answers():
            """A proxy may accept for nobody: only an answer counts."""
            with self.stage.host.inside():
                import socket
                for port in ports:
                    socket.create_connection((address, port), 2).close()
                with socket.create_connection((address, ports[1]), 2) as one:
                    one.sendall(b"c")
                    return one.recv(1) == b"c"

        try:
            eventually(answers, 15)
        except AssertionError as why:
            said = " ".join(p.err.strip() for p in self.running
                            if p.err.strip())
            raise Absent(said.splitlines()[-1] if said else str(why)) from why

    def close(self):
        """Servers that a peer has started may hold its ports after it: whole
        groups end."""
        groups = [os.getpgid(program.pid) for program in self.running
                  if program.running]
        for program in reversed(self.running):
            if program.running:
                program.signal(signal.SIGTERM)
        for program in self.running:
            program.kill()
        for group in groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
