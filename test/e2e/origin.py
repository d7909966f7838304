"""A web server that shows what it has been asked, and answers in every way that
HTTP/1.1 has."""

import contextlib
import hashlib
import http.server
import threading

import servers
from namespaces import inside

SIZE = 64 << 20  # of /big


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.seen.append((self.requestline, dict(self.headers)))
        if self.path == "/chunks":
            return self.chunks()
        if self.path == "/open":
            return self.open_end()
        if self.path == "/early":
            self.send_response_only(103)
            self.send_header("Link", "</a.css>; rel=preload")
            self.end_headers()
        if self.path == "/socket":
            return self.upgrade()
        body = b"the world\n" if self.path != "/big" else None
        self.send_response(200)
        self.send_header("Content-Length", str(SIZE if body is None else
                                               len(body)))
        self.send_header("X-Hop", "1")
        self.send_header("Connection", "X-Hop")
        self.end_headers()
        if self.command == "HEAD":
            return
        if body is None:
            piece = bytes(range(256)) * 256
            for _ in range(SIZE // len(piece)):
                self.wfile.write(piece)
        else:
            self.wfile.write(body)

    do_HEAD = do_GET

    def chunks(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Trailer", "X-Sum")
        self.end_headers()
        for word in b"one ", b"two ", b"three\n":
            self.wfile.write(b"%x\r\n%s\r\n" % (len(word), word))
        self.wfile.write(b"0\r\nX-Sum: 14\r\n\r\n")

    def open_end(self):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"until the end\n")
        self.close_connection = True

    def upgrade(self):
        self.send_response_only(101)
        self.send_header("Connection", "Upgrade")
        self.send_header("Upgrade", self.headers["Upgrade"])
        self.end_headers()
        while data := self.connection.recv(4096):
            self.connection.sendall(data.upper())
        self.close_connection = True

    def do_POST(self):
        self.server.seen.append((self.requestline, dict(self.headers)))
        digest, size = hashlib.sha256(), 0
        for piece in self.body():
            digest.update(piece)
            size += len(piece)
        body = f"{size} {digest.hexdigest()}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_POST

    def body(self):
        if self.headers.get("Transfer-Encoding"):
            while size := int(self.rfile.readline(), 16):
                yield self.rfile.read(size)
                self.rfile.readline()
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            return
        left = int(self.headers["Content-Length"])
        while left:
            piece = self.rfile.read(min(left, 65536))
            left -= len(piece)
            yield piece


class Origin(http.server.ThreadingHTTPServer):
    """A web server that shows what it has been asked; without a namespace it
    is where the program is."""
    daemon_threads = True

    def __init__(self, netns, at, handler=Handler):
        super().__init__(at, handler, bind_and_activate=False)
        self.socket.close()
        with inside(netns) if netns else contextlib.nullcontext():
            self.socket = servers.tcp_socket(at)
        self.socket.bind(at)
        self.socket.listen(128)
        self.seen = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass

    def close(self):
        self.shutdown()
        self.server_close()
