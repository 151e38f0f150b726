"""The places of one mentor under any order of acts, against a model that counts on its fingers."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from factories.django_rows import AT, make_division, make_enrolment, make_staff
from mentornet.common.answers import RefusedError
from mentornet.divisions.models import Role as StaffRole
from mentornet.intake.models import Enrolment
from mentornet.intake.queries import mentor_bank
from mentornet.intake.services import places
from mentornet.intake.services.enrolments import end_enrolment, resume_enrolment, set_capacity
from mentornet.people.enums import Role

pytestmark = pytest.mark.django_db


class Places(RuleBasedStateMachine):
    """Holds, takes, leaves, releases, ends and resumes; after each step the row says what the model says."""

    def __init__(self) -> None:
        super().__init__()
        # Each run in a transaction of its own, rolled back at its end.
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        division = make_division()
        self.by = make_staff(StaffRole.COORDINATOR, division)
        self.key = make_enrolment(Role.MENTOR, division).pk
        self.capacity, self.promised, self.active, self.has_left = 1, 0, 0, False

    @initialize(capacity=st.integers(0, 3))
    def begin(self, capacity: int) -> None:
        set_capacity(by=self.by, enrolment=self.row, capacity=capacity)
        self.capacity = capacity

    @property
    def row(self) -> Enrolment:
        return Enrolment.objects.select_related("person", "division").get(pk=self.key)

    def _refused(self, act: Any, **given: Any) -> bool:
        try:
            with transaction.atomic():
                act(by=self.by, enrolment=self.row, **given)
        except (RefusedError, AssertionError):
            return True
        return False

    @rule()
    def hold(self) -> None:
        may = not self.has_left and self.promised + self.active < self.capacity
        assert self._refused(places.hold) is not may
        self.promised += may

    @rule()
    def take(self) -> None:
        may = self.promised > 0
        assert self._refused(places.take) is not may
        self.promised, self.active = self.promised - may, self.active + may

    @rule()
    def release(self) -> None:
        may = self.promised > 0
        assert self._refused(places.release) is not may
        self.promised -= may

    @rule()
    def leave(self) -> None:
        may = self.active > 0
        assert self._refused(places.leave, waits_since=self.by.today) is not may
        self.active -= may

    @rule(capacity=st.integers(0, 4))
    def resize(self, capacity: int) -> None:
        may = capacity >= self.promised + self.active
        assert self._refused(set_capacity, capacity=capacity) is not may
        self.capacity = capacity if may else self.capacity

    @rule()
    def end(self) -> None:
        may = not (self.has_left or self.promised or self.active)
        assert self._refused(end_enrolment, reason="moved") is not may
        self.has_left = self.has_left or may

    @precondition(lambda self: self.has_left)
    @rule()
    def resume(self) -> None:
        assert not self._refused(resume_enrolment)
        self.has_left = False

    @invariant()
    def agrees(self) -> None:
        row = self.row
        assert (row.capacity, row.promised, row.active, row.ended_on is not None) == (
            self.capacity, self.promised, self.active, self.has_left,
        )  # fmt: skip
        in_bank = not self.has_left and self.promised + self.active < self.capacity
        assert mentor_bank([row.division_id], AT.date()).exists() is in_bank

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


def test_places_agree_with_the_model() -> None:
    run_state_machine_as_test(Places, settings=settings(max_examples=30, stateful_step_count=20, deadline=None))
