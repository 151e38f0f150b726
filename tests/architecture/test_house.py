"""What linters cannot see: sizes, names, links, and what the documents must tell."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from mentornet.config.env import read_settings
from pairing.terms import CRITERIA, RULES
from reference.topics import Topic
from sources import PYTHON, ROOT, SOURCES, named

DOCUMENTS: Final = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("examples/*.md"))]
JUNK_DRAWERS: Final = {"utils", "util", "helpers", "helper", "misc", "common_utils"}
LONGEST: Final = 500


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


def test_the_desk_loads_no_solver() -> None:
    # Not even to show what was computed with it: `matching.solving` loads it where it is asked for.
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'mentornet.config.settings_test'; "
        "django.setup(); import mentornet.config.urls, mentornet.matching.tasks; sys.exit('numba' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


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


MODULE: Final = re.compile(r"`([\w./-]+/[\w-]+\.(?:py|html|css|js))`")


def modules_gone(text: str) -> list[str]:
    """Return the modules, templates, styles and scripts that a text names and that are not there."""
    known = [f"/{named(path)}" for kind in ("src", "tests", "examples") for path in ROOT.glob(f"{kind}/**/*.*")]
    return [name for name in MODULE.findall(text) if not any(path.endswith(f"/{name}") for path in known)]


def test_documents_name_modules_that_exist() -> None:
    # What was done once is told in the words of its day.
    today = [path for path in DOCUMENTS if path.name != "CHANGELOG.md" and path.parent.name != "decisions"]
    texts = {named(path): path.read_text(encoding="utf-8") for path in today}
    assert {name: gone for name, text in texts.items() if (gone := modules_gone(text))} == {}
    assert sum(len(MODULE.findall(text)) for text in texts.values()) > 40
    assert modules_gone("`people/facts.py`, `web/desk/nowhere.py`") == ["web/desk/nowhere.py"]


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


class Asked(dict[str, str]):
    """An empty environment that remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return default


def test_every_setting_is_documented() -> None:
    asked = Asked()
    read_settings(asked)
    settings = {name for name in asked.names if name.startswith("MENTORNET_")}
    assert len(settings) > 10
    operations = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert [name for name in sorted(settings) if f"`{name}`" not in operations] == []


def test_every_rule_criterion_and_topic_is_in_the_documents() -> None:
    formats = (ROOT / "docs/formats.md").read_text(encoding="utf-8")
    words = [*(rule.value for rule in RULES), *(criterion.value for criterion in CRITERIA), *Topic]
    assert [word for word in words if word not in formats] == []
