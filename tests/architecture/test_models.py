"""The models keep to the layers, name their constraints, and every column of theirs is declared."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from mentornet.accounts.models import User
from mentornet.agenda.models import Task
from mentornet.common.fields import declared, declared_models
from mentornet.people.models import Person, Profile
from sources import ROOT, layers_of_apps

# Rows that say nothing without the one they belong to go with it; every other foreign key protects.
GO_WITH_THEIR_OWNER: Final = {
    "people.LanguageSkill.person": "a language somebody speaks",
    "people.Avoidance.person": "whom she must not meet: gone with either of the two",
    "people.Avoidance.other": "whom she must not meet: gone with either of the two",
    "intake.SavedSearch.user": "a coordinator's own bookmark",
    "accounts.SignInSession.user": "a browser in which she is signed in",
    "intake.InterviewDraft.application": "a form half filled in, worth nothing without what it is about",
    "intake.InterviewDraft.interviewer": "a form half filled in, which nobody else reads",
    "partnerships.Meeting.partnership": "a day on which the two met",
    "partnerships.Account.meeting": "what one of the two told of it",
    "partnerships.PlannedMeeting.partnership": "a day on which the two mean to meet",
    "partnerships.CalendarFeed.person": "an address at which her calendar reads",
    "partnerships.Goal.partnership": "what the two work on",
    "partnerships.GoalStep.goal": "a step towards it",
    "partnerships.Introduction.partnership": "a door that was opened",
    "partnerships.OwnNote.partnership": "what one of the two wrote for herself",
    "partnerships.OwnNote.person": "what she wrote for herself alone",
    "followup.Reflection.partnership": "what one of the two thinks for herself",
    "followup.Reflection.person": "what she thinks for herself alone",
    "followup.LetterWish.partnership": "what one of the two wants of letters",
    "followup.ImpactLetter.partnership": "a letter about the two",
    "followup.TenureThanks.person": "a thank-you to her",
    "followup.ConcernNote.concern": "what was done about it",
    "followup.ConcernAlarm.concern": "who was told that it waits",
    "followup.HandedOn.handover": "what it has passed on",
    "followup.EarlySign.partnership": "why that pair was to be called",
    "partnerships.Note.partnership": "what was seen in that pair's case",
    "learning.ReadReceipt.person": "what she has read of the handbook",
    "learning.Attendance.person": "what she has done of the training",
    "learning.ModuleProgress.person": "how far she has come with a part of the training",
}


def own_models() -> list[type[models.Model]]:
    return [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("mentornet.")
        for model in config.get_models(include_auto_created=True)
    ]


def foreign_keys(model: type[models.Model]) -> list[models.ForeignKey[Any, Any]]:
    return [field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]


def height(model: type[models.Model]) -> int | None:
    """Return on which layer a model stands, from 0 for the lowest; none for a library's."""
    top, app = model.__module__.split(".")[:2]
    layers = [layer.replace(" ", "").split("|") for layer in layers_of_apps()]
    return next((number for number, names in enumerate(layers) if top == "mentornet" and app in names), None)


def keys_upwards(found: Iterable[type[models.Model]]) -> list[str]:
    wrong = []
    for model in found:
        for key in foreign_keys(model):
            mine, theirs = height(model), height(key.related_model)
            if theirs is None or mine is None or theirs > mine:
                wrong.append(f"{model._meta.label}.{key.name}")
    return wrong


def unprotected_keys(found: Iterable[type[models.Model]]) -> set[str]:
    return {
        f"{model._meta.label}.{key.name}"
        for model in found
        for key in foreign_keys(model)
        if key.remote_field.on_delete is not models.PROTECT
    }


def badly_named_constraints(found: Iterable[type[models.Model]]) -> list[str]:
    return [
        f"{model._meta.label}: {constraint.name}"
        for model in found
        for constraint in model._meta.constraints
        if not constraint.name.startswith(f"{model._meta.app_label}_{model._meta.model_name}_")
    ]


def columns(model: type[models.Model]) -> set[str]:
    return {field.name for field in [*model._meta.concrete_fields, *model._meta.many_to_many]}


def undeclared(found: Iterable[type[models.Model]]) -> list[str]:
    return [
        f"{model._meta.label}.{name}"
        for model in found
        for name in sorted(columns(model) - set(declared(model._meta.label)))
    ]


def declared_in_vain(found: Mapping[str, set[str]]) -> list[str]:
    """Return what is declared and does not exist, given the columns of each model that does."""
    return [
        f"{label}.{name}"
        for label in sorted(declared_models())
        for name in declared(label)
        if name not in found.get(label, ())
    ]


def test_foreign_keys_point_down_the_layers() -> None:
    assert len(own_models()) > 20
    assert keys_upwards(own_models()) == []


def test_only_known_foreign_keys_delete_with_their_owner() -> None:
    found = unprotected_keys(own_models())
    assert found == set(GO_WITH_THEIR_OWNER)
    labels = {model._meta.label: model for model in own_models()}
    for name in found:
        label, _, field = name.rpartition(".")
        assert labels[label]._meta.get_field(field).remote_field.on_delete is models.CASCADE  # type: ignore[union-attr]


def test_constraints_are_named_after_their_model() -> None:
    assert badly_named_constraints(own_models()) == []


def test_every_column_is_declared() -> None:
    # Red? Declare the column in the app's module `fields`: who sees it, what for, how long.
    assert undeclared(own_models()) == []


def test_nothing_is_declared_that_does_not_exist() -> None:
    assert declared_in_vain({model._meta.label: columns(model) for model in own_models()}) == []


@isolate_apps("mentornet.agenda")
def test_wrong_models_are_found() -> None:
    # The negative control of all of the above.
    class Newcomer(models.Model):
        task = models.ForeignKey(Task, on_delete=models.PROTECT)
        person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True)
        remark = models.TextField()

        class Meta:
            app_label = "agenda"
            constraints = (models.CheckConstraint(name="agenda_remark", condition=~models.Q(remark="")),)

        def __str__(self) -> str:
            return self.remark

    Newcomer.__module__ = "mentornet.agenda.models"
    assert keys_upwards([Newcomer, Profile]) == ["agenda.Newcomer.person"]
    assert unprotected_keys([Newcomer]) == {"agenda.Newcomer.person"}
    assert badly_named_constraints([Newcomer, User]) == ["agenda.Newcomer: agenda_remark"]
    assert undeclared([Newcomer, Task]) == [f"agenda.Newcomer.{name}" for name in ("id", "person", "remark", "task")]
    known = {model._meta.label: columns(model) for model in own_models()}
    known["people.Person"].remove("phone")
    del known["agenda.Task"]
    gone = declared_in_vain(known)
    assert "people.Person.phone" in gone
    assert "agenda.Task.words" in gone
    assert "people.Person.email" not in gone


def migrations_are_missing(folder: Path, code: str) -> bool:
    script = (
        "import django; django.setup()\nfrom django.core.management import call_command\nfrom django.db import models\n"
        f"{code}\ncall_command('makemigrations', check=True, dry_run=True)"
    )
    # The installation's own settings: those of the tests know one language more.
    own = {name: value for name, value in os.environ.items() if not name.startswith("MENTORNET_")}
    environment = own | {"DJANGO_SETTINGS_MODULE": "mentornet.config.settings", "MENTORNET_DATA": str(folder)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode != 0


FORGOTTEN: Final = """
from mentornet.divisions.models import Division
models.IntegerField(null=True).contribute_to_class(Division, "forgotten")
"""


@pytest.mark.parametrize(("code", "missing"), [("", False), (FORGOTTEN, True)])
def test_migrations_cover_the_models(tmp_path: Path, code: str, *, missing: bool) -> None:
    assert migrations_are_missing(tmp_path, code) is missing
