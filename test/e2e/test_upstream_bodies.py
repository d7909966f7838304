"""Bodies that meet a proxy which asks who sends them."""

import hashlib
import os

from harness import main
from proxy_case import ProxyCase, URL
from scenery import WORLD
from upstreams import start_tinyproxy

AT = "10.213.0.1", 8888
LOGIN = "ann:secret"


class Bodies(ProxyCase):
    def setUp(self):
        super().setUp()
        if not start_tinyproxy(self, AT, LOGIN):
            self.skipTest("no tinyproxy: tools/setup --tests unpacks it")
        self.begin('[containers_proxy]\nmode = "manual"\n'
                   f'http = "http://{LOGIN}@{AT[0]}:{AT[1]}"\n')

    def posts(self, size, *words):
        """The status, and whether the world has had the same bytes."""
        body = os.urandom(size)
        place = self.person.folder / "body"
        place.write_bytes(body)
        self.addCleanup(place.unlink, missing_ok=True)
        done = self.curl("-x", URL, "-H", "Expect:", "--data-binary",
                         f"@{place}", "-w", "%{http_code}", *words,
                         f"http://{WORLD[4]}/post")
        return done.out[-3:], hashlib.sha256(body).hexdigest() in done.out

    def test_a_body_that_has_met_a_question_goes_once_more(self):
        self.assertEqual(self.posts(50000), ("200", True))

    def test_so_does_one_in_chunks(self):
        self.assertEqual(self.posts(50000, "-H", "Transfer-Encoding: chunked"),
                         ("200", True))

    def test_a_larger_body_goes_once_it_is_known_who_asks(self):
        self.gets("the world\n", "-x", URL, f"http://{WORLD[4]}/x")
        self.assertEqual(self.posts(1 << 20), ("200", True))


if __name__ == "__main__":
    main()
