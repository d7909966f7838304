"""Whom a container takes for the client of its published port: the gateway, or
the client itself, by its own address or by a header that speaks of it."""

import os
import socket
import threading

from harness import Case, main
from patience import eventually
from scenery import FAMILY, HOST, unpacked

GUESTS = {4: "192.168.65.", 6: "fd07:b51a:cc66::"}


class Source(Case):
    def setUp(self):
        super().setUp()
        self.far = {4: "10.213.0.1", 6: "fd99:d5::1"}

    def who(self, *options, listen=("::", "80"), **how):
        return self.guest("who", *listen, options=options, **how)

    def client(self, version, kind, netns=None, at=None):
        made = self.socket_in(netns or self.world.netns, FAMILY[version], kind)
        if at:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind(at)
        return made

    def told(self, client, to, text=b"hello"):
        """What the container says of a client, and the client's own word."""
        if client.type == socket.SOCK_STREAM:
            eventually(lambda: self.connected(client, to), 5)
            said = client.makefile("rb").readline()
        else:
            client.connect(to)

            def answer():
                client.send(text)
                return client.recv(65536)

            # Until the container listens, the port refuses.
            said = eventually(answer, 5)
            self.assertTrue(said.endswith(text), said)
            said = said[:-len(text)]
        return tuple(said.decode().split()), name_of(client)

    def connected(self, client, to):
        return client.connect_ex(to) == 0

    def assert_seen(self, client, to):
        said, own = self.told(client, to)
        self.assertEqual(said, own)

    def assert_unseen(self, client, to, version=4):
        """The gateway is; it has several addresses."""
        said, _ = self.told(client, to)
        self.assertTrue(said[0].startswith(GUESTS[version]), said)

    # ---- Its own name ------------------------------------------------------

    def test_a_client_is_seen_by_its_own_address_and_port(self):
        self.who("-p", "8080:80,source=preserve",
                 "-p", "8080:80/udp,source=preserve")
        for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
            for version in 4, 6:
                with self.subTest(kind=kind, version=version):
                    self.assert_seen(self.client(version, kind),
                                     (HOST[version], 8080))

    def test_without_a_word_the_gateway_is_seen(self):
        self.who("-p", "8080:80", "-p", "8080:80/udp")
        for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
            for version in 4, 6:
                with self.subTest(kind=kind, version=version):
                    self.assert_unseen(self.client(version, kind),
                                       (HOST[version], 8080))

    def test_the_host_is_seen_by_the_address_that_it_calls_from(self):
        self.who("-p", "8080:80,source=preserve")
        for version in 4, 6:
            self.assert_seen(
                self.client(version, socket.SOCK_STREAM, self.host.netns),
                (HOST[version], 8080))

    def test_loopback_cannot_be_seen_and_is_served_all_the_same(self):
        self.who("-p", "8080:80,source=preserve",
                 "-p", "8080:80/udp,source=preserve")
        for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
            for version, address in ((4, "127.0.0.1"), (6, "::1")):
                with self.subTest(kind=kind, version=version):
                    self.assert_unseen(
                        self.client(version, kind, self.host.netns),
                        (address, 8080), version)

    def test_a_service_of_the_other_family_sees_the_gateway(self):
        self.who("-p", "8080:80,source=preserve", listen=("0.0.0.0", "80"))
        self.assert_unseen(self.client(6, socket.SOCK_STREAM),
                           (HOST[6], 8080))
        self.assert_seen(self.client(4, socket.SOCK_STREAM), (HOST[4], 8080))

    def test_megabytes_go_both_ways_and_an_end_is_an_end(self):
        self.who("-p", "8080:80,source=preserve")
        client = self.client(4, socket.SOCK_STREAM)
        self.assert_seen(client, (HOST[4], 8080))
        sent = os.urandom(1 << 20) * 8
        got = self.echoed(client, sent)
        self.assertEqual(got, sent)

    def echoed(self, client, data):
        writer = threading.Thread(target=lambda: (
            client.sendall(data), client.shutdown(socket.SHUT_WR)))
        writer.start()
        got = bytearray()
        while piece := client.recv(1 << 20):
            got += piece
        writer.join(20)
        return bytes(got)

    def test_a_client_that_resets_is_reset_and_its_name_is_free_again(self):
        guest = self.who("-p", "8080:80,source=preserve")
        at = (self.far[4], 40123)
        for _ in range(20):
            client = self.client(4, socket.SOCK_STREAM, at=at)
            self.assert_seen(client, (HOST[4], 8080))
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                              b"\1\0\0\0\0\0\0\0")
            client.close()
            self.told_of_end(guest)

    def told_of_end(self, guest):
        self.ends = getattr(self, "ends", 0) + 1
        eventually(lambda: guest.out.count("lost 104") == self.ends, 5)

    # ---- One name, several connections -------------------------------------

    def test_one_socket_address_is_seen_by_two_services(self):
        self.who("-p", "8080:80,source=preserve",
                 "-p", "8081:81,source=preserve",
                 "-p", "8080:80/udp,source=preserve",
                 "-p", "8081:81/udp,source=preserve",
                 listen=("::", "80", "81"))
        for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
            for port in 8080, 8081:
                with self.subTest(kind=kind, port=port):
                    self.assert_seen(
                        self.client(4, kind, at=(self.far[4], 40000)),
                        (HOST[4], port))

    def test_a_name_that_is_in_use_is_the_gateways(self):
        self.who("-p", "8080-8081:80-81,source=preserve",
                 "-p", "9080:80,source=preserve",
                 "-p", "8080:80/udp,source=preserve",
                 "-p", "9080:80/udp,source=preserve",
                 listen=("::", "80", "81"))
        for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
            with self.subTest(kind=kind):
                at = (self.far[4], 40000)
                first = self.client(4, kind, at=at)
                self.assert_seen(first, (HOST[4], 8080))
                second = self.client(4, kind, at=at)
                self.assert_unseen(second, (HOST[4], 9080))
                # Nobody hears the other's answers.
                for client, word in ((first, b"one"), (second, b"two")):
                    client.send(word)
                    self.assertIn(word, client.recv(100))

    def test_a_guest_may_call_the_one_that_has_called_it(self):
        guest = self.who("-p", "8080:80,source=preserve")
        client = self.client(4, socket.SOCK_STREAM)
        self.assert_seen(client, (HOST[4], 8080))
        said = self.exec_in(guest.name, "python3", "-c", """if True:
            import socket
            with socket.create_connection(("10.99.0.1", 7), 5) as one:
                one.sendall(b"out")
                print(one.recv(9).decode())
            """)
        self.assertEqual(said.out, "out\n", said)
        client.sendall(b"in")
        self.assertEqual(client.recv(9), b"in")

    # ---- Truth -------------------------------------------------------------

    def test_a_datagram_to_a_service_that_went_is_refused(self):
        self.settle('[ports]\nready = "listening"\n')
        self.guest("order", "0.0.0.0", "80",
                   options=("-p", "8080:80/udp,source=preserve",))
        client = self.client(4, socket.SOCK_DGRAM)
        client.connect((HOST[4], 8080))
        client.send(b"anybody?")
        # The guest says so to the client's address: the conversation ends.
        eventually(lambda: self.sessions() == 0, 5, "end of the conversation")

    def sessions(self):
        return str(self.tree()).count("udp-")

    def test_a_listening_port_without_a_service_resets(self):
        self.settle('[ports]\nready = "listening"\nsource = "preserve"\n')
        self.guest("order", "0.0.0.0", "80", options=("-p", "8080:80"))
        client = self.client(4, socket.SOCK_STREAM)
        with self.assertRaises(ConnectionResetError):
            client.connect((HOST[4], 8080))
            client.recv(1)

    # ---- Settings ----------------------------------------------------------

    def test_settings_speak_for_ports_that_say_nothing_and_may_change(self):
        self.settle('[ports]\nsource = "preserve"\n')
        self.pierd()
        name = self.who("-p", "8080:80", "-p", "8081:80,source=nat").name
        first = self.client(4, socket.SOCK_STREAM)
        self.assert_seen(first, (HOST[4], 8080))
        self.assert_unseen(self.client(4, socket.SOCK_STREAM),
                           (HOST[4], 8081))
        self.settle('[ports]\nsource = "nat"\n')
        self.pier("settings", "reload")
        self.assert_unseen(self.client(4, socket.SOCK_STREAM),
                           (HOST[4], 8080))
        first.sendall(b"still here")
        self.assertEqual(first.recv(100), b"still here")
        self.pier("unpublish", name, "8081:80")
        self.assert_refused(HOST[4], 8081)

    # ---- The header --------------------------------------------------------

    def test_a_header_tells_who_came_and_where_to(self):
        self.guest("proxied", "::", "80",
                   options=("-p", "8080:80,proxy_protocol=v2"))
        for version, home, address in (
                (4, self.world, HOST[4]), (6, self.world, HOST[6]),
                (4, self.host, "127.0.0.1"), (6, self.host, "::1")):
            with self.subTest(address=address):
                client = self.client(version, socket.SOCK_STREAM, home.netns)
                said = self.introduced(client, (address, 8080))
                self.assertTrue(said.startswith(GUESTS[4]), said)

    def introduced(self, client, to):
        """What the header says is the truth; answers as whom the container
        has it besides."""
        eventually(lambda: self.connected(client, to), 5)
        said = client.makefile("rb")
        for at in name_of(client), (to[0], str(to[1])):
            self.assertEqual(tuple(said.readline().decode().split()), at)
        peer = said.readline().decode()
        client.sendall(b"first bytes\n")
        self.assertEqual(said.readline(), b"first bytes\n")
        return peer

    def test_a_header_and_the_clients_own_name_go_together(self):
        self.guest("proxied", "::", "80", options=(
            "-p", "8080:80,proxy_protocol=v2,source=preserve"))
        client = self.client(4, socket.SOCK_STREAM)
        said = self.introduced(client, (HOST[4], 8080))
        self.assertEqual(tuple(said.split()), name_of(client))

    def test_datagrams_have_no_header_and_that_is_said(self):
        said = self.refused("run", "-p", "53:53/udp,proxy_protocol=v2", "--",
                            "true", status=125)
        self.assertIn("proxy_protocol=v2 is for TCP ports", said)

    def test_haproxy_takes_the_header_for_the_truth(self):
        haproxy = unpacked("haproxy")
        if not haproxy:
            self.skipTest("no haproxy: tools/setup --tests unpacks it")
        settings = self.person.folder / "haproxy.cfg"
        settings.write_text("""
            defaults
              mode http
              timeout client 10s
              timeout server 10s
              timeout connect 10s
            frontend all
              bind :::80 v4v6 accept-proxy
              http-request return content-type text/plain lf-string %s
""" % r"%[src]\ %[src_port]\ %[dst]\ %[dst_port]")
        self.container("-p", "8080:80,proxy_protocol=v2", command=(
            *haproxy, "-db", "-f", str(settings)))
        for version in 4, 6:
            client = self.client(version, socket.SOCK_STREAM)
            eventually(lambda c=client, v=version: self.connected(
                c, (HOST[v], 8080)), 10)
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            said = client.makefile("rb").read().decode()
            self.assertEqual(said.rpartition("\r\n")[2].split(),
                             [*name_of(client), HOST[version], "8080"], said)


def name_of(client):
    address, port = client.getsockname()[:2]
    return address, str(port)


if __name__ == "__main__":
    main()
