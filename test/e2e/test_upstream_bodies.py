"""Bodies that meet a proxy which asks who sends them."""

import hashlib
import os
import pathlib

from harness import main
from proxy_case import ProxyCase, URL
from scenery import PEERS, WORLD, programs
from upstreams import start_squid, start_tinyproxy

AT = "10.213.0.1", 8888
LARGE = 1 << 20
MECHANISM = "lib/x86_64-linux-gnu/gssntlmssp/gssntlmssp.so"


class Bodies(ProxyCase):
    def begin(self, login, **how):
        self.settle('[containers_proxy]\nmode = "manual"\n'
                    f'http = "http://{login}@{AT[0]}:{AT[1]}"\n')
        self.pierd(**how)
        self.container(name="web")

    def body(self, size):
        """Where one lies, and what it is known by."""
        bytes_ = os.urandom(size)
        place = self.person.folder / "body"
        place.write_bytes(bytes_)
        self.addCleanup(place.unlink, missing_ok=True)
        return place, hashlib.sha256(bytes_).hexdigest()

    def posts(self, size, *words):
        """The status, and whether the world has had the same bytes."""
        place, known = self.body(size)
        done = self.curl("-x", URL, "-H", "Expect:", "--data-binary",
                         f"@{place}", "-w", "%{http_code}", *words,
                         f"http://{WORLD[4]}/post")
        return done.out[-3:], known in done.out

    def bodies_go(self):
        for size in LARGE, 50000, LARGE, 0, LARGE:
            for words in [], ["-H", "Transfer-Encoding: chunked"]:
                with self.subTest(size=size, words=words):
                    self.assertEqual(self.posts(size, *words), ("200", True))

    def requests_follow(self):
        """One connection, and each time another target and method."""
        place, known = self.body(LARGE)
        at = f"http://{WORLD[4]}"
        self.gets("the world\n" * 2, "-x", URL, f"{at}/a", f"{at}/b")
        done = self.curl(
            "-x", URL, f"{at}/c", "--next", "-x", URL, "-H", "Expect:",
            "--data-binary", f"@{place}", f"{at}/post", "--next", "-x", URL,
            f"{at}/d")
        self.assertEqual(done.out, f"the world\n{LARGE} {known}\nthe world\n")

    # ---- Basic, which says itself from the first answer on -------------------

    def begin_basic(self):
        if not start_tinyproxy(self, AT, "ann:secret"):
            self.skipTest("no tinyproxy: tools/setup --tests unpacks it")
        self.begin("ann:secret")

    def test_a_body_that_has_met_a_question_goes_once_more(self):
        self.begin_basic()
        self.assertEqual(self.posts(50000), ("200", True))

    def test_so_does_one_in_chunks(self):
        self.begin_basic()
        self.assertEqual(self.posts(50000, "-H", "Transfer-Encoding: chunked"),
                         ("200", True))

    def test_a_large_one_waits_for_the_question(self):
        self.begin_basic()
        self.bodies_go()
        self.requests_follow()

    # ---- squid, with schemes that answer a question --------------------------

    def squid(self, login):
        if not start_squid(self, AT, login):
            self.skipTest("no squid: tools/setup --tests unpacks it")

    def begin_digest(self, more=""):
        def login(root, place):
            (place / "words").write_text("ann:secret\n")
            return (f"auth_param digest program {root}/usr/lib/squid/"
                    f"digest_file_auth {place}/words\n"
                    f"auth_param digest realm pier\n{more}")

        self.squid(login)
        self.begin("ann:secret")

    def test_bodies_go_by_digest(self):
        self.begin_digest()
        self.bodies_go()
        self.requests_follow()

    def test_a_large_body_goes_by_digest_when_its_question_is_worn_out(self):
        self.begin_digest("auth_param digest nonce_max_count 2")
        self.bodies_go()

    def test_bodies_go_by_ntlm(self):
        acceptor = programs() / "ntlm_acceptor"
        mechanism = next((root / MECHANISM for root in
                          (PEERS, pathlib.Path("/usr"))
                          if (root / MECHANISM).exists()), None)
        if not mechanism or not acceptor.exists():
            self.skipTest("no NTLM: tools/setup --tests unpacks it")
        mechanisms = self.scene.folder / "mech"
        mechanisms.write_text(
            f"gssntlmssp_v1 1.3.6.1.4.1.311.2.2.10 {mechanism}\n")

        def login(_root, place):
            (place / "users").write_text("DOM:ann:secret\n")
            return (f"auth_param ntlm program /usr/bin/env GSS_MECH_CONFIG="
                    f"{mechanisms} NTLM_USER_FILE={place}/users {acceptor}")

        self.squid(login)
        self.begin("DOM%5Cann:secret", env={
            "GSS_MECH_CONFIG": str(mechanisms),
            "LD_LIBRARY_PATH": str(mechanism.parents[1])})
        self.bodies_go()
        self.requests_follow()


if __name__ == "__main__":
    main()
