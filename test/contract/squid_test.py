"""squid, with each of its schemes, and a Kerberos KDC."""

import os
import pathlib
import subprocess

from upstreams import Case, found, main

NOBODY = 65534
REALM = "PIER.TEST"


class Squid(Case):
    """One port for each scheme, each with a squid of its own: schemes are of
    the whole configuration."""

    @classmethod
    def squid(cls, port, auth, allow="all", more=""):
        program = found("sbin/squid")
        share = found("share/squid/mime.conf").parent
        folder = cls.folder / str(port)
        folder.mkdir()
        settings = folder / "squid.conf"
        settings.write_text(f"""
            http_port 127.0.0.1:{port}
            {more}
            {auth}
            {"acl known proxy_auth REQUIRED" if auth else ""}
            acl blocked port 8
            http_access deny blocked
            http_access allow {allow}
            http_access deny all
            cache deny all
            cache_mem 8 MB
            access_log none
            cache_log {folder}/cache.log
            pid_filename none
            coredump_dir {folder}
            pinger_enable off
            mime_table {share}/mime.conf
            icon_directory {share}/icons
            error_directory {share}/errors/templates
            error_log_languages off
            dns_nameservers 127.0.0.1
            hosts_file /etc/hosts
            visible_hostname proxy.test
            shutdown_lifetime 0 seconds
            max_filedescriptors 1024
            netdb_filename none
            unlinkd_program /bin/true
        """)
        # It runs as anybody, but not as root.
        for each in (cls.folder, *cls.folder.glob("**/*")):
            os.chown(each, NOBODY, NOBODY)
        cls.begin("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}",
                  "--clear-groups", program, "-N", "-f", settings, "-n",
                  f"pier{port}")
        cls.await_port(port)

    @classmethod
    def helper(cls, name):
        return found(f"lib/squid/{name}")

    def test_nobody_in_particular_is_let_through(self):
        self.squid(3128, "", allow="all")
        self.assert_leads("http://localhost:3128")
        self.assert_leads("http://127.0.0.1:3128", "127.0.0.1")
        self.assert_refused("refused", "target", "http://localhost:3128",
                            "127.0.0.1", 9)
        self.assert_refused("forbidden", "target", "http://localhost:3128",
                            "127.0.0.1", 8)

    def test_basic(self):
        words = self.folder / "basic"
        words.write_text("me:" + crypted("hush") + "\n")
        self.squid(3130, f"auth_param basic program "
                   f"{self.helper('basic_ncsa_auth')} {words}", "known")
        self.assert_leads("http://me:hush@localhost:3130")
        for login in "", "me:wrong@":
            self.assert_refused("permission_denied", "target",
                                f"http://{login}localhost:3130")

    def test_digest(self):
        words = self.folder / "digest"
        words.write_text("me:hush\n")
        self.squid(3131, f"""
            auth_param digest program {self.helper('digest_file_auth')} {words}
            auth_param digest realm pier
            """, "known")
        self.assert_leads("http://me:hush@localhost:3131")
        self.assert_refused("permission_denied", "target",
                            "http://me:wrong@localhost:3131")

    def test_ntlm(self):
        mechanism = found("lib/x86_64-linux-gnu/gssntlmssp/gssntlmssp.so")
        mechanisms = self.folder / "mech"
        mechanisms.write_text(
            "gssntlmssp_v1 1.3.6.1.4.1.311.2.2.10 "
            f"{mechanism}\n")
        users = self.folder / "users"
        users.write_text("DOM:me:hush\n")
        helper = pathlib.Path(os.environ["PIER_BIN"]) / "ntlm_acceptor"
        self.squid(3132, f"auth_param ntlm program /usr/bin/env "
                   f"GSS_MECH_CONFIG={mechanisms} NTLM_USER_FILE={users} "
                   f"{helper}", "known")
        knows = {"GSS_MECH_CONFIG": str(mechanisms)}
        self.assert_leads("http://DOM%5Cme:hush@localhost:3132", **knows)
        for login in "", "DOM%5Cme:wrong@", "DOM%5Canybody:hush@":
            self.assert_refused("permission_denied", "target",
                                f"http://{login}localhost:3132", **knows)

    def test_negotiate(self):
        self.kerberos()
        self.squid(3133, f"auth_param negotiate program "
                   f"{self.helper('negotiate_kerberos_auth')} "
                   f"-k {self.folder}/service.keytab "
                   f"-s HTTP/localhost@{REALM}", "known")
        # By a login, and by what its keytab has got.
        self.assert_leads("http://me:hush@localhost:3133")
        self.assert_leads("http://localhost:3133",
                          KRB5_CLIENT_KTNAME=f"{self.folder}/me.keytab")
        for login in "", "me:wrong@":
            self.assert_refused("permission_denied", "target",
                                f"http://{login}localhost:3133",
                                KRB5CCNAME=f"FILE:{self.folder}/none")

    def kerberos(self):
        """A KDC that knows me, and the proxy's service."""
        kdc, util = found("sbin/krb5kdc"), found("sbin/kdb5_util")
        admin = found("sbin/kadmin.local")
        plugins = found("lib/x86_64-linux-gnu/krb5/plugins/kdb/db2.so").parent
        (self.folder / "krb5.conf").write_text(f"""
[libdefaults]
  default_realm = {REALM}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  {REALM} = {{
    kdc = 127.0.0.1:88
  }}
[domain_realm]
  localhost = {REALM}
[dbmodules]
  db_module_dir = {plugins}
""")
        (self.folder / "kdc.conf").write_text(f"""
[kdcdefaults]
  kdc_ports = 88
  kdc_tcp_ports = 88
[realms]
  {REALM} = {{
    database_name = {self.folder}/principal
    key_stash_file = {self.folder}/stash
    acl_file = {self.folder}/acl
  }}
[logging]
  kdc = FILE:{self.folder}/kdc.log
""")
        orders = [[util, "create", "-s", "-P", "master"]] + [
            [admin, "-q", each] for each in (
                "addprinc -pw hush me",
                f"addprinc -randkey HTTP/localhost@{REALM}",
                f"ktadd -k {self.folder}/service.keytab HTTP/localhost",
                f"ktadd -norandkey -k {self.folder}/me.keytab me")]
        for order in orders:
            done = self.run_there(*order)
            self.assertEqual(done.returncode, 0, done)
        self.begin(kdc, "-n")
        self.await_port(88)

    def test_tls_to_the_proxy(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
             "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
             "-keyout", str(self.folder / "tls.key"), "-out",
             str(self.folder / "tls.pem")],
            check=True, capture_output=True)
        self.squid(3134, "", "all", f"https_port 127.0.0.1:3135 "
                   f"tls-cert={self.folder}/tls.pem "
                   f"tls-key={self.folder}/tls.key")
        self.await_port(3135)
        done = self.tunnel("https://localhost:3135")
        self.assertTrue(done.stdout.startswith("hello\n"), done)
        self.assert_refused("permission_denied", "proxy",
                            "https://127.0.0.1:3135")
        self.assert_refused("permission_denied", "proxy",
                            "https://localhost:3135", SSL_CERT_FILE="/dev/null",
                            SSL_CERT_DIR="/nowhere")


def crypted(password):
    return subprocess.run(["openssl", "passwd", "-apr1", password], check=True,
                          capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    main()
