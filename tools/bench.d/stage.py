"""The scenery of the end-to-end tests, with servers of the world and guests
for those who bring no network of their own."""

import os
import subprocess

import peers
import scenery
from patience import eventually
from program import USER

BULK, LOAD, NAMES = 5201, 5001, 53  # iperf3's, pier-load's, and DNS
FATES, CLOSED = 5002, 5003  # fates.py's, and nobody's


def serve(bind="0.0.0.0"):
    return (f"iperf3 -s -p {BULK} >/dev/null 2>&1 & "
            f"python3 -B /mnt/e2e/fates.py {bind} {FATES} >/dev/null 2>&1 & "
            f"exec pier-load serve {bind} {LOAD}")


class Stage:
    def __init__(self, programs):
        self.scene = scenery.Scenery(programs)
        self.host, self.world = self.scene.host, self.scene.world
        self.person = scenery.Person(self.scene, None)
        self.user = scenery.Person(self.scene, USER)
        for each in self.person, self.user:
            each.env = peers.environment(each.env)
        self._closing, self._running, self._cabled = [], [], {}
        self._open_doors()
        self.serve_in(self.world, serve(scenery.WORLD[4]))
        self.serve_in(self.world,
                      f"exec pier-load serve-names {scenery.DNS[4]} {NAMES}")

    def _open_doors(self):
        """Peers need /dev/net/tun, numbers to map, and leave to ping, which
        most distributions give; only the files of the stage are touched."""
        self.host.sh(f"""
            echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range
            mknod -m 666 /mnt/tun c 10 200 2>/dev/null &&
              mount --bind /mnt/tun /dev/net/tun || true
            mkdir -p /mnt/peers
            echo '{scenery.USER_NAME}:200000:65536' >>/etc/subuid
            echo '{scenery.USER_NAME}:200000:65536' >>/etc/subgid
            """)

    def closing(self, thing):
        self._closing.append(thing)
        return thing

    def guest(self):
        return self.closing(Guest(self, None))

    def cabled(self, number):
        """The guest on the cable of that number, made when first asked for."""
        if number not in self._cabled:
            self._cabled[number] = self.closing(Guest(self, number))
        return self._cabled[number]

    def serve_in(self, namespace, script):
        """Runs servers with the host's files and another's network."""
        self._running.append(subprocess.Popen(
            ["nsenter", "-t", str(self.host.pid), "--mount",
             f"--net={namespace.netns}", "--", "sh", "-c", script],
            env=self.person.env, stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL, start_new_session=True))

    def close(self):
        for running in self._running:
            try:
                os.killpg(running.pid, 9)
            except ProcessLookupError:
                pass
            running.wait()
        for thing in self._closing:
            thing.close()
        self.scene.close()


class Guest:
    """A network namespace of the host's, and with a number a cable to it:
    10.213.NUMBER.2."""

    def __init__(self, stage, number):
        self._holder = stage.person.start("unshare", "--net", "sleep",
                                          "infinity")
        self.pid = self._holder.pid
        self.netns = f"/proc/{self.pid}/ns/net"
        # unshare has become sleep: now the namespace is the new one.
        eventually(lambda: os.stat(self.netns).st_ino
                   != os.stat(stage.host.netns).st_ino, 5)
        self.entry = ("nsenter", "-t", str(self._holder.inner_pid), "--net",
                      "--")
        self.inner_pid = self._holder.inner_pid
        self._net("ip", "link", "set", "lo", "up")
        if number:
            self._plug(stage.host, f"guest{number}", f"10.213.{number}")

    def _plug(self, host, link, here):
        self.address = f"{here}.2"
        host.net("ip", "link", "add", link, "type", "veth", "peer", "name",
                 "eth0", "netns", str(self.pid))
        for net, device, address in ((host.net, link, f"{here}.1/24"),
                                     (self._net, "eth0", f"{here}.2/24")):
            net("ip", "link", "set", device, "up")
            net("ip", "address", "add", address, "dev", device)
        self._net("ip", "route", "add", "default", "via", f"{here}.1")

    def _net(self, *words):
        subprocess.run(["nsenter", "-t", str(self.pid), "--net", "--", *words],
                       check=True, timeout=20, capture_output=True)

    def close(self):
        self._holder.kill()


def processes(namespace, names):
    """The /proc entries of those that run a program of one of these names, in
    a namespace and in those below it."""
    found = []
    for entry in namespace.proc("").iterdir():
        try:
            if (entry.name.isdigit()
                    and (entry / "comm").read_text().strip() in names):
                found.append(entry)
        except OSError:
            continue  # it has ended meanwhile
    return found


def memory(entries):
    """Bytes that these processes have to themselves, or their share."""
    total = 0
    for entry in entries:
        text = (entry / "smaps_rollup").read_text()
        total += sum(int(line.split()[1]) for line in text.splitlines()
                     if line.startswith("Pss:"))
    return total * 1024


def busy_seconds():
    """What the processors of this machine have worked so far."""
    with open("/proc/stat", encoding="ascii") as file:
        user, nice, system, _, _, irq, soft, *_ = map(
            int, file.readline().split()[1:])
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")
