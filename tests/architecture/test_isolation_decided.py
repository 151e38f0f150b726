"""Every table has a decision on who is given its rows, and every way past a division's rows is known here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.apps import apps
from django.db import models

from mentornet.privacy.isolation import OUTSIDE, POLICIES
from mentornet.web.access import BEYOND_DIVISIONS, Policy
from sources import ROOT

SOURCE: Final = ROOT / "src" / "mentornet"

# Where the program looks beyond the divisions of whoever is at work. Each is one more place at which a forgotten rule
# is held back by nothing: think first whether the query can do without.
BEYOND: Final = {
    "demo.queries.holds_real_data",
    "followup.queries.reading",
    "followup.services.handovers._add_words",
    "intake.services.apart.read_apart",
    "intake.services.applications._enrol",
    "intake.services.applications.receive_application",
    "intake.services.consents._see_to_given_again",
    "intake.services.consents.take_consent_back",
    "intake.services.enrolments.resume_enrolment",
    "intake.services.hiding.divisions_of_hers",
    "intake.services.hiding.hide",
    "intake.services.protection._protect",
    "intake.services.protection.write_cover",
    "learning.services.training.note_training",
    "learning.services.training.take_training_back",
    "matching.lending.found_for",
    "matching.loan_rules.places_of",
    "matching.services.lending._are_apart",
    "matching.services.lending._asked",
    "matching.services.lending._finish_everywhere",
    "matching.services.lending._stamp_anew",
    "matching.services.lending._tell_asker",
    "matching.services.lending._tell_lender",
    "matching.services.lending.lent_out",
    "people.entrance.sole_person",
    "people.queries.avoidance_of",
    "people.sealing.seal",
    "people.sealing.unseal",
    "people.sealing.write_cover",
    "privacy.queries.divisions_that_know",
    "privacy.queries.is_carried_out",
    "privacy.queries.preview_of",
    "privacy.services.copying.make_copy",
    "privacy.services.erasing._erase",
    "privacy.services.merging.merge_people",
    "privacy.services.merging.unmerge_people",
    "privacy.services.restricting.lift_restriction",
    "privacy.services.restricting.restrict_data",
    "sourcing.services.experts.shut_out",
}
# Where a scope is chosen: by what a page's policy says, by a command or the worker, for what is kept in memory.
CHOOSE: Final = {
    "common.row_scope",
    "config.two_roles",
    "matching.warming",
    "web.access",
}


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield ".".join(path.relative_to(SOURCE).with_suffix("").parts), path


def _is_beyond(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "beyond_division"


def looks_beyond(tree: ast.AST, module: str) -> set[str]:
    """Return the functions that look beyond divisions; the module itself for a call outside of one."""
    calls = {id(node): node for node in ast.walk(tree) if isinstance(node, ast.expr) and _is_beyond(node)}
    found = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = [id(node) for node in ast.walk(function) if id(node) in calls]
            if inside:
                found.add(f"{module}.{function.name}")
            for key in inside:
                calls.pop(key, None)
    return found | ({module} if calls else set())


def undecided(tables: set[str]) -> set[str]:
    return tables - set(POLICIES) - set(OUTSIDE)


def own_tables() -> dict[str, type[models.Model]]:
    return {
        model._meta.db_table: model
        for config in apps.get_app_configs()
        if config.name.startswith("mentornet.")
        for model in config.get_models(include_auto_created=True)
    }


def test_every_table_lies_beneath_a_policy_or_outside_for_a_reason() -> None:
    # Red? Say in mentornet.privacy.isolation who is given the rows: own(), through(), or OUTSIDE with the reason.
    assert undecided(set(own_tables())) == set()
    assert not set(POLICIES) & set(OUTSIDE)
    assert set(POLICIES) | set(OUTSIDE) <= set(own_tables())
    assert all(OUTSIDE.values())


def test_a_table_without_a_decision_is_found() -> None:
    assert undecided({"people_person", "people_newcomer"}) == {"people_newcomer"}


def test_every_way_beyond_divisions_is_known() -> None:
    found = set()
    for module, path in modules():
        if module != "common.row_scope":
            found |= looks_beyond(ast.parse(path.read_text(encoding="utf-8")), module)
    assert found == BEYOND


def test_scopes_are_chosen_in_few_places() -> None:
    words = ("row_scope.take(", "row_scope.within(", "begin_with(EVERYTHING)", "def begin_with(")
    found = {module for module, path in modules() if any(word in path.read_text(encoding="utf-8") for word in words)}
    assert found == CHOOSE


def test_a_new_way_beyond_divisions_is_found() -> None:
    source = (
        "@beyond_division(reason='x')\ndef one(): ...\n"
        "def two():\n    with row_scope.beyond_division(reason='x'): ...\n"
    )
    assert looks_beyond(ast.parse(source), "a.b") == {"a.b.one", "a.b.two"}


def test_pages_beyond_divisions_are_those_of_nobody_who_does_casework() -> None:
    hers = {Policy.EVERYONE, Policy.PARTICIPANT, Policy.PERSONAL, Policy.DEMO}
    assert set(BEYOND_DIVISIONS) == hers | {Policy.DATA_PROTECTION}
    assert all(BEYOND_DIVISIONS.values())
