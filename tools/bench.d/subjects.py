"""Those who are measured. Each leads one way: `in` from a client of the host
to a server of a container, `out` from a container to the world."""

import signal
import socket

from namespaces import Namespace
from patience import eventually
from scenery import WORLD

BULK, LOAD = 5201, 5001  # iperf3's and pier-load's, on the server's side
GUEST = "10.213.1.2"


class Absent(Exception):
    """This peer cannot take part, and why."""


def serve(bind):
    return (f"iperf3 -s -p {BULK} >/dev/null 2>&1 & "
            f"exec pier-load serve {bind} {LOAD}")


class Subject:
    """`client(words)` is the command line of a client, `target` the address
    and the two ports that it goes to."""

    def __init__(self, stage):
        self.stage, self.programs = stage, []
        self.target = (WORLD[4], BULK, LOAD)

    def start(self, person, *words, **how):
        program = person.start(*words, **how)
        self.programs.append(program)
        return program

    def client(self, words):
        return words

    def measure(self, words):
        done = self.stage.person.run(*self.client(words), within=60)
        if done.status:
            raise Absent(done.err.strip().splitlines()[-1]
                         if done.err.strip() else f"exit {done.status}")
        return done.json()

    def wait_for_ports(self):
        address, *ports = self.target

        def open_now():
            for port in ports:
                with self.stage.host.inside():
                    probe = socket.socket()
                with probe:
                    probe.settimeout(2)
                    probe.connect((address, port))
                    # A proxy may accept for nobody: only an answer counts.
                    if port != ports[0]:
                        probe.sendall(b"c")
                        if probe.recv(1) != b"c":
                            return False
            return True

        try:
            eventually(open_now, 15)
        except AssertionError as why:
            said = " ".join(p.err.strip() for p in self.programs
                            if p.err.strip())
            raise Absent(said.splitlines()[-1] if said else str(why)) from why

    def close(self):
        for program in reversed(self.programs):
            if program.running:
                program.signal(signal.SIGTERM)
        for program in self.programs:
            program.kill()


class DirectOut(Subject):
    name = "nothing"


class PierOut(Subject):
    name = "pier"

    def client(self, words):
        return ["pier", "run", "--", *words]


class PastaOut(Subject):
    name = "pasta"

    def __init__(self, stage):
        super().__init__(stage)
        self.person = stage.user
        if not stage.peer("pasta"):
            raise Absent("not here; tools/setup --bench unpacks it")

    def measure(self, words):
        done = self.person.run(self.stage.peer("pasta"), "--config-net", "-q",
                               "--", *words, within=60)
        if done.status:
            raise Absent((done.err or done.out).strip().splitlines()[-1])
        return done.json()


class Veth:
    """A guest as dockerd would plug it in: one cable, no gateway."""

    def __init__(self, stage):
        self.namespace = Namespace()
        stage.closing(self.namespace)
        host = stage.host
        host.net("ip", "link", "add", "guest", "type", "veth", "peer", "name",
                 "eth0", "netns", str(self.namespace.pid))
        for at, device, address in ((host, "guest", "10.213.1.1/24"),
                                    (self.namespace, "eth0", GUEST + "/24")):
            at.net("ip", "link", "set", "lo", "up")
            at.net("ip", "link", "set", device, "up")
            at.net("ip", "address", "add", address, "dev", device)


class DirectIn(Subject):
    """Over the guest's own cable, with nobody in between."""

    name = "nothing"

    def __init__(self, stage):
        super().__init__(stage)
        stage.serve_in(stage.veth().namespace, serve("0.0.0.0"))
        self.target = (GUEST, BULK, LOAD)
        self.wait_for_ports()


class DockerProxyIn(Subject):
    name = "docker-proxy"

    def __init__(self, stage):
        super().__init__(stage)
        program = stage.peer("docker-proxy")
        if not program:
            raise Absent("not here; tools/setup --bench unpacks it")
        for port, inner in (7001, BULK), (7002, LOAD):
            self.start(stage.person, "sh", "-c", (
                f"exec {program} -proto tcp -host-ip 0.0.0.0 -host-port {port}"
                f" -container-ip {GUEST} -container-port {inner} 3>/dev/null"))
        self.target = ("127.0.0.1", 7001, 7002)
        self.wait_for_ports()


class PierIn(Subject):
    name = "pier"

    def __init__(self, stage):
        super().__init__(stage)
        self.start(stage.person, "pier", "run", "--name", "bench", "-p",
                   f"7003:{BULK}", "-p", f"7004:{LOAD}", "--", "sh", "-c",
                   serve("0.0.0.0"))
        self.target = ("127.0.0.1", 7003, 7004)
        self.wait_for_ports()


class PastaIn(Subject):
    name = "pasta"

    def __init__(self, stage):
        super().__init__(stage)
        program = stage.peer("pasta")
        if not program:
            raise Absent("not here; tools/setup --bench unpacks it")
        self.start(stage.user, program, "--config-net", "-q", "-t",
                   f"7005:{BULK},7006:{LOAD}", "--", "sh", "-c",
                   serve("0.0.0.0"))
        self.target = ("127.0.0.1", 7005, 7006)
        self.wait_for_ports()


WAYS = {
    "in": (DirectIn, DockerProxyIn, PastaIn, PierIn),
    "out": (DirectOut, PastaOut, PierOut),
}

