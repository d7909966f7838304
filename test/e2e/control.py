"""A control connection to a supervisor: one JSON object a line, see
tools/control/protocol.hpp."""

import json
import socket


class Refused(Exception):
    """An answer that is an error: its code, and what a person reads."""

    def __init__(self, verb, told):
        super().__init__(f"{verb}: {told['text']}")
        self.code = told["code"]


class Control:
    """An answer that does not come is an error of the socket's: TimeoutError."""

    # The server takes 64 questions before it has answered the first.
    AT_ONCE = 32

    def __init__(self, path, within=60.0):
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(within)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("rb")
        self._last = 0

    def ask(self, verb, **what):
        self._send(verb, what)
        return self._hear(verb)

    def ask_all(self, verb, questions):
        """Later questions do not wait for the answers of earlier ones."""
        missing = 0
        for what in questions:
            if missing == self.AT_ONCE:
                self._hear(verb)
                missing -= 1
            self._send(verb, what)
            missing += 1
        for _ in range(missing):
            self._hear(verb)

    def _send(self, verb, what):
        self._last += 1
        self._socket.sendall(json.dumps(
            {"id": self._last, "do": verb} | what).encode() + b"\n")

    def _hear(self, verb):
        try:
            line = self._lines.readline()
        except TimeoutError as why:
            raise TimeoutError(f"{verb}: no answer") from why
        if not line:
            raise ConnectionResetError(f"{verb}: the supervisor hung up")
        told = json.loads(line)
        if "error" in told:
            raise Refused(verb, told["error"])
        return told["ok"]

    def close(self):
        self._lines.close()
        self._socket.close()
