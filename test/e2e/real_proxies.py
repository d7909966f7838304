"""More real proxies of the world; false: it is not here."""

import forge
from scenery import unpacked
from upstreams import start_in_world, start_squid

BEHIND = "127.0.0.1", 3129


def start_microsocks(case, at):
    program = unpacked("microsocks")
    if program:
        start_in_world(case, [*program, "-i", at[0], "-p", at[1]], at)
    return bool(program)


def dante_settings(at, external, log="stderr"):
    """For everybody to everywhere; `external`: a link, or an address."""
    return f"""
        logoutput: {log}
        internal: {at[0]} port = {at[1]}
        external: {external}
        socksmethod: none
        clientmethod: none
        user.privileged: root
        user.unprivileged: root
        client pass {{ from: 0/0 to: 0/0 }}
        socks pass {{ from: 0/0 to: 0/0 }}
    """


def start_dante(case, at):
    program = unpacked("danted")
    if not program:
        return False
    settings = case.scene.folder / "danted.conf"
    settings.write_text(dante_settings(at, "eth0"))
    start_in_world(case, [*program, "-f", settings, "-p",
                          case.scene.folder / "danted.pid"], at)
    return True


def start_mitmproxy(case, at):
    """It reads along, by certificates of its own."""
    program = unpacked("mitmdump")
    if program:
        start_in_world(case, [
            *program, "-q", "--listen-host", at[0], "--listen-port", at[1],
            "--ssl-insecure", "--set",
            f"confdir={case.scene.folder}/mitmproxy"], at)
    return bool(program)


def start_haproxy(case, at, certificate=None):
    """In front of squid; with a certificate by TLS."""
    program = unpacked("haproxy")
    if not program or not start_squid(case, BEHIND):
        return False
    settings = case.scene.folder / "haproxy.cfg"
    tls = f"ssl crt {certificate}" if certificate else ""
    settings.write_text(f"""
defaults
  mode tcp
  timeout connect 20s
  timeout client 60s
  timeout server 60s
frontend here
  bind {at[0]}:{at[1]} {tls}
  default_backend there
backend there
  server squid {BEHIND[0]}:{BEHIND[1]}
""")
    start_in_world(case, [*program, "-db", "-f", settings], at)
    return True


def certificate_of(case, at):
    return forge.certificate(case.scene.folder, "proxy.test", at[0])
