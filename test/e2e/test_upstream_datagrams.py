"""Datagrams of containers through a SOCKS5 proxy of the network around the
host, where it offers that: dante does, microsocks does not."""

import errno
import ipaddress
import socket
import struct
import threading

import servers
from harness import Case, main
from namespaces import inside
from patience import eventually
from real_proxies import start_dante, start_microsocks
from scenery import DNS, WORLD

AT = "10.213.0.1", 1081


class Datagrams(Case):
    def setUp(self):
        super().setUp()
        self.scene.resolve_by(DNS[4])
        self.echo = self.own(servers.UdpServer(self.world.netns,
                                               (WORLD[4], 443)))

    def dante(self):
        if not start_dante(self, AT):
            self.skipTest("no dante: tools/setup --tests unpacks it")

    def begin(self, more="", at=AT, scheme="socks5"):
        self.settle('[containers_proxy]\nmode = "manual"\n'
                    f'https = "{scheme}://{at[0]}:{at[1]}"\n' + more)
        self.container(name="web")

    def sender(self, port=443, to=WORLD[4]):
        with inside(self.netns_of("web")):
            made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(made.close)
        made.settimeout(20)
        made.connect((to, port))
        return made

    def assert_echoed(self, sender, data):
        sender.send(data)
        self.assertEqual(sender.recv(70000), data)

    def test_they_go_by_one_that_offers_it(self):
        self.dante()
        self.begin()
        one = self.sender()
        for data in b"a", b"b" * 1400, b"c" * 20000:
            self.assert_echoed(one, data)
        self.assertEqual({ip for ip, _ in self.echo.clients}, {AT[0]})
        self.assertIn(f"through socks5://{AT[0]}:{AT[1]}",
                      self.pier("tree").out)

    def test_other_ports_and_what_is_excluded_go_directly(self):
        self.dante()
        other = self.own(servers.UdpServer(self.world.netns, (WORLD[4], 444)))
        self.begin('exclude = ["10.0.0.0/8:446"]\n')
        self.assert_echoed(self.sender(444), b"a")
        self.assertNotEqual(other.clients[0][0], AT[0])

    def test_where_it_is_not_offered_they_go_directly(self):
        if not start_microsocks(self, AT):
            self.skipTest("no microsocks: tools/setup --tests unpacks it")
        self.begin()
        self.assert_echoed(self.sender(), b"a")
        self.assertNotEqual(self.echo.clients[0][0], AT[0])

    def test_a_proxy_that_is_not_there_refuses_and_nothing_goes_by_itself(self):
        self.begin()
        one = self.sender()
        one.send(b"a")
        with self.assertRaises(ConnectionRefusedError):
            one.recv(9)
        self.assertEqual(self.echo.seen, [])

    def test_a_proxy_that_ends_takes_them_with_it(self):
        ends = threading.Event()
        relay = self.own(servers.UdpServer(self.world.netns, (AT[0], 1082)))
        at = ipaddress.ip_address(AT[0]).packed + struct.pack("!H", 1082)

        def serve(connection, _client):
            """Whatever is to be led on comes back from the relay."""
            connection.recv(99)
            connection.sendall(b"\5\0")
            connection.recv(99)
            connection.sendall(b"\5\0\0\1" + at)
            ends.wait(60)

        proxy = self.own(servers.Server(self.world.netns, AT, serve))
        self.begin()
        one = self.sender()
        self.assert_echoed(one, b"a")
        self.assertEqual(len(relay.seen), 1)
        proxy.close()
        ends.set()

        def is_refused():
            try:
                one.send(b"b")
                return not one.recv(9)
            except ConnectionRefusedError:
                return True

        one.settimeout(0.2)
        eventually(is_refused, 20)

    def test_led_to_no_proxy_at_all_they_are_forbidden(self):
        self.settle('[containers_proxy]\nmode = "manual"\n'
                    'transparent_ports = "*"\n')
        self.container(name="web")
        one = self.sender()
        one.send(b"a")
        with self.assertRaises(OSError) as heard:
            one.recv(9)
        self.assertEqual(heard.exception.errno, errno.EHOSTUNREACH)
        self.assertEqual(self.echo.seen, [])


if __name__ == "__main__":
    main()
