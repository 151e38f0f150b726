"""The import contracts hold, and each of them bites."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

import pytest

from sources import ROOT, SOURCES

LAYERS: Final = "From the program down to what all apps share"
INSIDE: Final = "Inside an app, from what calls down to what is called"
READING: Final = "What is read and asked knows nothing of what is done"
FRONT_ENDS: Final = "Every front end stands on the components, and these on who may see what"
CORES: Final = "The cores know neither Django nor the product"
CALLERS: Final = "Only matching and the program call pairing"
REFERENCE: Final = "Reference data stand below the mathematics"
PAIRING: Final = "Inside pairing, from the commands down to the words"
VERIFIER: Final = "The verifier scores without the solver's kernels"

# Against which contract, in which module, which wrong import.
WRONG: Final = [
    (CORES, "reference/cefr.py", "import django.conf"),
    (CORES, "pairing/problem.py", "import django.db"),
    (CORES, "reference/cefr.py", "import mentornet.cli"),
    (REFERENCE, "reference/cefr.py", "import pairing.terms"),
    (PAIRING, "pairing/problem.py", "import pairing.solve"),
    (VERIFIER, "pairing/verify.py", "import pairing.kernels"),
    (VERIFIER, "pairing/verify.py", "import pairing.solve"),
    (CALLERS, "mentornet/config/env.py", "import pairing.terms"),
    (CALLERS, "mentornet/intake/queries.py", "import pairing.terms"),
    (CALLERS, "mentornet/web/access.py", "import pairing.run"),
    (LAYERS, "mentornet/config/env.py", "import mentornet.cli"),
    (LAYERS, "mentornet/common/models.py", "import mentornet.audit.models"),
    (LAYERS, "mentornet/people/models.py", "import mentornet.intake.models"),
    (LAYERS, "mentornet/messaging/models.py", "import mentornet.people.models"),
    (LAYERS, "mentornet/matching/models/proposals.py", "import mentornet.web.access"),
    (LAYERS, "mentornet/demo/apps.py", "import mentornet.web.access"),
    (INSIDE, "mentornet/divisions/models.py", "import mentornet.divisions.queries"),
    (INSIDE, "mentornet/intake/enums.py", "import mentornet.intake.models"),
    (INSIDE, "mentornet/divisions/rules.py", "import mentornet.divisions.queries"),
    (READING, "mentornet/divisions/models.py", "import mentornet.audit.services"),
    (READING, "mentornet/divisions/rules.py", "import mentornet.agenda.services"),
    (READING, "mentornet/divisions/queries.py", "import mentornet.audit.services"),
    (FRONT_ENDS, "mentornet/web/ui/context.py", "import mentornet.web.desk.urls"),
    (FRONT_ENDS, "mentornet/web/access.py", "import mentornet.web.ui.context"),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources, to be spoilt."""
    for path in SOURCES:
        target = tmp_path / path.relative_to(ROOT / "src")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return tmp_path


def test_contracts_hold(copy: Path) -> None:
    assert broken(copy) == set()


@pytest.mark.parametrize(("contract", "module", "line"), WRONG)
def test_import_against_a_contract_is_found(copy: Path, contract: str, module: str, line: str) -> None:
    # The contracts' own negative control: a copy of the sources with one wrong import must break them.
    assert (copy / module).exists()
    with (copy / module).open("a", encoding="utf-8") as end:
        end.write(f"\n{line}\n")
    assert contract in broken(copy)


@pytest.mark.parametrize(
    ("contract", "module"), [(LAYERS, "mentornet/newcomer.py"), (FRONT_ENDS, "mentornet/web/newcomer.py")]
)
def test_module_without_a_place_in_the_layers_is_found(copy: Path, contract: str, module: str) -> None:
    (copy / module).write_text('"""Somebody forgot to say where it stands."""\n', encoding="utf-8")
    assert contract in broken(copy)


def test_every_contract_has_a_control() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    assert {contract["name"] for contract in contracts} == {contract for contract, _, _ in WRONG}


def test_every_app_is_looked_into() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (inside,) = [contract["containers"] for contract in contracts if contract["name"] == INSIDE]
    apps = {path.parent.name for path in ROOT.glob("src/mentornet/*/apps.py")}
    assert apps == {container.removeprefix("mentornet.") for container in inside}


def broken(folder: Path) -> set[str]:
    """Return the names of the contracts that do not hold there."""
    # The installed project is found through a hook; the copy must win, so the folder comes first on the path.
    code = (
        "import sys; sys.path.insert(0, '.'); sys.meta_path[:] = [f for f in sys.meta_path "
        "if 'editable' not in type(f).__module__.lower() and '__editable__' not in repr(f)]; "
        "from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    names = set(re.findall(r"^(.+) BROKEN", done.stdout, re.MULTILINE))
    if names or done.returncode:
        assert names, done.stdout + done.stderr
        return names
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return set()
