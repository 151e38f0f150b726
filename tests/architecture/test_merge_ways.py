"""Every column that leads to a person has its way when her two rows are made one: none of hers is left behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from mentornet.privacy.merge_ways import STEPS_ON, WAYS


def leading_to_her() -> Iterator[str]:
    wanted = {apps.get_model(label) for label in STEPS_ON}
    for model in apps.get_models(include_auto_created=True):
        for column in model._meta.get_fields(include_hidden=True):
            if isinstance(column, models.ForeignKey | models.ManyToManyField) and column.related_model in wanted:
                yield f"{model._meta.label}.{column.name}"


def test_every_column_that_leads_to_her_has_its_way() -> None:
    # Red? Say in mentornet.privacy.merge_ways what a merge does with the rows, and test it.
    assert set(leading_to_her()) == set(WAYS)


def test_a_column_that_nobody_decided_on_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(WAYS, "intake.Wish.person")
    assert set(leading_to_her()) - set(WAYS) == {"intake.Wish.person"}
