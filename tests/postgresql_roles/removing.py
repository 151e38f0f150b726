"""The rule above taken away: every query believes that whoever asks works in all divisions."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest

import served
from mentornet.accounts.models import User
from mentornet.common import row_scope
from mentornet.divisions.models import Division
from mentornet.divisions.queries import staff_member
from mentornet.divisions.staff import Staff
from mentornet.web import access


@contextmanager
def without_the_rule() -> Iterator[None]:
    """Give everybody on the staff all divisions; the database alone is still told which are hers."""
    own: dict[Collection[UUID], Collection[UUID]] = {}

    def in_all(user: User, at: datetime) -> Staff:
        actor = staff_member(user, at)
        everywhere = frozenset(Division.objects.values_list("pk", flat=True))
        own[everywhere] = actor.casework
        return replace(actor, casework=everywhere if actor.casework else frozenset())

    scope_of = row_scope.of_divisions

    def of_hers(divisions: Collection[UUID]) -> row_scope.Scope:
        return scope_of(own.get(divisions) or divisions)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(access, "staff_member", in_all)
        patch.setattr(row_scope, "of_divisions", of_hers)
        yield


@contextmanager
def as_owner() -> Iterator[None]:
    """Answer requests as the tables' owner, who stands above the policies."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(served, "served_role", nullcontext)
        yield
