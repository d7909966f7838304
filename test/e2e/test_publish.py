"""The grammar of -p, end to end, with the programs that people use."""

import re
import socket

from books import Books
from harness import Case, main
from patience import FACTOR, eventually
from scenery import HOST


class Publish(Case):
    def published(self, *options, listen=("0.0.0.0", "80"), kind="tcp"):
        return self.guest(kind, *listen, options=options)

    def bound(self, name, *port):
        return self.pier("port", name, *port).out.split()

    def udp(self, address, port, text=b"hello", netns=None):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        client = self.socket_in(netns or self.host.netns, family,
                                socket.SOCK_DGRAM)
        client.connect((address, int(port)))

        def answer():
            client.send(text)
            return client.recv(65536).decode()

        # Until the container listens, the port refuses.
        return eventually(answer, 5)

    # ---- HOST:CONTAINER ----------------------------------------------------

    def test_a_port_is_reached_at_every_address_of_both_families(self):
        self.published("-p", "8080:80", listen=("::", "80"))
        for address in ("127.0.0.1", "::1", HOST[4], HOST[6]):
            self.assert_greets(address, 8080, "80")

    def test_the_outside_world_reaches_a_published_port(self):
        self.published("-p", "8080:80", listen=("::", "80"))
        for version in (4, 6):
            self.assert_greets(HOST[version], 8080, "80",
                               self.world.netns)

    def test_an_ipv4_server_is_reached_through_ipv6(self):
        self.published("-p", "8080:80")
        self.assert_greets("::1", 8080, "80")

    def test_a_server_of_ipv6_alone_is_reached_through_ipv4(self):
        self.published("-p", "8080:80", listen=("own-ipv6", "80"))
        self.assert_greets("127.0.0.1", 8080, "80")

    def test_a_real_web_server_is_fetched_with_curl(self):
        page = self.person.folder / "page"
        page.mkdir(exist_ok=True)
        (page / "index.html").write_text("it works\n")
        self.container("-p", "8000:80", "-w", str(page), command=(
            "python3", "-m", "http.server", "80"))
        for url in ("http://localhost:8000/", "http://[::1]:8000/"):
            done = self.succeeds("curl", "-sS", "--retry", "20",
                                 "--retry-delay", "1", "--retry-connrefused",
                                 url)
            self.assertEqual(done.out, "it works\n")

    # ---- IPs -----------------------------------------------------------------

    def test_a_port_of_one_address_is_refused_at_the_others(self):
        self.published("-p", "127.0.0.1:8080:80")
        self.assert_greets("127.0.0.1", 8080, "80")
        self.assert_refused(HOST[4], 8080)
        self.assert_refused("::1", 8080)

    def test_an_ipv6_address_stands_in_brackets_or_bare(self):
        self.published("-p", "[::1]:8080:80", "-p", "::1:8081:80",
                       listen=("::", "80"))
        self.assert_greets("::1", 8080, "80")
        self.assert_greets("::1", 8081, "80")
        self.assert_refused("127.0.0.1", 8080)

    # ---- Random ports --------------------------------------------------------

    def test_a_port_alone_is_published_on_a_random_one(self):
        name = self.published("-p", "80").name
        for at in self.bound(name, "80"):
            port = at.rpartition(":")[2]
            self.assert_greets("127.0.0.1", port, "80")

    def test_a_random_port_of_one_address_stays_there(self):
        name = self.published("-p", "127.0.0.1::80").name
        (at,) = self.bound(name, "80")
        address, _, port = at.rpartition(":")
        self.assertEqual(address, "127.0.0.1")
        self.assert_greets(address, port, "80")
        self.assert_refused(HOST[4], port)

    def test_publish_all_publishes_what_is_exposed(self):
        name = self.published("-P", "--expose", "80", "--expose", "90-91",
                              "-p", "8090:90",
                              listen=("0.0.0.0", "80", "90", "91")).name
        ports = self.inspect(name)["ports"]
        self.assertEqual({p["container_port"] for p in ports}, {80, 90, 91})
        for port in ports:
            if port["container_port"] == 90:
                self.assertEqual(port["host_port"], 8090)
            self.assert_greets("127.0.0.1", port["host_port"],
                               str(port["container_port"]))

    def test_expose_alone_publishes_nothing(self):
        name = self.published("--expose", "80").name
        self.assertEqual(self.inspect(name)["ports"], [])

    # ---- Ranges --------------------------------------------------------------

    def test_a_range_leads_to_a_range_one_by_one(self):
        ports = [str(port) for port in range(80, 91)]
        self.published("-p", "8080-8090:80-90", listen=("0.0.0.0", *ports))
        for port in ports:
            self.assert_greets("127.0.0.1", 8000 + int(port), port)

    def test_a_range_to_one_port_takes_a_free_one_of_it(self):
        first = self.published("-p", "8080-8082:80").name
        second = self.published("-p", "8080-8082:80").name
        taken = {at.rpartition(":")[2] for name in (first, second)
                 for at in self.bound(name, "80")}
        self.assertEqual(len(taken), 2)
        self.assertLessEqual(taken, {"8080", "8081", "8082"})
        for port in taken:
            self.assert_greets("127.0.0.1", port, "80")

    # ---- UDP -----------------------------------------------------------------

    def test_udp_is_answered_from_the_port_that_was_asked(self):
        self.published("-p", "5300:53/udp", kind="udp", listen=("::", "53"))
        for address in ("127.0.0.1", "::1", HOST[4], HOST[6]):
            self.assertEqual(self.udp(address, 5300), "53 hello")

    def test_udp_and_tcp_of_one_number_are_two_ports(self):
        self.guest("tcp", "0.0.0.0", "53", options=[
            "-p", "5300:53", "-p", "5300:53/UDP"])
        self.assert_greets("127.0.0.1", 5300, "53")

    def test_a_datagram_of_65507_bytes_comes_back_whole(self):
        self.published("-p", "127.0.0.1:5300:53/udp", kind="udp",
                       listen=("0.0.0.0", "53"))
        text = b"x" * 65507
        self.assertEqual(self.udp("127.0.0.1", 5300, text), text.decode())

    def test_many_udp_ports_share_the_room_that_one_needs(self):
        books = Books(self, self.pierd())
        before = books.memory()
        ports = [str(port) for port in range(5300, 5364)]
        self.published("-p", "5300-5363:5300-5363/udp", kind="udp",
                       listen=("0.0.0.0", *ports))
        for port in ports:
            self.assertEqual(self.udp("127.0.0.1", port), f"{port} hello")
        if FACTOR == 1:  # what a sanitizer keeps is not Pier's
            self.assertLess(books.memory() - before, 16)

    def test_netcat_speaks_udp_with_a_container(self):
        self.published("-p", "5300:53/udp", kind="udp",
                       listen=("0.0.0.0", "53"))
        done = self.run_here("sh", "-c",
                             "echo hi | nc -u -w 1 -W 1 127.0.0.1 5300")
        self.assertEqual(done.out, "53 hi\n", done)

    # ---- Refusals ------------------------------------------------------------

    def test_every_malformed_port_is_refused_in_words(self):
        for spec, words in {
                "": "no port specified: <empty>",
                "8080:": "no port specified: 8080:<empty>",
                "80/icmp": "invalid proto: icmp",
                "host:8080:80": "invalid IP address: host",
                "1.2.3.256:8080:80": "invalid IP address: 1.2.3.256",
                "8080:x": "invalid containerPort: x",
                "x:80": "invalid hostPort: x",
                "65536:80": "invalid hostPort: 65536",
                "8080:0x50": "invalid containerPort: 0x50",
                "8000-8002:80-81": "invalid ranges specified for container and"
                                   " host Ports: 80-81 and 8000-8002"}.items():
            said = self.refused("run", "-p", spec, "--", "true", status=125)
            self.assertIn(words, said, spec)
            self.assertEqual(said.count("\n"), 0, said)

    def test_sctp_is_refused_in_words(self):
        said = self.refused("run", "-p", "80:80/sctp", "--", "true", status=125)
        self.assertIn("sctp", said.lower())

    def test_a_port_of_another_container_is_named_with_it(self):
        self.pierd()
        name = self.published("-p", "8080:80").name
        said = self.refused("run", "-p", "8080:80", "--", "true", status=125)
        self.assertIn("Bind for 0.0.0.0:8080 failed: port is already allocated",
                      said)
        self.assertIn(name, said)

    def test_a_port_of_another_supervisor_is_named_with_its_process(self):
        holder = self.published("-p", "8080:80")
        said = self.refused("run", "-p", "8080:80", "--", "true", status=125)
        self.assertIn("listen tcp4 0.0.0.0:8080: bind: address already in use",
                      said)
        self.assertTrue(re.search(rf"\b{holder.inner_pid}\b", said), said)

    def test_a_port_of_a_foreign_program_is_named_with_it(self):
        foreign = self.start("python3", "-B", "/mnt/e2e/guest.py", "tcp",
                             "0.0.0.0", "8080")
        foreign.until_said("ready")
        said = self.refused("run", "-p", "8080:80", "--", "true", status=125)
        self.assertIn("listen tcp4 0.0.0.0:8080: bind: address already in use",
                      said)
        self.assertIn("python3", said)
        self.assertTrue(re.search(rf"\b{foreign.inner_pid}\b", said), said)

    def test_an_address_of_nobody_is_refused(self):
        said = self.refused("run", "-p", "10.9.9.9:8080:80", "--", "true",
                            status=125)
        self.assertIn("listen tcp4 10.9.9.9:8080: bind: cannot assign "
                      "requested address", said)

    def test_a_low_port_is_for_those_who_may(self):
        options = ["-p", "81:80"]
        if self.person.user:
            said = self.refused("run", *options, "--", "true", status=125)
            self.assertIn("listen tcp4 0.0.0.0:81: bind: permission denied",
                          said)
            self.assertIn("ip_unprivileged_port_start", said)
        else:
            self.published(*options)
            self.assert_greets("127.0.0.1", 81, "80")

    def test_a_port_beyond_a_share_of_descriptors_is_refused_by_name(self):
        self.settle("[limits]\ndescriptors = 40\n")
        said = self.refused("run", "-p", "8000-8010:80-90", "--", "true",
                            status=125)
        self.assertIn("to 44 descriptors, and limits.descriptors is 40", said)
        self.assert_free(8000)
        self.published("-p", "8000-8009:80-89")
        self.assert_greets("127.0.0.1", 8000, "80")

    def test_one_refused_port_leaves_no_other_behind(self):
        self.published("-p", "8081:80")
        self.refused("run", "-p", "8080:80", "-p", "8081:80", "--", "true",
                     status=125)
        self.assert_free(8080)


if __name__ == "__main__":
    main()
