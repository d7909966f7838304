"""Where the peers are: installed, or unpacked by tools/bench --install."""

import json
import os
import pathlib
import socket

from patience import eventually

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNPACKED = ROOT / "build/peers"
FOLDERS = [f"{UNPACKED}/usr/bin", f"{UNPACKED}/usr/sbin", "/usr/bin",
           "/usr/sbin"]


class Absent(Exception):
    """This peer cannot take part, and why."""


def find(name):
    for folder in FOLDERS:
        if os.access(f"{folder}/{name}", os.X_OK):
            return f"{folder}/{name}"
    raise Absent(f"{name} is not here; tools/bench --install brings it")


def environment(env):
    """What an unpacked program needs to find its libraries and relatives."""
    return env | {
        "PATH": ":".join([env["PATH"], *FOLDERS[:2]]),
        "LD_LIBRARY_PATH": f"{UNPACKED}/usr/lib/x86_64-linux-gnu",
    }


def slirp(path, verb, **arguments):
    """One request to slirp4netns's API: one JSON object a connection."""
    def connected():
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(5)
        made.connect(str(path))
        return made

    with eventually(connected, 5) as api:
        api.sendall(json.dumps({"execute": verb,
                                "arguments": arguments}).encode())
        api.shutdown(socket.SHUT_WR)
        told = json.loads(api.makefile().read())
    if "error" in told:
        raise Absent(f"slirp4netns: {told['error']['desc']}")
    return told["return"]
