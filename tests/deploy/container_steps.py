"""Carry out the Containerfile's own steps without a container engine: ``make container-steps``.

Needs root, Debian's ``debootstrap``, and the network. The base is a fresh Debian of the release that the file names, in
a folder; each step runs in it by ``chroot``, as the user, with the environment and in the folder that the file says.
Packages from PyPI are fetched beforehand and installed from there, by the same hashes. In the end the program is
served as the file says, asked as compose.yaml's check asks, and a worker does a round.

What this does not show: the engine's own layers, volumes and networks, and that compose starts the services in order.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from deploy.containerfile import DEPLOY, Step, goes_along, stages, steps
from deploy.upgrade_data import ROOT

PACKAGES: Final = "/packages"
# As the slim images have it: no manuals, which some packages' scripts trip over.
SLIM: Final = "path-exclude /usr/share/doc/*\npath-include /usr/share/doc/*/copyright\npath-exclude /usr/share/man/*\n"


@dataclass
class Machine:
    """A folder with a system in it, and how a step in it is run."""

    root: Path
    environment: dict[str, str] = field(default_factory=lambda: {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
    folder: str = "/"
    user: str = "root"
    entry: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def inside(self, *words: str) -> list[str]:
        """Return the command that runs ``words`` in there."""
        enter = ["chroot", f"--userspec={self.user}", str(self.root), "/usr/bin/env", "-i"]
        said = [f"{name}={value}" for name, value in self.environment.items()]
        return [
            *enter,
            f"--chdir={self.folder}",
            "HOME=/root" if self.user == "root" else f"HOME={self.folder}",
            *said,
            *words,
        ]

    def run(self, *words: str, **more: str) -> str:
        """Run something in there to its end; returns what it says."""
        command = self.inside(*(f"{name}={value}" for name, value in more.items()), *words)
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def copy(step: Step, machine: Machine, machines: Mapping[str, Machine]) -> None:
    """Carry out COPY, from the repository or from another stage."""
    words = step.words
    source = ROOT
    if words[0].startswith("--from="):
        source = machines[words.pop(0).removeprefix("--from=")].root
    *names, target = words
    to = (
        machine.root / machine.folder.lstrip("/") / target.lstrip("/")
        if not target.startswith("/")
        else machine.root / target[1:]
    )
    for name in names:
        origin = source / name.lstrip("/")
        into = to / origin.name if target.endswith("/") and origin.is_file() else to
        into.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_file():
            assert source != ROOT or goes_along(origin), f"{name} is left out by Containerfile.dockerignore"
            shutil.copy2(origin, into)
        else:

            def left_out(folder: str, found: list[str], *, ours: bool = source == ROOT) -> list[str]:
                return [one for one in found if ours and not goes_along(Path(folder, one))]

            shutil.copytree(origin, into, symlinks=True, ignore=left_out, dirs_exist_ok=True)


def carry_out(step: Step, machine: Machine, machines: Mapping[str, Machine]) -> None:
    """Carry out one step."""
    print(f"{step.word} {step.rest.splitlines()[0][:100]}", flush=True)
    match step.word:
        case "RUN":
            machine.run(
                "/bin/sh", "-c", step.rest, DEBIAN_FRONTEND="noninteractive", PIP_NO_INDEX="1", PIP_FIND_LINKS=PACKAGES
            )
        case "COPY":
            copy(step, machine, machines)
        case "ENV":
            name, _, value = step.rest.partition("=")
            machine.environment[name] = value
        case "WORKDIR":
            machine.folder = step.rest
            (machine.root / step.rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        case "USER":
            machine.user = step.rest
        case "ENTRYPOINT":
            machine.entry = step.words
        case "CMD":
            machine.command = step.words
        case "EXPOSE" | "VOLUME" | "STOPSIGNAL":
            pass
        case _:
            raise AssertionError(f"{step.word} is not known here: teach it, so that the file is carried out whole")


def fresh(base: str, root: Path) -> Machine:
    """Make a fresh Debian, as small as the image that the file begins from."""
    release = base.rpartition(":")[2].removesuffix("-slim")
    subprocess.run(["debootstrap", "--variant=minbase", release, str(root)], check=True, stdout=subprocess.DEVNULL)
    (root / "etc/dpkg/dpkg.cfg.d/slim").write_text(SLIM, encoding="utf-8")
    for name in ("doc", "man"):
        shutil.rmtree(root / "usr/share" / name, ignore_errors=True)
        (root / "usr/share" / name).mkdir()
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    return Machine(root)


def build(folder: Path) -> Machine:
    """Carry out all stages; returns the last one."""
    packages = folder / "packages"
    fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", "--dest", str(packages)]
    subprocess.run([*fetch, "-r", str(ROOT / "requirements" / "served.txt")], check=True)
    machines: dict[str, Machine] = {}
    for name, (base, within) in stages(steps()).items():
        root = folder / name
        if base in machines:
            subprocess.run(["cp", "-a", str(machines[base].root), str(root)], check=True)
            machines[name] = Machine(root)
        else:
            machines[name] = fresh(base, root)
        if name == "build":
            shutil.copytree(packages, root / PACKAGES[1:])
        for step in within:
            carry_out(step, machines[name], machines)
    return machines["final"]


@contextmanager
def mounted(root: Path) -> Iterator[None]:
    """Give the machine the devices and the list of processes that an engine gives."""
    mounts = [(["-t", "proc", "proc"], root / "proc"), (["--rbind", "/dev"], root / "dev")]
    for how, where in mounts:
        subprocess.run(["mount", *how, str(where)], check=True)
    try:
        yield
    finally:
        for _, where in reversed(mounts):
            subprocess.run(["umount", "--recursive", "--lazy", str(where)], check=True)


def serve(machine: Machine) -> None:
    """Serve as the file says, ask as compose's check asks, and let a worker do a round."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    asking = compose["services"]["serve"]["healthcheck"]["test"][1:]
    machine.environment |= {"MENTORNET_HOSTS": "network.example.org", "MENTORNET_MAIL_URL": "smtp://127.0.0.1:1"}
    print(machine.run("mentornet", "--version").strip())
    print(machine.run("pg_dump", "--version").strip())
    print(machine.run("python", "-c", "import weasyprint; print('weasyprint', weasyprint.__version__)").strip())
    program = subprocess.Popen(machine.inside(*machine.entry, *machine.command))
    try:
        end = time.monotonic() + 120
        while subprocess.run(machine.inside(*asking), check=False, stderr=subprocess.DEVNULL).returncode:
            assert program.poll() is None, "the program has ended"
            assert time.monotonic() < end, "it did not answer"
            time.sleep(1)
        print("It answers as compose.yaml asks.")
        machine.run(*machine.entry, "worker", "--once")
        print("The worker has done a round.")
    finally:
        program.terminate()
        program.wait(30)
    written = sorted(path.name for path in (machine.root / "var/lib/mentornet").iterdir())
    print(f"In the data folder: {', '.join(written)}")


if __name__ == "__main__":
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        sys.exit("This needs root and debootstrap: apt-get install debootstrap")
    with tempfile.TemporaryDirectory(prefix="mentornet-container-") as name:
        final = build(Path(name))
        with mounted(final.root):
            serve(final)
    print("All steps of deploy/Containerfile were carried out.")
