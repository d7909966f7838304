"""tinyproxy, microsocks and dante."""

from upstreams import Case, found, main


class Others(Case):
    def test_tinyproxy(self):
        settings = self.folder / "tinyproxy.conf"
        settings.write_text("Port 3128\nListen 127.0.0.1\nMaxClients 20\n"
                            "BasicAuth me hush\nTimeout 20\n")
        self.begin(found("bin/tinyproxy"), "-d", "-c", settings)
        self.await_port(3128)
        self.assert_leads("http://me:hush@localhost:3128")
        self.assert_refused("permission_denied", "target",
                            "http://localhost:3128")
        done = self.tunnel("http://me:hush@localhost:3128", "127.0.0.1", 9)
        self.assertEqual(done.returncode, 1, done)

    def test_microsocks(self):
        self.begin(found("bin/microsocks"), "-i", "127.0.0.1", "-p", "1080",
                   "-u", "me", "-P", "hush")
        self.await_port(1080)
        self.assert_leads("socks5h://me:hush@localhost:1080")
        self.assert_leads("socks5://me:hush@localhost:1080", "127.0.0.1")
        self.assert_refused("refused", "target",
                            "socks5://me:hush@localhost:1080", "127.0.0.1", 9)
        for login in "", "me:wrong@":
            self.assert_refused("permission_denied", "target",
                                f"socks5://{login}localhost:1080")

    def test_dante(self):
        settings = self.folder / "danted.conf"
        settings.write_text("""
            logoutput: stderr
            internal: 127.0.0.1 port = 1081
            external: 127.0.0.1
            socksmethod: none
            clientmethod: none
            user.privileged: root
            user.unprivileged: root
            client pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
            socks block { from: 0.0.0.0/0 to: 0.0.0.0/0 port = 8 }
            socks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }
        """)
        self.begin(found("sbin/danted"), "-f", settings, "-p",
                   self.folder / "danted.pid")
        self.await_port(1081)
        self.assert_leads("socks5h://localhost:1081")
        self.assert_refused("refused", "target", "socks5h://localhost:1081",
                            "127.0.0.1", 9)
        self.assert_refused("forbidden", "target", "socks5h://localhost:1081",
                            "127.0.0.1", 8)


if __name__ == "__main__":
    main()
