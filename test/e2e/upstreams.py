"""Proxies of the network around the host: one of our own, that shows what it
has been asked, and real ones that tools/setup has unpacked."""

import base64
import contextlib
import os
import pathlib
import socket
import threading

import servers
from namespaces import inside
from patience import eventually
from program import USER
from scenery import unpacked


class Upstream(servers.Server):
    """HTTP: CONNECT and absolute form, with Basic where `login` is set. `asked`
    has the first line of each request."""

    def __init__(self, netns, at, login=None, names=None):
        self.asked, self.netns = [], netns
        self.names = names or {}
        self.want = login and "Basic " + base64.b64encode(
            login.encode()).decode()
        super().__init__(netns, at, self.talk)

    def talk(self, connection, _client):
        reader = connection.makefile("rb")
        while head := self.head(reader):
            line, fields = head
            if self.want and fields.get("proxy-authorization") != self.want:
                connection.sendall(
                    b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n"
                    b'Proxy-Authenticate: Basic realm="here"\r\n\r\n')
                continue
            self.asked.append(line)
            method, target, _ = line.split()
            if method == "CONNECT":
                return self.connect(connection, reader, target)
            self.fetch(connection, line, fields, target)

    def head(self, reader):
        line = reader.readline().decode().strip()
        fields = {}
        while (field := reader.readline().decode().strip()):
            name, _, value = field.partition(":")
            fields[name.lower()] = value.strip()
        return line and (line, fields)

    def dial(self, authority):
        host, _, port = authority.rpartition(":")
        host = self.names.get(host, host.strip("[]"))
        with inside(self.netns):
            made = socket.socket(socket.AF_INET6 if ":" in host
                                 else socket.AF_INET)
        made.settimeout(10)
        made.connect((host, int(port)))
        return made

    def connect(self, connection, reader, target):
        try:
            far = self.dial(target)
        except OSError:
            return connection.sendall(b"HTTP/1.1 502 No\r\nContent-Length: 0"
                                      b"\r\n\r\n")
        far.settimeout(None)
        connection.sendall(b"HTTP/1.1 200 Yes\r\n\r\n")
        with far:
            back = threading.Thread(target=self.pump, args=(far, connection),
                                    daemon=True)
            back.start()
            while data := reader.read1(65536):
                far.sendall(data)
            with contextlib.suppress(OSError):
                far.shutdown(socket.SHUT_WR)
            back.join(20)

    def pump(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

    def fetch(self, connection, line, fields, target):
        authority, _, path = target.removeprefix("http://").partition("/")
        if ":" not in authority:
            authority += ":80"
        fields = {name: value for name, value in fields.items()
                  if not name.startswith("proxy-")}
        fields["connection"] = "close"
        head = line.split()[0] + f" /{path} HTTP/1.1\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in fields.items()) + "\r\n"
        with self.dial(authority) as far:
            far.sendall(head.encode())
            answer = b""
            while data := far.recv(65536):
                answer += data
        connection.sendall(answer)
        connection.shutdown(socket.SHUT_RDWR)


def start_tinyproxy(case, at, login=None):
    """A real one in the world; false: it is not here."""
    program = unpacked("tinyproxy")
    if not program:
        return False
    settings = case.scene.folder / "tinyproxy.conf"
    settings.write_text(f"Port {at[1]}\nListen {at[0]}\nMaxClients 100\n"
                        "Timeout 60\nConnectPort 443\nConnectPort 80\n"
                        "ConnectPort 7\nConnectPort 22\n" +
                        (f"BasicAuth {login.replace(':', ' ')}\n"
                         if login else ""))
    start_in_world(case, [*program, "-d", "-c", str(settings)], at)
    return True


def start_squid(case, at, login=None):
    """`login` makes of the files' place in its package, and of a folder that
    it may read, what it asks people by; without it everybody is let by."""
    program = unpacked("squid")
    if not program:
        return False
    place = case.scene.folder / "squid"
    place.mkdir(exist_ok=True)
    place.chmod(0o777)
    settings = place / "squid.conf"
    root = program[-1].rpartition("/usr/")[0]
    settings.write_text(
        f"http_port {at[0]}:{at[1]}\ncache deny all\n" +
        (f"{login(root, place)}\nacl known proxy_auth REQUIRED\n"
         "http_access allow known\n" if login else "http_access allow all\n") +
        f"pid_filename {place}/pid\naccess_log none\ncache_log {place}/log\n"
        f"coredump_dir {place}\nshutdown_lifetime 0 seconds\n"
        f"icon_directory {root}/usr/share/squid/icons\n"
        f"error_directory {root}/usr/share/squid/errors/templates\n"
        f"mime_table {root}/usr/share/squid/mime.conf\n"
        "pinger_enable off\nnetdb_filename none\nunlinkd_program /bin/true\n"
        "visible_hostname proxy.test\nmax_filedescriptors 1024\n"
        "hosts_file /etc/hosts\ndns_nameservers 10.99.0.53\n")
    # Its shared memory has a name, beside which others run, and which stays
    # when it is killed.
    name = f"pier{os.getpid()}"
    case.addCleanup(forget_memory, name)
    # It runs as anybody, but not as root.
    start_in_world(case, [*program, "-N", "-n", name, "-f", str(settings)], at,
                   USER)
    return True


def forget_memory(name):
    for each in pathlib.Path("/dev/shm").glob(f"{name}-*"):
        each.unlink(missing_ok=True)


def start_in_world(case, words, at, user=None):
    """Runs until the test is over."""
    program = case.start_at(case.world, *words, user=user)

    def answers():
        if not program.running:
            raise RuntimeError(f"ended instead: {program!r}")
        with contextlib.suppress(OSError):
            case.connect(*at, netns=case.world.netns).close()
            return True
        return False

    eventually(answers, 20, f"{words[0]} listens")
