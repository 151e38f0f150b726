"""In which texts that are not about a protected person her name is looked for at all.

Somebody who has written a name, and finds it changed an hour later, has learned whom we protect. So what participants
and strangers write is left alone, and so is what staff of a division write that does not know her. What is gone over is
what staff write where she is known, and what those write who are, or were, her partners. The rest is of whoever wrote
it: it names her as it names anybody else, and nothing there says that she is here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from mentornet.common.reach import rows_about as rows_about_all

_PAIRS: Final = "partnerships.Partnership"
_AT_WORK: Final = "person__applications__division_id"
_USER: Final = "user:"


@dataclass(frozen=True, slots=True)
class ByStaff:
    """What of a model staff alone write.

    Attributes:
        columns: in which their words stand.
        division: the way from a row to the division whose staff it is.
        author: the column that says who wrote, where participants write there too.
        before: the moment of a row; only those from before she was protected are gone over.
        only: what else must hold.
    """

    columns: frozenset[str]
    division: str = "division_id"
    author: str = ""
    before: str = ""
    only: Mapping[str, str] = field(default_factory=dict)


def _of(*columns: str, division: str = "division_id", author: str = "", before: str = "", **only: str) -> ByStaff:
    return ByStaff(frozenset(columns), division, author, before, only)


BY_STAFF: Final[Mapping[str, ByStaff]] = {
    "agenda.Task": _of("words", "snooze_reason"),
    "divisions.Absence": _of("note", division="user__staff_roles__division_id"),
    "divisions.HiddenPerson": _of("reason", "lift_reason", division="user__staff_roles__division_id"),
    "followup.Concern": _of("outcome"),
    "followup.ConcernNote": _of("text", division="concern__division_id"),
    "followup.EarlySign": _of("put_aside_reason", division="partnership__division_id"),
    "followup.Handover": _of("note"),
    "followup.Talk": _of("seen", "thought", division="partnership__division_id"),
    # A list that came later is taken over like anybody's, and tells whoever brought it nothing.
    "imports.Batch": _of("problem", before="created_at"),
    "imports.File": _of("name", "layout", division="batch__division_id", before="batch__created_at"),
    "imports.Report": _of("content", "choices", division="batch__division_id", before="batch__created_at"),
    "imports.Trace": _of("made", "former", division="batch__division_id", before="batch__created_at"),
    "intake.Application": _of("heard_through", "reference", author="entered_by"),
    "intake.Decision": _of("reason", division="application__division_id"),
    "intake.Interview": _of(
        "place", "shareable", "answers", "coordinator_only", division="application__division_id"
    ),
    "intake.Earlier": _of("words"),
    "intake.Enrolment": _of("wait_words"),
    "intake.InterviewDraft": _of("typed", division="application__division_id"),
    "intake.InterviewOffer": _of("words", division="application__division_id"),
    "intake.InterviewSlot": _of("place"),
    "intake.Reference": _of("words", "reason", division="application__division_id"),
    "intake.SavedSearch": _of("name", "query", division="user__staff_roles__division_id", before="created_at"),
    "learning.Attendance": _of("reason", division=_AT_WORK, author="told_by"),
    "matching.MeetingDecision": _of("reason", "dissent", "refused", division="meeting__sits__division_id"),
    "matching.Loan": _of("reason", "answer"),
    "matching.Proposal": _of("reason", "again", "meeting_place", "end_note"),
    "matching.ProposalAnswer": _of("note", division="proposal__division_id", author="taken_by"),
    # What the program writes by itself names whoever it is about, as she named herself.
    "messaging.Letter": _of("values", "subject", "body", author="queued_by", event="by_hand"),
    "partnerships.Note": _of("text", division="partnership__division_id"),
    "partnerships.Closure": _of(
        "note", "outcome_words", "blame_words", "undone_words", division="partnership__division_id", author="began_by"
    ),
    "partnerships.ClosureSide": _of("said", "remark", division="closure__partnership__division_id"),
    "partnerships.Partnership": _of("closing_note", "imported_reason"),
    "people.Avoidance": _of("reason", division=_AT_WORK, author="created_by"),
    "people.Restriction": _of("reason", division=_AT_WORK, author="restricted_by"),
    "people.Reveal": _of("reason"),
    "privacy.Breach": _of(
        "happened", "kinds", "measures", "risk_words", "authority_reference", "authority_words", "people_words",
        "follow_up",
    ),
    "privacy.Demand": _of("asked_by", "asked", "answer_words"),
    "privacy.Disclosure": _of("told_to", "told", "reason", "held_back_reason"),
    "privacy.Merge": _of("reason", division=_AT_WORK),
    "privacy.Request": _of("extension_reason", "answer"),
    "privacy.RetentionHold": _of("reason", division=_AT_WORK),
    "sourcing.Prospect": _of("source"),
    "sourcing.ProspectList": _of("source", "file_name"),
}  # fmt: skip
"""What staff alone write; a test fails for a column on which nobody has decided."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The rows, not about a protected person, in which her name is looked for.

    Attributes:
        divisions: those that know her.
        partners: the rows about those whom she is, or was, paired with, by the model's label.
        protected_at: since when she is.
    """

    divisions: frozenset[UUID]
    partners: Mapping[str, frozenset[Any]]
    protected_at: datetime

    def parts(self, model: type[models.Model], columns: Collection[str]) -> Iterator[tuple[Q, list[str]]]:
        """Return which rows of a model are gone over, and in which columns."""
        by_staff = BY_STAFF.get(model._meta.label)
        staffs = by_staff.columns if by_staff is not None else frozenset[str]()
        if by_staff is not None:
            wanted = Q(**{f"{by_staff.division}__in": self.divisions}, **by_staff.only)
            if by_staff.author:
                wanted &= Q(**{f"{by_staff.author}__startswith": _USER})
            if by_staff.before:
                wanted &= Q(**{f"{by_staff.before}__lte": self.protected_at})
            # Through a person's applications a row may be found more than once.
            rows = model._default_manager.filter(wanted).order_by().values("pk")
            yield Q(pk__in=rows), [name for name in columns if name in staffs]
        if theirs := self.partners.get(model._meta.label):
            yield Q(pk__in=theirs), [name for name in columns if name not in staffs]


def elsewhere(person_id: UUID, rows: Mapping[type[models.Model], Collection[Any]], protected_at: datetime) -> Elsewhere:
    """Return where else a protected person's name is looked for; ``rows`` are those about her."""
    divisions, partners = set[UUID](), set[UUID]()
    for model, keys in rows.items():
        of_hers = model._default_manager.filter(pk__in=list(keys)).order_by()
        if any(column.attname == "division_id" for column in model._meta.concrete_fields):
            divisions |= set(of_hers.values_list("division_id", flat=True))
        if model is apps.get_model(_PAIRS):
            for pair in of_hers.values_list("mentee__person_id", "mentor__person_id"):
                partners |= set(pair)
    return Elsewhere(frozenset(divisions - {None}), rows_about_all(partners - {person_id}), protected_at)
