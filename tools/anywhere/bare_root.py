"""A bare Debian in a folder: made by mmdebstrap, entered by chroot in namespaces of its own."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PROJECT = "/srv/project"
DATA = "/srv/data"
_PIP = "srv/pip"


def mirror() -> list[str]:
    """The mirror this host's own apt takes Debian from; none, for mmdebstrap's, on other hosts."""
    release = dict(
        line.split("=", 1)
        for line in Path("/etc/os-release").read_text().splitlines()
        if "=" in line
    )
    if release.get("ID") != "debian" or shutil.which("apt-get") is None:
        return []
    told = subprocess.run(
        [
            *("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)"),
            "Identifier: Packages",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    codename = release.get("VERSION_CODENAME", "")
    for line in told.splitlines():
        uri, suite, component = line.split()
        if (suite, component) == (codename, "main"):
            return [uri]
    return []


def checkout_files(checkout: Path) -> list[str]:
    """What git tracks or would: the files a clone of this state has."""
    told = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"],
        cwd=checkout,
        capture_output=True,
        check=True,
    ).stdout
    return [name for name in os.fsdecode(told).split("\0") if name and (checkout / name).exists()]


def copy_checkout(checkout: Path, target: Path) -> None:
    """Lays a copy of the checkout's files, as a clone would be laid."""
    for name in checkout_files(checkout):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(checkout / name, target / name)


def pip_settings() -> dict[tuple[str, str], str]:
    """(section, key): value of the host's pip; what the environment says is in `global`."""
    told = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    settings = {}
    for line in sorted(told.splitlines(), key=lambda one: one.startswith(":env:")):
        name, _, value = line.partition("=")
        section, _, key = name.rpartition(".")
        settings[section.replace(":env:", "global"), key] = value[1:-1]
    return settings


class BareRoot:
    """A root folder with `make` on top of Debian's minimum, and the checkout inside."""

    def __init__(self, suite: str, folder: Path, checkout: Path, data: Path | None) -> None:
        self.suite, self.folder, self._data = suite, folder, data
        self._checkout = checkout
        self._binds: list[tuple[Path, str]] = []

    def make(self) -> list[list[str]]:
        """The commands that make the root; `furnish` follows."""
        return [
            ["rm", "-rf", "--one-file-system", str(self.folder)],
            [
                *("mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", "--include=make"),
                *(self.suite, str(self.folder), *mirror()),
            ],
        ]

    def furnish(self) -> None:
        """Lays the checkout into the root, and what names the network's and pip's ways."""
        for name in ("resolv.conf", "hosts"):
            shutil.copy2(f"/etc/{name}", self.folder / "etc" / name)
        copy_checkout(self._checkout, self.folder / PROJECT[1:])
        lines: dict[str, list[str]] = {}
        for (section, key), value in pip_settings().items():
            words = [self._carried(word) for word in value.split()]
            lines.setdefault(section, []).append(f"{key} = {' '.join(words)}")
        written = [f"[{section}]\n" + "\n".join(ones) for section, ones in lines.items()]
        (self.folder / "etc/pip.conf").write_text("\n".join(written) + "\n")
        if self._data is not None:
            self._bind(self._data, DATA)

    def command(self, command: str, environment: dict[str, str]) -> list[str]:
        """What runs a shell command in the project's folder inside; nothing of it stays behind."""
        root = shlex.quote(str(self.folder))
        mounts = [
            f"mount -t proc proc {root}/proc",
            f"mount --rbind /sys {root}/sys",
            f"mount --rbind /dev {root}/dev",
            *(f"mount --bind -o ro {shlex.quote(str(at))} {root}{to}" for at, to in self._binds),
        ]
        clean = {"PATH": PATH, "HOME": "/root", "TERM": "dumb", **environment}
        if self._data is not None:
            clean["COREFUSION_TEST_DATA"] = DATA
        inside = ["env", "-i", *(f"{key}={value}" for key, value in clean.items())]
        inside += ["sh", "-c", f"cd {PROJECT} && {command}"]
        script = " && ".join([*mounts, f"exec chroot {root} {shlex.join(inside)}"])
        namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        return [*namespaces, "sh", "-c", script]

    def show(self, sockets: Path) -> None:
        """Makes the host's X sockets the root's."""
        self._bind(sockets, str(sockets))

    def remove(self) -> None:
        """Takes the root away; its mounts went with the commands."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _carried(self, word: str) -> str:
        """A word of pip's settings: a path of this host becomes one that the root sees."""
        path = word.removeprefix("file://")
        if not path.startswith("/") or not Path(path).exists():
            return word
        # a folder of packages may name files beside itself: its parent goes along
        shared = Path(path).parent if Path(path).is_dir() else Path(path)
        places = dict(self._binds)
        place = places.get(shared) or f"/{_PIP}/{len(places)}"
        self._bind(shared, place)
        return word.replace(path, f"{place}/{Path(path).name}" if shared != Path(path) else place)

    def _bind(self, source: Path, place: str) -> None:
        target = self.folder / place[1:]
        if source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()
        self._binds.append((source, place))
