"""What linters cannot see: sizes, names, links, and that the contracts themselves bite."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
SOURCES: Final = sorted(ROOT.glob("src/**/*.py"))
PYTHON: Final = [*SOURCES, *sorted(ROOT.glob("tests/**/*.py")), *sorted(ROOT.glob("examples/**/*.py"))]
DOCUMENTS: Final = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("examples/*.md"))]
JUNK_DRAWERS: Final = {"utils", "util", "helpers", "helper", "misc", "common_utils"}
LONGEST: Final = 500


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_modules_are_not_longer_than_500_lines() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in PYTHON}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_module_is_a_junk_drawer() -> None:
    assert [named(path) for path in PYTHON if path.stem in JUNK_DRAWERS] == []


def test_every_public_thing_in_src_has_a_docstring() -> None:
    bare = [
        f"{named(path)}: {node.name}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and is_at_the_top(path, node)
    ]
    assert bare == []


def is_at_the_top(path: Path, node: ast.AST) -> bool:
    return node in ast.parse(path.read_text(encoding="utf-8")).body or getattr(node, "col_offset", 1) == 0


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield node.module


def test_the_cores_import_neither_django_nor_the_product() -> None:
    cores = [path for path in SOURCES if path.parts[len(ROOT.parts) + 1] in {"pairing", "reference"}]
    assert len(cores) > 20
    wrong = [
        f"{named(path)}: {name}"
        for path in cores
        for name in imports_of(path)
        if name.split(".")[0] in {"django", "mentornet"}
    ]
    assert wrong == []


def test_match_loads_no_django() -> None:
    code = "import sys, pairing.cli; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_help_loads_no_solver() -> None:
    code = "import sys, mentornet.cli; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("reference/cefr.py", "import pairing.terms"),
        ("reference/cefr.py", "import mentornet.cli"),
        ("pairing/problem.py", "import pairing.solve"),
        ("pairing/verify.py", "import pairing.kernels"),
        ("pairing/verify.py", "import pairing.solve"),
        ("mentornet/config/env.py", "import pairing.terms"),
        ("mentornet/config/env.py", "import mentornet.cli"),
    ],
)
def test_an_import_against_the_contracts_is_found(tmp_path: Path, module: str, line: str) -> None:
    # The contracts' own negative control: a copy of the sources with one wrong import must break them.
    for path in SOURCES:
        copy = tmp_path / path.relative_to(ROOT / "src")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    assert contracts_hold(tmp_path)
    with (tmp_path / module).open("a", encoding="utf-8") as end:
        end.write(f"\n{line}\n")
    assert not contracts_hold(tmp_path)


def contracts_hold(folder: Path) -> bool:
    # The installed project is found through a hook; the copy must win, so the folder comes first on the path.
    code = (
        "import sys; sys.path.insert(0, '.'); sys.meta_path[:] = [f for f in sys.meta_path "
        "if 'editable' not in type(f).__module__.lower() and '__editable__' not in repr(f)]; "
        "from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert "Contracts:" in done.stdout, done.stdout + done.stderr
    return done.returncode == 0


LINK: Final = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_links_between_documents_lead_somewhere() -> None:
    assert len(DOCUMENTS) > 5
    broken = [
        f"{named(document)}: {target}"
        for document in DOCUMENTS
        for target in LINK.findall(document.read_text(encoding="utf-8"))
        if "://" not in target and not target.startswith("mailto:") and not (document.parent / target).exists()
    ]
    assert broken == []


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
    assert numbers


def test_decisions_say_what_a_decision_needs() -> None:
    parts = ("## Context", "## Decision", "## Rejected", "## Consequences", "## When to reconsider")
    missing = [
        f"{named(path)}: {part}"
        for path in sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
        for part in parts
        if part not in path.read_text(encoding="utf-8")
    ]
    assert missing == []


def test_every_setting_is_documented() -> None:
    settings = (ROOT / "src/mentornet/config/env.py").read_text(encoding="utf-8")
    names = set(re.findall(r'"(LANGUAGE|MAX_[A-Z_]+|DATA)"', settings)) | {"LANGUAGE", "DATA"}
    operations = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert [name for name in sorted(names) if f"MENTORNET_{name}" not in operations] == []


def test_every_rule_criterion_and_topic_is_in_the_documents() -> None:
    from pairing.terms import CRITERIA, RULES  # noqa: PLC0415 - the only test here that needs the code itself
    from reference.topics import Topic  # noqa: PLC0415

    formats = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    words = [*(rule.value for rule in RULES), *(criterion.value for criterion in CRITERIA), *Topic]
    assert [word for word in words if word not in formats] == []


def test_styles_use_logical_properties_only() -> None:
    physical = re.compile(
        r"(?<![\w-])(?:margin|padding|border)-(?:left|right)|(?<![\w-])(?:left|right)\s*:|float:\s*(?:left|right)"
    )
    styles = sorted(ROOT.glob("src/**/*.css"))
    assert styles
    assert [named(path) for path in styles if physical.search(path.read_text(encoding="utf-8"))] == []
