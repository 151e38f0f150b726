"""Every model with a column about a participant says whom its rows are about, or why they are about nobody.

What is not found here would be missing in her copy, and would outlive her erasure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.apps import apps
from django.db import models

from mentornet.common.fields import (
    FieldPolicy,
    Level,
    Subject,
    about,
    declared,
    declared_models,
    nobody,
    of_side,
    personal,
    setup,
    subject_of,
)
from mentornet.people.models import Person

SIDES = ("mentee", "mentor")


def without_subject(found: Mapping[str, Mapping[str, FieldPolicy]], subjects: Mapping[str, Subject]) -> list[str]:
    """Return the models that hold something about people, and do not say about whom."""
    return sorted(
        label for label, fields in found.items() if any(one.about_person for one in fields.values())
        and label not in subjects
    )  # fmt: skip


def leading_astray(model: type[models.Model], subject: Subject) -> list[str]:
    """Return what a subject names that does not exist, or does not lead to a person."""
    label = model._meta.label
    paths = list(subject.paths) + ([f"{subject.via}__{side}__person" for side in SIDES] if subject.side else [])
    wrong = [f"{label}: {path}" for path in paths if end_of(model, path) is not Person]
    names = {column.name for column in model._meta.concrete_fields}
    wrong += [
        f"{label}: {name}" for name in (*subject.keys, subject.target, subject.side) if name and name not in names
    ]
    if not (subject.paths or subject.side or subject.keys or subject.target or subject.reason.strip()):
        wrong.append(f"{label}: nothing")
    return wrong


def end_of(model: type[models.Model], path: str) -> type[models.Model] | None:
    """Return the model to which a lookup leads."""
    at: type[models.Model] | None = model
    for step in path.split("__"):
        if at is None:
            return None
        if step == "pk":
            continue
        found = next((one for one in at._meta.get_fields() if one.name == step), None)
        at = getattr(found, "related_model", None)
    return at


def all_declared() -> dict[str, Mapping[str, FieldPolicy]]:
    return {label: declared(label) for label in declared_models()}


def all_subjects(labels: Iterable[str]) -> dict[str, Subject]:
    return {label: subject for label in labels if (subject := subject_of(label)) is not None}


def test_every_model_about_people_says_about_whom() -> None:
    # Red? Give `declare` a `subject` in the app's module `fields`: `about("person")`, or `nobody("why")`.
    assert without_subject(all_declared(), all_subjects(declared_models())) == []


def test_every_subject_leads_to_a_person() -> None:
    subjects = all_subjects(declared_models())
    assert len(subjects) > 40
    wrong = [one for label, subject in subjects.items() for one in leading_astray(apps.get_model(label), subject)]
    assert wrong == []


def test_wrong_subjects_are_found() -> None:
    # The negative control of both.
    fields = {"a.Told": personal(Level.CASEWORK, "x", "words"), "a.Set": setup("name")}
    assert without_subject(fields, {}) == ["a.Told"]
    assert without_subject(fields, {"a.Told": nobody("it is a test")}) == []
    task, answer = apps.get_model("agenda.Task"), apps.get_model("matching.ProposalAnswer")
    assert leading_astray(task, about("target_id")) == ["agenda.Task: target_id"]
    assert leading_astray(answer, of_side("proposal", "round_")) == ["matching.ProposalAnswer: round_"]
    assert leading_astray(answer, of_side("proposal")) == []
    assert leading_astray(answer, about("proposal__mentee")) == ["matching.ProposalAnswer: proposal__mentee"]
    assert leading_astray(task, nobody(" ")) == ["agenda.Task: nothing"]
