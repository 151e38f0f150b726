"""The bill of materials names all of what a user installs, and nothing of where it was written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from sources import ROOT
from supply.bill_of_materials import as_json, lock, packages, vendored

PINNED: Final = re.compile(r"^([a-z0-9-]+)==([^\s;]+)", re.MULTILINE)
HASHED: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    return dict(json.loads(as_json()))


def pinned(path: Path) -> set[tuple[str, str]]:
    return {(found[1], found[2]) for found in PINNED.finditer(path.read_text(encoding="utf-8"))}


def listed(written: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (one["name"], one["version"]) for one in written["components"] if one.get("purl", "").startswith("pkg:pypi/")
    }


@pytest.mark.parametrize("name", ["run.txt", "served.txt"])
def test_everything_that_a_user_installs_is_listed(written: dict[str, Any], name: str) -> None:
    wanted = pinned(ROOT / "requirements" / name)
    assert len(wanted) > 30
    assert wanted - listed(written) == set()


def test_nothing_is_listed_that_only_developers_install(written: dict[str, Any]) -> None:
    served = pinned(ROOT / "requirements/served.txt")
    assert listed(written) == served
    assert {"pytest", "mypy", "ruff"} & {name for name, _ in listed(written)} == set()


def test_package_left_out_would_be_found(written: dict[str, Any]) -> None:
    less = written | {"components": [one for one in written["components"] if one["name"] != "django"]}
    assert {name for name, _ in pinned(ROOT / "requirements/run.txt") - listed(less)} == {"django"}


def test_every_hash_that_is_installed_by_is_in_it(written: dict[str, Any]) -> None:
    in_it = {
        one["content"]
        for component in written["components"]
        for place in component.get("externalReferences", ())
        for one in place["hashes"]
    }
    assert set(HASHED.findall((ROOT / "requirements/served.txt").read_text(encoding="utf-8"))) - in_it == set()


def test_files_of_others_in_the_programs_folder_are_in_it(written: dict[str, Any]) -> None:
    files = {
        part["name"].removeprefix("src/mentornet/web/ui/static/vendor/")
        for one in written["components"]
        for part in one.get("components", ())
    }
    assert files == {one.name for one in vendored()}
    assert files


def test_it_is_cyclonedx(written: dict[str, Any]) -> None:
    check = JsonStrictValidator(SchemaVersion.V1_6)
    assert check.validate_str(json.dumps(written)) is None
    assert check.validate_str(json.dumps(written | {"components": [{"name": "nothing"}]})) is not None


def test_extras_and_what_builds_are_told_apart() -> None:
    found = packages(lock())
    by_name = {name: one.parts for (name, _), one in found.items()}
    assert "always" in by_name["django"]
    assert by_name["psycopg-binary"] == {"postgresql"}
    assert by_name["weasyprint"] == {"pdf"}
    assert by_name["hatchling"] == {"build"}


def test_it_is_the_same_wherever_it_is_written(tmp_path: Path) -> None:
    texts = []
    for number in (1, 2):
        home = tmp_path / f"somebody-{number}"
        home.mkdir()
        out = home / "bill.json"
        environment = os.environ | {"HOME": str(home), "TZ": ("Asia/Tokyo", "UTC")[number - 1], "PYTHONHASHSEED": "7"}
        subprocess.run(
            [sys.executable, str(ROOT / "tests/supply/bill_of_materials.py"), "--out", str(out)],
            check=True, cwd=home, env=environment, capture_output=True,
        )  # fmt: skip
        texts.append(out.read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    # No folder, no machine, no index.
    assert not re.search(r"https?://(?!cyclonedx\.org/)", texts[0])
    assert "file:/" not in texts[0]
    assert str(ROOT) not in texts[0]
    assert str(tmp_path) not in texts[0]
