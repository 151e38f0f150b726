"""What the program is to do by itself is done: a service for the program alone that nobody calls is never run."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from sources import SOURCES, named


def for_the_program(tree: ast.AST) -> list[str]:
    """Return the public functions that only the program itself may call."""
    return [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        for argument in node.args.kwonlyargs
        if argument.arg == "by" and isinstance(argument.annotation, ast.Name) and argument.annotation.id == "System"
    ]


def never_run(sources: Iterable[tuple[str, str]]) -> list[str]:
    """Return the functions for the program alone that no module takes up besides importing them."""
    asked: list[tuple[str, str]] = []
    used: Counter[str] = Counter()
    for name, text in sources:
        tree = ast.parse(text)
        # Those in a module ``tasks`` are registered where they stand.
        if not name.endswith("/tasks.py"):
            asked += [(name, function) for function in for_the_program(tree)]
        used.update(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
        used.update(node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return [f"{name}: {function}" for name, function in asked if not used[function]]


def read(paths: Iterable[Path]) -> list[tuple[str, str]]:
    return [(named(path), path.read_text(encoding="utf-8")) for path in paths]


def test_whatever_the_program_is_to_do_comes_round() -> None:
    sources = read(SOURCES)
    assert sum(len(for_the_program(ast.parse(text))) for _name, text in sources) >= 10
    assert never_run(sources) == []


def test_forgotten_service_would_be_found() -> None:
    service = "def ask(*, by: System) -> int: ...\n"
    assert never_run([("app/services.py", service)]) == ["app/services.py: ask"]
    assert never_run([("app/services.py", service), ("app/tasks.py", "from app import ask\n")]) != []
    assert never_run([("app/services.py", service), ("app/tasks.py", "every(name='ask')(ask)\n")]) == []
