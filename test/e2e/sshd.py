"""OpenSSH's server in a namespace, with the host's files, and who logs in."""

import subprocess

from patience import eventually
from program import really_root


def start_sshd(case, netns):
    """The words that log in there, as root; it ends with the test."""
    if not really_root():
        case.skipTest("sshd needs the machine's own root")
    keys = case.scene.folder / f"keys-{case.id()}"
    keys.mkdir()
    for name in "host", "own":
        subprocess.run(["ssh-keygen", "-qt", "ed25519", "-N", "", "-f",
                        keys / name], check=True, timeout=30)
    (keys / "sshd_config").write_text(
        f"HostKey {keys}/host\nPidFile none\nUsePAM no\nStrictModes no\n"
        "PermitRootLogin yes\n"
        f"AuthorizedKeysFile {keys}/own.pub\nSetEnv GIT_CONFIG_COUNT=1 "
        "GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0=*\n")
    sshd = subprocess.Popen(
        ["nsenter", "-t", str(case.host.pid), "--mount", f"--net={netns}", "--",
         "/usr/sbin/sshd", "-De", "-f", keys / "sshd_config"],
        stderr=subprocess.DEVNULL)
    case.addCleanup(lambda: (sshd.kill(), sshd.wait()))
    eventually(lambda: case.connect("127.0.0.1", 22, netns).close() or True,
               10, "sshd")
    return (f"ssh -i {keys}/own -o StrictHostKeyChecking=no "
            "-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR")
