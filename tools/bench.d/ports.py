"""A thousand ports: how long they take to come and to go, by the API of each
(one request a port; Pier's need not wait for one answer before the next
question, slirp4netns's takes one question a connection), how long a stop with a
thousand live connections takes, and how often a supervisor wakes up when
nothing happens."""

import socket
import subprocess
import time

import peers
import stage as around
from control import Control
from patience import eventually

COUNT = 1000
FIRST = 21000


def timed(act):
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


def specs():
    return [{"proto": "tcp", "host_ip": "127.0.0.1", "host": [port, port],
             "container": [port, port]} for port in range(FIRST, FIRST + COUNT)]


def slirp(stage):
    guest = stage.guest()
    path = stage.person.folder / "ports.sock"
    program = stage.person.start(
        peers.find("slirp4netns"), "--configure", "--disable-host-loopback",
        "--api-socket", path, guest.inner_pid, "tap0")
    try:
        added = []
        publish = timed(lambda: added.extend(
            peers.slirp(path, "add_hostfwd", proto="tcp", host_port=port,
                        host_addr="127.0.0.1", guest_port=port)["id"]
            for port in range(FIRST, FIRST + COUNT)))
        unpublish = timed(lambda: [
            peers.slirp(path, "remove_hostfwd", id=number)
            for number in added])
    finally:
        program.kill()
    return {"publish 1,000 ports": publish,
            "unpublish 1,000 ports": unpublish,
            "publish 1,000 ports in turn": publish,
            "unpublish 1,000 ports in turn": unpublish}


def pier(stage, idle_seconds):
    daemon = stage.person.start("pierd")
    daemon.until_said("\n")
    path = stage.person.runtime / "pier/pierd.sock"
    clients = []
    try:
        stage.person.run("pier", "run", "-d", "--name", "ports", "--", "sh",
                         "-c", "ulimit -n $(ulimit -H -n); exec pier-load "
                         f"serve 0.0.0.0 {FIRST}-{FIRST + COUNT - 1}")
        control = Control(path)
        all_of_them = [{"name": "ports", "port": spec} for spec in specs()]
        told = {}


        def in_turn(verb):
            for each in all_of_them:
                control.ask(verb, **each)

        def at_once(verb):
            control.ask_all(verb, all_of_them)

        for way, do in ((" in turn", in_turn), ("", at_once)):
            told["publish 1,000 ports" + way] = timed(lambda: do("publish"))
            eventually(lambda: socket_opens(stage, FIRST + COUNT - 1), 20)
            told["unpublish 1,000 ports" + way] = timed(
                lambda: do("unpublish"))
        at_once("publish")
        eventually(lambda: socket_opens(stage, FIRST + COUNT - 1), 20)
        told["wake-ups of 1,000 idle ports"] = wake_ups(stage, idle_seconds)
        holder = stage.person.start(
            "pier-load", "hold", "127.0.0.1",
            f"{FIRST}-{FIRST + COUNT - 1}", COUNT, stdin=subprocess.PIPE)
        clients.append(holder)
        holder.until_said("held", 60)
        told["stop of 1,000 ports, 1,000 connections"] = timed(
            lambda: control.ask("stop", name="ports"))
        control.close()
        return told
    finally:
        for each in (*clients, daemon):
            each.kill()


def socket_opens(stage, port):
    with stage.host.inside():
        probe = socket.create_connection(("127.0.0.1", port), 2)
    probe.close()
    return True


def wake_ups(stage, seconds):
    """Of all threads of the supervisor and its keepers, a second."""
    def count():
        total = 0
        for entry in around.processes(stage.host, ("pierd", "pier-keeper")):
            for task in (entry / "task").iterdir():
                for line in (task / "status").read_text().splitlines():
                    if line.startswith("voluntary_ctxt_switches"):
                        total += int(line.split()[1])
        return total

    stage.person.run("sleep", 1)  # What opened the ports is over by then.
    before, begun = count(), time.monotonic()
    stage.person.run("sleep", seconds)
    return (count() - before) / (time.monotonic() - begun)


UNITS = {
    "publish 1,000 ports": "s",
    "unpublish 1,000 ports": "s",
    "publish 1,000 ports in turn": "s",
    "unpublish 1,000 ports in turn": "s",
    "stop of 1,000 ports, 1,000 connections": "s",
    "wake-ups of 1,000 idle ports": "1/s",
}
