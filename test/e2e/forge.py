"""A web server with all that clients come for: an Origin's answers, the files
of a folder under /files/, and its Git repositories under /git/, for reading and
writing. In a container: `forge.py FOLDER PORT`."""

import functools
import http.server
import os
import signal
import ssl
import subprocess
import sys

import origin


class Handler(origin.Handler, http.server.SimpleHTTPRequestHandler):
    introduced = ""

    def parse_request(self):
        """A PROXY header, version 1, comes back as a field."""
        if self.raw_requestline.startswith(b"PROXY "):
            self.introduced = self.raw_requestline.decode().strip()
            self.raw_requestline = self.rfile.readline(65537)
        return super().parse_request()

    def end_headers(self):
        if self.introduced:
            self.send_header("X-Introduced", self.introduced)
        super().end_headers()

    def do_GET(self):
        if self.path.startswith("/files/"):
            self.server.seen.append((self.requestline, dict(self.headers)))
            return http.server.SimpleHTTPRequestHandler.do_GET(self)
        if self.path.startswith("/git/"):
            return self.git()
        return super().do_GET()

    def do_HEAD(self):
        if self.path.startswith("/files/"):
            return http.server.SimpleHTTPRequestHandler.do_HEAD(self)
        return super().do_GET()

    def do_POST(self):
        if self.path.startswith("/git/"):
            return self.git()
        return super().do_POST()

    do_PUT = do_POST

    def translate_path(self, path):
        return super().translate_path(path.removeprefix("/files"))

    def git(self):
        """As a CGI program, whose answer is its own head and all behind it."""
        path, _, query = self.path.removeprefix("/git").partition("?")
        fields = {"Content-Type": "CONTENT_TYPE",
                  "Git-Protocol": "GIT_PROTOCOL",
                  "Content-Encoding": "HTTP_CONTENT_ENCODING"}
        sent = b"".join(self.body()) if self.command == "POST" else b""
        done = subprocess.run(
            ["git", "-c", "safe.directory=*", "http-backend"], input=sent,
            stdout=subprocess.PIPE, check=True, timeout=60,
            env={"PATH": os.environ["PATH"], "GIT_HTTP_EXPORT_ALL": "1",
                 "GIT_PROJECT_ROOT": self.directory, "PATH_INFO": path,
                 "REMOTE_USER": "me", "REMOTE_ADDR": "127.0.0.1",
                 "QUERY_STRING": query, "REQUEST_METHOD": self.command,
                 "CONTENT_LENGTH": str(len(sent)),
                 **{variable: self.headers[name]
                    for name, variable in fields.items()
                    if name in self.headers}})
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1)
                      for line in head.decode().split("\r\n"))
        self.send_response(int(fields.pop("Status", "200").split()[0]))
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Forge(origin.Origin):
    """With a certificate (a file with its key in it) by TLS."""

    def __init__(self, netns, at, folder, certificate=None):
        handler = functools.partial(Handler, directory=str(folder))
        super().__init__(netns, at, handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            # Hands are shaken by the thread of the client.
            self.socket = context.wrap_socket(self.socket, server_side=True,
                                              do_handshake_on_connect=False)


def certificate(folder, name, *addresses):
    """Of its own, with its key, in one file."""
    names = ",".join([f"DNS:{name}", *(f"IP:{each}" for each in addresses)])
    place = folder / f"{name}.pem"
    key = place.with_suffix(".key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", f"/CN={name}", "-addext",
                    f"subjectAltName={names}", "-keyout", str(key), "-out",
                    str(place)], check=True, capture_output=True)
    with place.open("a") as file:
        file.write(key.read_text())
    return place


if __name__ == "__main__":
    for anywhere in "0.0.0.0", "::":
        Forge(None, (anywhere, int(sys.argv[2])), sys.argv[1])
    print("ready", flush=True)
    signal.pause()
