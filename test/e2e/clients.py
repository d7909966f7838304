"""Real clients, each a function of the way that it takes; what it answers is
the same whichever way that is."""

import hashlib
import io
import json
import re
import subprocess
import tarfile

from patience import FACTOR
from program import Finished

# These are of one hop, and of one moment.
HOP = {"connection", "keep-alive", "proxy-connection", "transfer-encoding",
       "te", "upgrade", "date"}
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Way:
    """Programs in one place, by the proxy that their environment names."""

    def __init__(self, name, entry, folder, env, of_curl=()):
        self.name, self.entry, self.folder = name, entry, folder / name
        self.of_curl = of_curl
        self.folder.mkdir()
        self.env = {"PATH": PATH, "HOME": str(self.folder), "LANG": "C.UTF-8",
                    "GIT_TERMINAL_PROMPT": "0", **env}

    def run(self, *words, within=60.0, stdin=b"", **env):
        words = [*map(str, words)]
        done = subprocess.run([*self.entry, *words], env=self.env | env,
                              capture_output=True, input=stdin,
                              timeout=within * FACTOR)
        return Finished(words, done.returncode, done.stdout,
                        done.stderr.decode(errors="replace"))

    def succeeds(self, *words, **how):
        done = self.run(*words, **how)
        if done.status:
            raise AssertionError(f"{self.name}: {done!r}")
        return done


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def end_to_end(pairs):
    """The fields of a head that no hop has a say in; only those of one name
    have an order. A Via begins with the HTTP/1 of the hop before."""
    pairs = list(pairs)
    named = {word.strip().lower() for name, value in pairs
             if name.lower() == "connection" for word in value.split(",")}
    return sorted(((name, re.sub(r"^1\.0 ", "1.1 ", value))
                   for name, value in pairs
                   if name.lower() not in HOP | named),
                  key=lambda pair: pair[0].lower())


def curl(way, *words):
    """The status, the heads' fields and the body; no proxy's own are in it."""
    head, body = way.folder / "head", way.folder / "body"
    for each in head, body:
        each.write_bytes(b"")
    done = way.run("curl", "-sS", "-m", "30", "-k", "-D", head, "-o", body,
                   "--suppress-connect-headers", "-w", "%{http_code}",
                   *way.of_curl, *words)
    heads = []
    for each in re.split(r"\r?\n\r?\n", head.read_text().strip()):
        status, *lines = each.splitlines() or [""]
        pairs = [tuple(line.split(": ", 1)) for line in lines]
        heads.append((status, end_to_end(pairs)))
    # Of a HEAD it writes the head in the place of a body.
    got = (digest(body), body.stat().st_size) if "-I" not in words else ()
    return done.status, done.out, heads, *got


def git(way, url, **env):
    """A clone, and what a push left there."""
    place = way.folder / "clone"
    order = "git", "-c", "safe.directory=*", "-C", place
    way.succeeds("rm", "-rf", place)
    way.succeeds("git", "-c", "http.sslVerify=false", "clone", "-q", url,
                 place, **env)
    way.succeeds(*order, "-c", "http.sslVerify=false", "push", "-q", "origin",
                 f"HEAD:refs/heads/by-{way.name}", **env)
    way.succeeds(*order, "fsck", "--full")
    there = way.succeeds(*order, "-c", "http.sslVerify=false", "ls-remote",
                         "origin", f"by-{way.name}", **env)
    head = way.succeeds(*order, "rev-parse", "HEAD", "HEAD^{tree}")
    return head.out, there.out.split()[0]


def apt(way, source):
    """The lists, and a package."""
    place = way.folder / "apt"
    way.succeeds("mkdir", "-p", *(place / each for each in (
        "state/lists/partial", "cache/archives/partial", "etc")))
    (place / "sources").write_text(f"deb [trusted=yes] {source} ./\n")
    (place / "status").write_text("")
    options = [word for key, value in {
        "Dir::State": place / "state", "Dir::State::status": place / "status",
        "Dir::Cache": place / "cache", "Dir::Etc": place / "etc",
        "Dir::Etc::SourceList": place / "sources",
        "Dir::Etc::SourceParts": "/dev/null", "Acquire::Languages": "none",
        "APT::Sandbox::User": "root", "Acquire::Retries": "0",
        "Acquire::GzipIndexes": "false",
        "Acquire::https::Verify-Peer": "false",
    }.items() for word in ("-o", f"{key}={value}")]
    way.succeeds("apt-get", *options, "update")
    done = way.succeeds("sh", "-c", f"cd {place} && exec apt-get -q \"$@\"",
                        "apt-get", *options, "download", "tiny")
    package, = place.glob("tiny*.deb")
    listed, = (place / "state/lists").glob("*_Packages")
    told = digest(package), digest(listed), "W:" in done.err
    way.succeeds("rm", "-rf", place)
    return told


FETCH = """
import hashlib, ssl, sys, urllib.request
ssl._create_default_https_context = ssl._create_unverified_context
for url in sys.argv[1:]:
    with urllib.request.urlopen(url, timeout=30) as answer:
        body = answer.read()
        print(answer.status, answer.headers["Content-Type"], len(body),
              hashlib.sha256(body).hexdigest())
"""


def python(way, *urls):
    """It speaks no SOCKS; its way is the shortest then."""
    straight = "socks" in way.env.get("http_proxy", "")
    env = dict.fromkeys(("http_proxy", "https_proxy"), "") if straight else {}
    return way.succeeds("python3", "-c", FETCH, *urls, **env).out


def npm(way, program, registry):
    place = way.folder / "npm"
    place.mkdir()
    (place / "package.json").write_text('{"name": "here"}')
    way.succeeds(*program, "install", "--prefix", place, "--registry", registry,
                 "--no-audit", "--no-fund", "--no-update-notifier",
                 "--fetch-retries", "0", "tiny")
    installed = place / "node_modules/tiny/index.js"
    told = digest(installed), digest(place / "package-lock.json")
    way.succeeds("rm", "-rf", place)
    return told


def chromium(way, program, url, *words):
    """The page as its scripts have left it."""
    place = way.folder / "chromium"
    done = way.succeeds(*program, "--headless", "--no-sandbox", "--disable-gpu",
                        "--disable-dev-shm-usage", "--no-first-run",
                        "--disable-background-networking", "--disable-sync",
                        "--disable-component-update",
                        f"--user-data-dir={place}", *words, "--dump-dom", url)
    way.succeeds("rm", "-rf", place)
    return done.out


# ---- What they come for ------------------------------------------------------

PAGE = """<!DOCTYPE html>
<link rel="stylesheet" href="style.css">
<p>nothing yet</p>
<script>
  const get = new XMLHttpRequest();
  get.open("GET", "page", false);
  get.overrideMimeType("text/plain; charset=x-user-defined");
  get.send();
  const colour = getComputedStyle(document.querySelector("p")).color;
  document.querySelector("p").textContent =
    `loaded ${get.responseText.length} ${get.status} ${colour}`;
</script>
"""


def pages(folder):
    """A page whose script counts what `page` has."""
    (folder / "page").write_bytes(bytes(range(253)) * 4321)
    (folder / "page.html").write_text(PAGE)
    (folder / "style.css").write_text("p { color: rgb(1, 2, 3); }\n")


def packages_for_apt(folder):
    """A repository with one package; `folder` is new."""
    root = folder / "tiny"
    (root / "DEBIAN").mkdir(parents=True)
    (root / "DEBIAN/control").write_text(
        "Package: tiny\nVersion: 1.0\nArchitecture: all\n"
        "Maintainer: Nobody <nobody@web.test>\nDescription: something\n")
    (root / "payload").write_bytes(bytes(range(256)) * 4000)
    package = folder / "tiny.deb"
    subprocess.run(["dpkg-deb", "-Znone", "--root-owner-group", "-b", root,
                    package], check=True, capture_output=True)
    (folder / "Packages").write_text(
        (root / "DEBIAN/control").read_text() +
        f"Filename: ./tiny.deb\nSize: {package.stat().st_size}\n"
        f"SHA256: {digest(package)}\n")


def packages_for_npm(folder, url):
    """A registry with one package; `folder` is new."""
    folder.mkdir()
    facts = {"name": "tiny", "version": "1.0.0", "main": "index.js"}
    with tarfile.open(folder / "tiny.tgz", "w:gz") as archive:
        for name, text in (("package.json", json.dumps(facts)),
                           ("index.js", "// " + "tiny " * 50_000)):
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))
    sum_ = hashlib.sha1((folder / "tiny.tgz").read_bytes()).hexdigest()
    dist = {"tarball": f"{url}/tiny.tgz", "shasum": sum_}
    (folder / "tiny").write_text(json.dumps(
        {"name": "tiny", "dist-tags": {"latest": "1.0.0"},
         "versions": {"1.0.0": facts | {"dist": dist}}}))


def repository(folder, size):
    """A bare one with a commit or two; anybody may push."""
    own = folder / "repository"
    bare = folder / "bare.git"
    author = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@web.test",
              "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@web.test",
              "PATH": "/usr/bin:/bin", "HOME": str(folder)}

    def run(*words):
        subprocess.run(["git", "-C", folder, *words], check=True, env=author,
                       capture_output=True)
    run("init", "-q", "-b", "main", own)
    for name, bytes_ in (("a", b"one\n"), ("b", bytes(range(251)) * size)):
        (own / name).write_bytes(bytes_)
        run("-C", own, "add", name)
        run("-C", own, "commit", "-q", "-m", name)
    run("clone", "-q", "--bare", own, bare)
    run("-C", bare, "config", "http.receivepack", "true")
