"""What our scripts must not hold, and patterns that somebody's words must not become."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from sources import ROOT, SOURCES, named

SCRIPTS: Final = sorted(path for path in ROOT.glob("src/mentornet/web/*/static/**/*.js") if "vendor" not in path.parts)
UNSAFE: Final = {
    "text as HTML": re.compile(r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b"),
    "text as code": re.compile(r"\beval\(|\bnew Function\b|\bset(?:Timeout|Interval)\(\s*['\"`]"),
    "a prototype that words can reach": re.compile(
        r"__proto__|\.prototype\b|Object\.assign\(|(?:\]\s*)?\w\[[^\]'\"\d][^\]]*\]\s*=[^=>]"
    ),
    "messages of other pages": re.compile(r"\bpostMessage\b|['\"]message['\"]"),
}


def unsafe_in(text: str) -> list[str]:
    code = re.sub(r"//.*|/\*.*?\*/", "", text)
    return [name for name, pattern in UNSAFE.items() if pattern.search(code)]


def test_no_script_of_ours_does_what_is_unsafe() -> None:
    assert len(SCRIPTS) > 8
    texts = {named(path): path.read_text(encoding="utf-8") for path in SCRIPTS}
    assert {name: found for name, text in texts.items() if (found := unsafe_in(text))} == {}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("box.innerHTML = words;", "text as HTML"),
        ("new Function(words)();", "text as code"),
        ("setTimeout('go()', 5);", "text as code"),
        ("kept[field.name] = field.value;", "a prototype that words can reach"),
        ("Object.assign(kept, JSON.parse(text));", "a prototype that words can reach"),
        ("addEventListener('message', act);", "messages of other pages"),
    ],
)
def test_unsafe_script_is_found(text: str, kind: str) -> None:
    assert unsafe_in(text) == [kind]
    assert unsafe_in(f"// {text}") == []


ASKING: Final = {"compile", "search", "match", "fullmatch", "findall", "finditer", "sub", "subn", "split"}


def _is_fixed(node: ast.expr) -> bool:
    """Tell whether a pattern stands in the source: a text, a name in capitals, or such put together or escaped."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name | ast.Attribute):
        name = node.id if isinstance(node, ast.Name) else node.attr
        return name.isupper()
    if isinstance(node, ast.JoinedStr):
        return all(_is_fixed(part.value) for part in node.values if isinstance(part, ast.FormattedValue))
    if isinstance(node, ast.BinOp):
        return _is_fixed(node.left) and _is_fixed(node.right)
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "re.escape"


def patterns_made(text: str) -> list[str]:
    """Return the patterns of a module that are made from something that does not stand in it."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in ASKING
        and not _is_fixed(node.args[0])
    ]


# Looked at one by one: what each is made of.
KNOWN: Final = {
    "src/mentornet/accounts/services/sessions.py": "names of browsers that stand in the module",
    "src/mentornet/people/renaming.py": "words escaped one by one, and digits alone",
    "src/reference/barred.py": "words of a list that comes with the program, escaped one by one",
    "src/reference/lists.py": "levels, escaped one by one",
}


def test_no_pattern_is_made_from_what_somebody_has_typed() -> None:
    found = {named(path): made for path in SOURCES if (made := patterns_made(_read(path)))}
    assert {name: made for name, made in found.items() if name not in KNOWN} == {}
    assert set(KNOWN) == set(found)


def test_pattern_made_from_words_is_found() -> None:
    assert patterns_made("import re\nre.search(f'^{typed}', text)") == ["re.search(f'^{typed}', text)"]
    assert patterns_made("import re\nre.search(re.escape(typed), text)") == []


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
