"""When the clock of each table begins: with the end of somebody's time, of a pair's, or with the row's own moment.

What stands in no table here goes with the person as a whole (:mod:`mentornet.privacy.services.keeping`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mentornet.common.fields import Erasure, Retention, Subject, declared, declared_models, subject_of
from mentornet.messaging.models import LetterState
from mentornet.privacy.hers import Model

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True)
class Least:
    """For how many days a class is kept at least, whatever an organisation sets, and what needs it as long."""

    days: int
    why: _StrOrPromise


LEAST: Final[Mapping[Retention, Least]] = {
    Retention.CASE: Least(731, _("The last follow-up is two years after the end, and is about the case.")),
    Retention.CONTACT: Least(731, _("The last follow-up is two years after the end, and has to reach her.")),
    Retention.NOTES: Least(90, _("Whoever complains, or comes back, does so in the first months.")),
    # `mentornet.privacy.redactions` takes entries that were emptied sooner for tampering.
    Retention.LOG: Least(1_826, _("Who did what can be asked for five years.")),
}
"""The other end of :data:`mentornet.common.fields.TERMS`: one person alone must not end everybody's time at once."""


@dataclass(frozen=True, slots=True)
class Clock:
    """From when on a table's rows are kept for so many days.

    Attributes:
        since: lookups of days or moments; the clock begins when each of them is set and the last of them is over.
            Nothing where it begins with the end of the person's own time.
        optional: lookups that hold the row back only where the row has such a thing at all.
        of: which rows have a clock.
    """

    since: tuple[str, ...] = ()
    optional: tuple[tuple[str, str], ...] = ()
    of: Q = Q()  # noqa: RUF009 - never changed

    @property
    def is_hers(self) -> bool:
        """Whether it begins with the end of the person's time."""
        return not self.since


_HERS: Final = Clock()
_PAIRS: Final = Clock(("partnership__closed_on",))
# Why the two were proposed explains their partnership as long as that runs.
_PROPOSALS: Final = Clock(("proposal__ended_at",), (("proposal__partnership", "proposal__partnership__closed_on"),))
_GONE: Final = (LetterState.SENT, LetterState.TAKEN_BACK, LetterState.SETTLED, LetterState.ARRIVED)

CLOCKS: Final[Mapping[str, Clock]] = {
    "intake.Interview": _HERS,
    "intake.Decision": _HERS,
    "intake.Enrolment": _HERS,
    "intake.Wish": _HERS,
    "intake.InterviewDraft": _HERS,
    "intake.InterviewOffer": _HERS,
    "intake.ProfileConfirmation": _HERS,
    "intake.Reference": _HERS,
    "partnerships.OwnNote": _HERS,
    "followup.Reflection": _HERS,
    "followup.LetterWish": _PAIRS,
    "followup.ImpactLetter": _PAIRS,
    "partnerships.Partnership": Clock(("closed_on",)),
    "partnerships.PlannedMeeting": _PAIRS,
    "partnerships.Introduction": _PAIRS,
    "partnerships.Note": _PAIRS,
    "partnerships.Closure": _PAIRS,
    "partnerships.ClosureSide": Clock(("closure__partnership__closed_on",)),
    "followup.Talk": _PAIRS,
    "followup.EarlySign": _PAIRS,
    "matching.MeetingDecision": Clock(("decided_at",)),
    "matching.MeetingPerson": Clock(("created_at",)),
    "matching.Proposal": Clock(("ended_at",), (("partnership", "partnership__closed_on"),)),
    "matching.ProposalAnswer": _PROPOSALS,
    "matching.ProposalQuestion": _PROPOSALS,
    "matching.Loan": Clock(("ended_at",)),
    "messaging.Letter": Clock(("created_at",), of=Q(state__in=_GONE)),
    "followup.Concern": Clock(("closed_at",)),
    "followup.ConcernNote": Clock(("concern__closed_at",)),
    "people.Reveal": Clock(("created_at",)),
    "intake.Earlier": _HERS,
}

WITH_HER: Final[Mapping[str, str]] = {
    "accounts.User": "how she signs in, and whom the audit means",
    "intake.Consent": "shows what she has agreed to, as long as anything of her is here",
    "people.Person": "her name and how to reach her go together",
    "people.ProtectedIdentity": "a protected person never lapses by herself",
    "people.Restriction": "stands as long as anything of her is here",
    "people.WrittenReach": "who wrote down how she is reached, as long as it is",
    "privacy.Request": "shows her that she was answered",
    "privacy.Disclosure": "tells her whom we have told, as long as she can ask",
    "messaging.OptOut": "what she does not want to be written, as long as she can be written to",
    "audit.Entry": "emptied when its own time is over, by the audit",
    "privacy.Breach": "tells of an event; nothing in it is emptied",
    "imports.Batch": "tells of an import as a whole",
    "divisions.StaffRole": "tells of staff",
    "divisions.Absence": "tells of staff",
    "followup.Handover": "tells of staff",
    "followup.HandedOn": "keys alone, which lead nowhere when what they mean is gone",
    "matching.MatchingMeeting": "tells of staff",
    "matching.MeetingRun": "tells of staff, and numbers alone",
    "matching.MeetingTie": "who of the staff has locked two; goes with the meaning of its keys",
    "followup.ConcernAlarm": "who of the staff was told that something waits; goes with its concern",
}
"""Tables with columns of a class of their own that nevertheless have no clock of their own, and why."""

BY_OTHER_JOBS: Final[Mapping[str, str]] = {
    "accounts.PersonalLink": "accounts.forget_old_ways_in",
    "accounts.OneTimeCode": "accounts.forget_old_ways_in",
    "accounts.SignInSession": "accounts.forget_old_ways_in",
    "accounts.Opening": "accounts.forget_openings",
    "intake.ApplicationDraft": "delete expired drafts",
    "imports.File": "imports.forget",
    "imports.Report": "imports.forget",
}
"""Tables that another job of the program sees to already, much sooner."""


@dataclass(frozen=True, slots=True)
class Part:
    """What of one table goes when one class is over.

    Attributes:
        columns: what is emptied; nothing where the rows go as a whole.
    """

    model: Model
    retention: Retention
    clock: Clock
    columns: tuple[models.Field[Any, Any], ...]

    @property
    def table(self) -> str:
        """The table's name in the register."""
        return self.model._meta.label


def parts() -> Iterator[Part]:
    """Return what goes by itself, table by table and class by class, as the register says."""
    for label in sorted(CLOCKS):
        model, policies = apps.get_model(label), declared(label)
        going = {policy.retention for policy in policies.values() if policy.erasure == Erasure.DELETE}
        for retention in (Retention.CONTACT, Retention.NOTES, Retention.LOG):
            columns = tuple(
                column
                for column in model._meta.concrete_fields
                if policies[column.name].retention == retention
                and policies[column.name].erasure != Erasure.KEEP
                and not isinstance(column, models.ForeignKey)
                and column.name not in _ways_to_her(label)
            )
            if going == {retention}:
                yield Part(model, retention, CLOCKS[label], ())
            elif columns:
                yield Part(model, retention, CLOCKS[label], columns)


def _ways_to_her(label: str) -> frozenset[str]:
    """Return the columns by which rows are found: emptied they would be nobody's, and never go."""
    subject = subject_of(label) or Subject()
    # The language of a letter tells nothing once its words are gone.
    return frozenset({*subject.keys, subject.target, "language"})


def tables_without_a_clock() -> list[str]:
    """Return the tables that hold columns of a class of their own, and of which nobody has said when they go."""
    known = {*CLOCKS, *WITH_HER, *BY_OTHER_JOBS}
    return [
        label
        for label in sorted(declared_models())
        if label not in known
        and any(
            policy.about_person
            and policy.erasure != Erasure.KEEP
            and policy.retention in {Retention.CONTACT, Retention.NOTES, Retention.LOG}
            for policy in declared(label).values()
        )
    ]
