"""A Containerfile as a list of steps, so that what is tested is what stands there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.upgrade_data import ROOT

DEPLOY: Final = ROOT / "deploy"
CONTAINERFILE: Final = DEPLOY / "Containerfile"


@dataclass(frozen=True)
class Step:
    """One instruction: its word in capitals, and what follows it."""

    word: str
    rest: str

    @property
    def words(self) -> list[str]:
        """What follows, word by word, as a list in brackets or separated by spaces."""
        if self.rest.startswith("["):
            read: list[str] = json.loads(self.rest)
            return read
        return self.rest.split()


def steps_of(text: str) -> list[Step]:
    """Read a Containerfile: comments left out, continued lines joined."""
    joined: list[str] = []
    is_continued = False
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if is_continued:
            joined[-1] += "\n" + line
        else:
            joined.append(line)
        is_continued = line.endswith("\\")
    split = [line.split(None, 1) for line in joined]
    return [Step(word.upper(), rest.strip()) for word, rest in split]


def steps() -> list[Step]:
    """Return the steps of the project's own Containerfile."""
    return steps_of(CONTAINERFILE.read_text(encoding="utf-8"))


def stages(steps: list[Step]) -> dict[str, tuple[str, list[Step]]]:
    """Return by each stage's name what it begins from and its steps; the last one is called ``final``."""
    found: dict[str, tuple[str, list[Step]]] = {}
    for step in steps:
        if step.word == "FROM":
            begun, _, name = step.rest.partition(" AS ")
            found[name or "final"] = (begun, [])
        else:
            list(found.values())[-1][1].append(step)
    return found


def goes_along(path: Path) -> bool:
    """Whether a file of the repository is sent to the engine: what ``Containerfile.dockerignore`` lets through."""
    lines = (DEPLOY / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    inside = path.relative_to(ROOT)
    named = [Path(line[1:]) for line in lines if line.startswith("!")]
    without = {line.removeprefix("**/") for line in lines if line.startswith("**/")}
    return any(inside == one or one in inside.parents for one in named) and not any(
        part == name or (name.startswith("*.") and part.endswith(name[1:])) for part in inside.parts for name in without
    )
