"""The project's files, for the tests that look at the house itself."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
SOURCES: Final = sorted(path for path in ROOT.glob("src/**/*.py") if "migrations" not in path.parts)
PYTHON: Final = [*SOURCES, *sorted(ROOT.glob("tests/**/*.py")), *sorted(ROOT.glob("examples/**/*.py"))]
TEMPLATES: Final = sorted(ROOT.glob("src/mentornet/**/templates/**/*.html"))


def named(path: Path) -> str:
    """Return a file's name within the project."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.as_posix()


def layers_of_apps() -> list[str]:
    """Return the apps from the lowest up, as the import contract has them; siblings stand in one line with ``|``."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (found,) = [contract["layers"] for contract in contracts if contract.get("containers") == ["mentornet"]]
    return [str(layer) for layer in reversed(found)]
