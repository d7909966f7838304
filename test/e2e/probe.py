"""A client that asks how the network treats it: `probe.py QUESTIONS`, JSON of
{question: [verb, argument...]}. It asks them all at once and prints JSON of
{question: a word or two}. The other end is fates.py, or nobody."""

import json
import os
import socket
import sys
import threading
import uuid

from datagrams import datagram, ping
from errors import called
from fates import PATIENCE, linger, reset
from patience import now

BULK = 200000  # more than the buffers of a lazy relay's first read


def dialled(address, port):
    return socket.create_connection((address, int(port)), PATIENCE)


def connect(address, port):
    """Where nobody is: who accepts all the same has spoken too soon."""
    with dialled(address, port) as one:
        try:
            return "accepts, " + ("FIN" if one.recv(1) == b"" else "talks")
        except OSError as why:
            return "accepts, " + called(why)


def asked(address, port, verb, token=""):
    one = dialled(address, port)
    one.sendall(f"{verb} {token}\n".encode())
    return one


def all_of(one):
    data = b""
    while piece := one.recv(65536):
        data += piece
    return data


def seen(address, port, token):
    """What the server saw of the client of that token."""
    with asked(address, port, "tell", token) as one:
        return all_of(one).decode()


def whoami(address, port):
    with asked(address, port, "whoami", "-") as one:
        return all_of(one).decode() or "lost"


def half_close_by_client(address, port):
    with asked(address, port, "count", "-") as one:
        try:
            one.sendall(bytes(BULK))
            one.shutdown(socket.SHUT_WR)
            return "kept" if all_of(one) == b"%d" % BULK else "lost"
        except OSError:
            return "lost"


def half_close_by_server(address, port):
    token = uuid.uuid4().hex
    with asked(address, port, "finish", token) as one:
        try:
            if all_of(one) != b"x":
                return "lost"
            linger(one)
            one.sendall(bytes(BULK))
            one.shutdown(socket.SHUT_WR)
        except OSError:
            return "lost"
        return "kept" if seen(address, port, token) == str(BULK) else "lost"


def reset_by_client(address, port):
    token = uuid.uuid4().hex
    one = asked(address, port, "watch", token)
    if one.recv(1) != b"x":
        return "lost"
    reset(one)
    return seen(address, port, token)


def reset_by_server(address, port):
    with asked(address, port, "reset", "-") as one:
        return "FIN" if one.recv(1) == b"" else "data"


VERBS = {act.__name__: act for act in (
    connect, whoami, half_close_by_client, half_close_by_server,
    reset_by_client, reset_by_server, datagram, ping)}


def put(verb, *arguments):
    try:
        return VERBS[verb](*arguments)
    except OSError as why:
        return called(why)


def all_at_once(questions):
    answers = {}
    threads = [threading.Thread(
        target=lambda what=what, words=words: answers.update(
            {what: put(*words)}), daemon=True)
        for what, words in questions.items()]
    for thread in threads:
        thread.start()
    deadline = now() + 4 * PATIENCE
    for thread in threads:
        thread.join(max(0, deadline - now()))
    return {what: answers.get(what, "no end") for what in questions}


if __name__ == "__main__":
    print(json.dumps(all_at_once(json.loads(sys.argv[1]))), flush=True)
    os._exit(0)  # whoever has found no end is not waited for
