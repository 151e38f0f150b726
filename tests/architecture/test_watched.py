"""Whoever reads unusually many people is noticed by the keys in addresses: each of them says whether it counts."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Final
from uuid import uuid4

import pytest
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import UUIDConverter

from mentornet.web.access import Policy
from mentornet.web.door import ABOUT_NOBODY, ABOUT_PEOPLE, ASKED_ABOUT, opened_in
from mentornet.web.watching import WATCHED_BESIDES
from sources import ROOT

DESK: Final = ROOT / "src/mentornet/web/desk"

ASKED_FOR_ELSE: Final = {
    *("q", "page", "state", "role", "kind", "programme", "whose", "what", "language", "field", "loosen", "division"),
    *("duplicates", "fluent", "sort", "intake", "week", "who", "from", "to", "period", "read"),
    *("coordinator", "due", "task", "by", "line", "seen", "occupation", "time", "way"),
}
"""What stands behind the question mark and shows nobody: what is searched for, sorted by, tasks, which staff."""

HANDED_ON: Final = {
    "bank/views.py": "filters of the bank, none of them a key",
    "data_protection/audit_views.py": "what is looked for in the audit, whose every page counts as a whole",
    "exports/views.py": "the filters of a list, which counts as it leaves",
    "signs/views.py": "filters of the early signs, each one of a few values",
    "today/together.py": "keys of tasks alone, each a line of Today",
    "waiting/views.py": "filters of the waiting list, each one of a few values",
}
"""Where all that stands behind the question mark is handed on, and what is read of it there."""

BY_VARIABLE: Final = {
    "bank/forms.py": "facets of the bank",
    "exports/chosen.py": "filters of the waiting list",
    "forecast/views.py": "a profile of mentors, with its programme and division",
    "loans/views.py": "what lines of the search say of several alike",
    "match/views.py": "a language and a field",
    "sessions/views.py": "where she was before",
    "signs/filters.py": "filters of the early signs",
    "waiting/filters.py": "filters of the waiting list",
}
"""Where the name of what is read behind the question mark is no plain text, and what it may be."""

WITHOUT_PEOPLE: Final = {
    *("desk:data_protection", "desk:breaches", "desk:retention_nights", "desk:retention_term", "desk:processing"),
    *("desk:processing_print", "desk:processing_file", "desk:assessment", "desk:assessment_print"),
    *("desk:assessment_file", "desk:assessment_sign"),
}
"""Pages of data protection that name no participant."""

Patterns = Iterable[URLPattern | URLResolver]


def desk_patterns(patterns: Patterns, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = (*spaces, one.namespace) if one.namespace else spaces
            yield from desk_patterns(one.url_patterns, inner)
        elif spaces[:1] == ("desk",):
            yield f"desk:{one.name}", one


def keys_of(pattern: URLPattern) -> set[str]:
    return {name for name, one in pattern.pattern.converters.items() if isinstance(one, UUIDConverter)}


def undeclared(patterns: Iterable[tuple[str, URLPattern]]) -> set[str]:
    return {key for _name, one in patterns for key in keys_of(one)} - ABOUT_PEOPLE - set(ABOUT_NOBODY)


def test_every_key_in_the_desks_addresses_says_whether_it_shows_somebody() -> None:
    # Red? Say in `web/door.py` whether what stands behind the key shows somebody, and teach `privacy/opened.py` whom.
    found = list(desk_patterns(get_resolver().url_patterns))
    assert len(found) > 150
    assert undeclared(found) == set()
    assert not ABOUT_PEOPLE & set(ABOUT_NOBODY)
    used = {key for _name, one in found for key in keys_of(one)}
    assert set(ABOUT_NOBODY) <= used, "no name that is used nowhere any more"


def test_key_that_nobody_has_declared_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentornet.web.door.ABOUT_PEOPLE", ABOUT_PEOPLE - {"letter_id"})
    found = list(desk_patterns(get_resolver().url_patterns))
    names = {key for _name, one in found for key in keys_of(one)}
    assert names - (ABOUT_PEOPLE - {"letter_id"}) - set(ABOUT_NOBODY) == {"letter_id"}


BUTTONS: Final = ("answer_id", "confirmation_id", "hidden_id", "question_id", "slot_id")


def test_what_is_called_a_button_shows_nothing_by_itself() -> None:
    found = [
        (name, one)
        for name, one in desk_patterns(get_resolver().url_patterns)
        if keys_of(one) & set(BUTTONS) and not keys_of(one) & ABOUT_PEOPLE
    ]
    assert {name for name, _one in found} >= {"desk:confirm_seen", "desk:interview_slot_out"}
    for name, one in found:
        answer = one.callback(RequestFactory().get("/"), **{key: uuid4() for key in one.pattern.converters})
        assert answer.status_code == 405, name


# Behind the question mark ---------------------------------------------------------------------------------------------


def read_in(source: str) -> tuple[set[str], bool, bool]:
    """Return the names that are read behind the question mark, and whether others are, or all is handed on."""
    names, by_variable, handed_on = set[str](), False, False
    tree = ast.parse(source)
    of = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    for node in ast.walk(tree):
        is_query = (isinstance(node, ast.Attribute) and node.attr == "GET") or (
            isinstance(node, ast.Name) and node.id == "query" and isinstance(node.ctx, ast.Load)
        )
        if not is_query:
            continue
        above = of[node]
        if isinstance(above, ast.Attribute) and above.attr in {"get", "getlist"}:
            call = of[above]
            assert isinstance(call, ast.Call)
            if isinstance(call.args[0], ast.Constant):
                names.add(str(call.args[0].value))
            else:
                by_variable = True
        elif isinstance(above, ast.Subscript):
            if isinstance(above.ctx, ast.Load) and isinstance(above.slice, ast.Constant):
                names.add(str(above.slice.value))
            elif isinstance(above.ctx, ast.Load):
                by_variable = True
        elif isinstance(node, ast.Attribute) and not (
            isinstance(above, ast.Attribute) and above.attr in {"urlencode", "copy"}
        ):
            handed_on = True
    return names, by_variable, handed_on


def read_behind_the_question_mark() -> dict[str, tuple[set[str], bool, bool]]:
    return {
        str(path.relative_to(DESK)): read_in(path.read_text(encoding="utf-8")) for path in sorted(DESK.rglob("*.py"))
    }


def test_every_name_behind_the_question_mark_says_whether_it_shows_somebody() -> None:
    # Red? Add the name to `ASKED_ABOUT` in `web/door.py` if somebody's key stands under it, else here.
    found = read_behind_the_question_mark()
    names = set[str]().union(*(names for names, _variable, _on in found.values()))
    assert names >= ASKED_ABOUT
    assert names - ASKED_ABOUT - ASKED_FOR_ELSE == set()
    assert {path for path, (_names, variable, _on) in found.items() if variable} == set(BY_VARIABLE)
    assert {path for path, (_names, _variable, on) in found.items() if on} == set(HANDED_ON)


def test_name_behind_the_question_mark_would_be_found() -> None:
    source = 'a = request.GET.get("person", "")\nb = request.GET["key"]\nc = request.GET.get(name)\nd(request.GET)'
    assert read_in(source) == ({"person", "key"}, True, True)


def test_keys_behind_the_question_mark_count_without_one_before_it() -> None:
    key = uuid4()
    for name in ASKED_ABOUT:
        request = RequestFactory().get("/desk/applications/new/", {name: [str(key), "nobody"]})
        request.resolver_match = get_resolver().resolve("/desk/applications/new/")
        assert opened_in(request) == {key}


# Policies whose pages show nobody ------------------------------------------------------------------------------------


def test_every_page_of_data_protection_says_whether_it_names_people() -> None:
    found = {
        name
        for name, one in desk_patterns(get_resolver().url_patterns)
        if getattr(one.callback, "access_policy", None) == Policy.DATA_PROTECTION
    }
    assert found - WITHOUT_PEOPLE - WATCHED_BESIDES == set()
    assert found >= WATCHED_BESIDES
