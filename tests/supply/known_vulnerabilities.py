"""``make audit``: is a weakness known in anything that an installation or a developer installs?

Every package of the lock is looked up, also those for other machines and versions of Python. It ends with 0 only when
each of them was found and none has a known weakness; with 1 when one has; with 2 when any could not be looked up, which
is no good news either.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from supply.bill_of_materials import PROJECT, Key, lock, packages

NONE_KNOWN: Final = 0
SOME_KNOWN: Final = 1
NOT_LOOKED_UP: Final = 2
PATIENCE: Final = 900


class NotLookedUpError(Exception):
    """A package, or all of them, could not be looked up."""


@dataclass(frozen=True, slots=True, order=True)
class Weakness:
    """What is known of a package.

    Attributes:
        is_installed: an installation needs it; otherwise developers alone do.
    """

    package: Key
    is_installed: bool
    name: str
    also: tuple[str, ...]
    mended_in: tuple[str, ...]


def lists(keys: Sequence[Key]) -> Iterator[list[Key]]:
    """Yield the packages so that none stands twice in a list: the lock holds two versions of some."""
    left = sorted(keys)
    while left:
        once = {name: (name, version) for name, version in reversed(left)}
        yield sorted(once.values())
        left = [key for key in left if key not in once.values()]


def look_up(keys: Sequence[Key], asking: Sequence[str]) -> list[dict[str, Any]]:
    """Return what the service knows of each package, in the words of pip-audit.

    Raises:
        NotLookedUpError: it did not answer for one of them.
    """
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        # Without the lock's conditions, or those for other machines would be passed over in silence.
        wanted.write_text("".join(f"{name}=={version}\n" for name, version in keys), encoding="utf-8")
        command = [
            sys.executable, "-m", "pip_audit", "--strict", "--no-deps", "--disable-pip", "--progress-spinner=off",
            "--format=json", "--cache-dir", str(Path(folder) / "cache"), "--requirement", str(wanted), *asking,
        ]  # fmt: skip
        try:
            done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired as error:
            raise NotLookedUpError(f"the service did not answer within {PATIENCE} seconds") from error
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError) as error:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise NotLookedUpError(said[-1] if said else "pip-audit said nothing") from error
    answered = {(one["name"], one.get("version")) for one in found if "vulns" in one}
    if missing := [f"{name} {version}" for name, version in keys if (name, version) not in answered]:
        raise NotLookedUpError(f"no answer about {', '.join(missing)}")
    return list(found)


def weaknesses(asking: Sequence[str]) -> tuple[int, list[Weakness]]:
    """Return how many packages were looked up, and what is known of them.

    Raises:
        NotLookedUpError: one of them could not be.
    """
    locked = lock()
    keys = [(row["name"], row["version"]) for row in locked if row["name"] != PROJECT]
    installed = packages(locked)
    known = [
        Weakness(
            package=(one["name"], one["version"]),
            is_installed=(one["name"], one["version"]) in installed,
            name=weak["id"],
            also=tuple(sorted(weak.get("aliases", ()))),
            mended_in=tuple(weak.get("fix_versions", ())),
        )
        for some in lists(keys)
        for one in look_up(some, asking)
        for weak in one["vulns"]
    ]
    return len(keys), sorted(known)


def main(arguments: list[str] | None = None) -> int:
    """Look everything up and say what is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--service", choices=("pypi", "osv"), default="pypi", help="whom to ask")
    parser.add_argument("--osv-url", help="where the service osv stands")
    given = parser.parse_args(arguments)
    asking = ["--vulnerability-service", given.service, *(["--osv-url", given.osv_url] if given.osv_url else [])]
    try:
        number, known = weaknesses(asking)
    except NotLookedUpError as error:
        print(f"The audit could not look everything up, so nothing is known: {error}", file=sys.stderr)
        return NOT_LOOKED_UP
    for one in known:
        name, version = one.package
        whose = "installed" if one.is_installed else "for developers alone"
        also = f" ({', '.join(one.also)})" if one.also else ""
        mended = f"mended in {', '.join(one.mended_in)}" if one.mended_in else "not mended yet"
        print(f"{name} {version}, {whose}: {one.name}{also}, {mended}")
    print(f"{number} packages looked up; {len(known)} known weaknesses.")
    return SOME_KNOWN if known else NONE_KNOWN


if __name__ == "__main__":
    sys.exit(main())
