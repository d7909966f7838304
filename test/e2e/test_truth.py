"""A published port tells the truth: connected means connected, refused means
refused, and stopped means gone."""

import socket

from harness import Case, main
from patience import eventually, stays
from scenery import HOST
from servers import reset


class Truth(Case):
    def accepts(self, port=8080):
        try:
            self.connect("127.0.0.1", port).close()
            return True
        except ConnectionRefusedError:
            return False

    def refuses(self):
        return not self.accepts()

    def order(self, container, word):
        container.stdin.write(f"{word}\n".encode())
        container.stdin.flush()
        container.until_said(f"done {word}")

    # ---- Ready ---------------------------------------------------------------

    def test_a_port_refuses_until_its_server_listens_and_again_after(self):
        container = self.guest("order", "0.0.0.0", "80",
                               options=["-p", "8080:80"])
        stays(self.refuses, 0.3, "refused before anybody listens")
        self.order(container, "listen")
        eventually(self.accepts, 5)
        self.assert_greets("127.0.0.1", 8080, "open")
        self.order(container, "close")
        eventually(self.refuses, 5)
        stays(self.refuses, 0.3, "refused after the server has closed")

    def test_a_server_may_come_and_go_many_times(self):
        container = self.guest("order", "0.0.0.0", "80",
                               options=["-p", "8080:80"])
        for _ in range(10):
            self.order(container, "listen")
            eventually(self.accepts, 5)
            self.order(container, "close")
            eventually(self.refuses, 5)

    def test_a_port_refuses_when_its_server_dies_in_a_living_container(self):
        container = self.guest("child", "0.0.0.0", "80",
                               options=["-p", "8080:80"])
        eventually(self.accepts, 10)
        container.stdin.write(b"\n")
        container.stdin.flush()
        container.until_said("killed")
        eventually(self.refuses, 5)
        self.assertTrue(container.running)

    def test_a_server_of_the_guests_loopback_alone_is_not_published(self):
        container = self.guest("order", "127.0.0.1", "80",
                               options=["-p", "8080:80"])
        self.order(container, "listen")
        stays(self.refuses, 0.3)

    def test_a_closed_port_is_still_ours(self):
        self.pierd()
        self.guest("order", "0.0.0.0", "80", options=["-p", "8080:80"])
        with self.assertRaises(OSError):
            self.assert_free(8080)
        said = self.refused("run", "-p", "8080:80", "--", "true", status=125)
        self.assertIn("port is already allocated", said)

    def test_ps_and_port_tell_open_from_closed(self):
        container = self.guest("order", "0.0.0.0", "80",
                               options=["-p", "8080:80"])

        def opened():
            return any(port["open"]
                       for port in self.inspect(container.name)["ports"])

        self.assertFalse(opened())
        self.assertIn("(closed)", self.pier("ps").out)
        self.order(container, "listen")
        eventually(opened, 5)
        self.assertNotIn("(closed)", self.pier("ps").out)

    def test_an_accepted_connection_outlives_its_listener(self):
        container = self.guest("order", "0.0.0.0", "80",
                               options=["-p", "8080:80"])
        self.order(container, "listen")
        eventually(self.accepts, 5)
        client = self.connect("127.0.0.1", 8080)
        self.assertEqual(client.recv(64), b"open\n")
        self.order(container, "close")
        eventually(self.refuses, 5)
        client.sendall(b"still here")
        self.assertEqual(client.recv(64), b"still here")

    # ---- Relayed as it is ----------------------------------------------------

    def test_a_half_closed_client_gets_its_answer(self):
        self.guest("echo", "0.0.0.0", "80", options=["-p", "8080:80"])
        eventually(self.accepts, 5)
        client = self.connect("127.0.0.1", 8080)
        client.sendall(b"x" * 300000)
        client.shutdown(socket.SHUT_WR)
        count = 0
        while data := client.recv(65536):
            count += len(data)
        self.assertEqual(count, 300000)

    def test_a_clients_reset_reaches_the_server_as_a_reset(self):
        server = self.guest("echo", "0.0.0.0", "80", options=["-p", "8080:80"])
        eventually(self.accepts, 5)
        client = self.connect("127.0.0.1", 8080)
        client.sendall(b"x")
        client.recv(1)
        reset(client)
        server.until_said("lost 104", 10)

    # ---- Stop ----------------------------------------------------------------

    def test_every_port_is_free_the_moment_a_stop_is_answered(self):
        name = self.guest("tcp", "::", "80", "81", options=[
            "-p", "8080:80", "-p", "8081-8085:81",
            "-p", "5300-5400:5300-5400/udp"]).name
        eventually(self.accepts, 5)
        client = self.connect("127.0.0.1", 8080)
        self.assertEqual(client.recv(64), b"80\n")
        self.pier("stop", name)
        self.assert_free(8080)
        for port in range(8081, 8086):
            self.assert_free(port)
        for port in range(5300, 5401):
            self.assert_free(port, socket.SOCK_DGRAM)
        with self.assertRaises((ConnectionError, AssertionError)):
            self.assertNotEqual(client.recv(64), b"")

    def test_ports_are_free_when_the_command_ends_by_itself(self):
        done = self.run_here("pier", "run", "-p", "8080:80", "--", "true")
        self.assertEqual(done.status, 0, done)
        self.assert_free(8080)

    def test_a_port_may_be_published_and_taken_back_while_it_runs(self):
        name = self.guest("tcp", "0.0.0.0", "80").name
        told = self.pier("publish", name, "8080:80").out
        self.assertIn("80/tcp -> 0.0.0.0:8080", told)
        self.assert_greets("127.0.0.1", 8080, "80")
        client = self.connect(HOST[4], 8080)
        self.assertEqual(client.recv(64), b"80\n")
        self.pier("unpublish", name, "8080:80")
        self.assert_free(8080, reuse=True)
        client.sendall(b"still here")
        self.assertEqual(client.recv(64), b"still here")
        said = self.refused("unpublish", name, "8080:80")
        self.assertIn("8080", said)

    def test_a_thousand_ports_come_and_go_within_seconds(self):
        name = self.guest("tcp", "0.0.0.0", "20500", options=[
            "-p", "20000-20999:20000-20999"]).name
        self.assert_greets("127.0.0.1", 20500, "20500")
        self.assert_refused("127.0.0.1", 20501)
        self.pier("stop", name, within=10)
        for port in range(20000, 21000, 37):
            self.assert_free(port)


if __name__ == "__main__":
    main()
