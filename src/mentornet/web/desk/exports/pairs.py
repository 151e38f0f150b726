"""Rows and columns of two who belong together: partnerships, their early signs, and proposals.

Names only: of another division's mentor a coordinator knows no more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentornet.divisions.staff import Staff
from mentornet.followup.models import EarlySign
from mentornet.followup.sign_queries import signs_by_pair
from mentornet.matching.queries import visible_proposals
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import visible_partnerships, with_last_meeting
from mentornet.web.desk.exports.columns import Column
from mentornet.web.desk.proposals.shown import Row, row_of
from mentornet.web.desk.signs.shown import plain_reason_of
from reference.writing import Value

_NAMES = ("people.Person.first_name", "people.Person.last_name")


def partnership_rows(by: Staff, ids: Collection[UUID]) -> Iterable[Partnership]:
    """Return these partnerships in this order, each with its last meeting: one query."""
    found = {row.pk: row for row in with_last_meeting(visible_partnerships(by).filter(pk__in=ids))}
    return [found[key] for key in ids if key in found]


def proposal_rows(by: Staff, ids: Collection[UUID]) -> Iterable[Row]:
    """Return these proposals in this order, with their answers: two queries."""
    found = {row.pk: row for row in visible_proposals(by).filter(pk__in=ids)}
    return [row_of(found[key], by.today) for key in ids if key in found]


def _column(header: str | Promise, value: Callable[[Any], Value], *shows: str) -> Column:
    return Column(header=header, value=value, shows=shows)


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def partnership_columns() -> list[Column]:
    """Return the columns of the list of partnerships."""

    def own(header: str | Promise, name: str) -> Column:
        return _column(header, lambda pair: getattr(pair, name), f"partnerships.Partnership.{name}")

    return [
        _column(_("mentee"), lambda pair: pair.mentee.person.name, *_NAMES),
        _column(_("mentor"), lambda pair: pair.mentor.person.name, *_NAMES),
        _column(_("division"), lambda pair: pair.division_told or None, "partnerships.Partnership.division"),
        _column(
            _("mentor’s division"),
            lambda pair: (pair.division_told and pair.mentor.division_told) or None,
            "intake.Enrolment.division",
        ),
        _column(_("programme"), lambda pair: pair.mentee.programme.name, "intake.Enrolment.programme"),
        _column(
            _("coordinator"),
            lambda pair: pair.mentee.coordinator.name if pair.mentee.coordinator else None,
            "intake.Enrolment.coordinator",
        ),
        _column(_("state"), lambda pair: pair.get_state_display(), "partnerships.Partnership.state"),
        own(_("matched"), "matched_on"),
        own(_("first met"), "first_met_on"),
        _column(_("last met"), lambda pair: pair.last_met_on, "partnerships.Meeting.on"),
        _column(_("meetings told of"), lambda pair: pair.meeting_count, "partnerships.Meeting.partnership"),
        own(_("agreement signed"), "agreement_on"),
        own(_("agreed until"), "agreed_until"),
        own(_("paused until"), "paused_until"),
        own(_("closed"), "closed_on"),
        _column(
            _("why it ended"),
            lambda pair: pair.get_closing_reason_display() or None,
            "partnerships.Partnership.closing_reason",
        ),
    ]


def proposal_columns() -> list[Column]:
    """Return the columns of the list of proposals."""

    def own(header: str | Promise, name: str) -> Column:
        return _column(header, lambda row: getattr(row.proposal, name), f"matching.Proposal.{name}")

    return [
        _column(_("mentee"), lambda row: row.proposal.mentee.person.name, *_NAMES),
        _column(_("mentor"), lambda row: row.proposal.mentor.person.name, *_NAMES),
        _column(_("division"), lambda row: row.proposal.division_told or None, "matching.Proposal.division"),
        _column(
            _("mentor’s division"),
            lambda row: (row.proposal.division_told and row.proposal.mentor.division_told) or None,
            "intake.Enrolment.division",
        ),
        _column(_("programme"), lambda row: row.proposal.version.programme.name, "matching.Proposal.version"),
        _column(_("state"), lambda row: row.state.text, "matching.Proposal.state"),
        _column(
            pgettext_lazy("proposals", "mentee’s answer"),
            lambda row: row.mentee.text if row.mentee else None,
            "matching.ProposalAnswer.reply",
        ),
        _column(
            pgettext_lazy("proposals", "mentor’s answer"),
            lambda row: row.mentor.text if row.mentor else None,
            "matching.ProposalAnswer.reply",
        ),
        own(_("chosen by"), "author_name"),
        _column(_("chosen on"), lambda row: _day(row.proposal.created_at), "matching.Proposal.created_at"),
        _column(_("sent"), lambda row: _day(row.proposal.sent_at), "matching.Proposal.sent_at"),
        own(_("expires"), "expires_on"),
        own(_("they meet on"), "meeting_on"),
        own(_("have met on"), "met_on"),
        _column(_("ended"), lambda row: _day(row.proposal.ended_at), "matching.Proposal.ended_at"),
        _column(_("points of a hundred"), lambda row: round(row.proposal.score / 100), "matching.Proposal.score"),
    ]


@dataclass(frozen=True, slots=True)
class Warned:
    """A pair with its early signs, the oldest first."""

    pair: Partnership
    signs: Sequence[EarlySign]


def warned_rows(by: Staff, ids: Collection[UUID]) -> Iterable[Warned]:
    """Return these pairs in this order, with their early signs: two queries."""
    found = {row.pk: row for row in visible_partnerships(by).filter(pk__in=ids)}
    signs = signs_by_pair(ids)
    return [Warned(found[key], signs.get(key, ())) for key in ids if key in found]


def warned_columns() -> list[Column]:
    """Return the columns of the list of early signs."""

    def pair_of(column: Column) -> Column:
        return replace(column, value=lambda row: column.value(row.pair))

    def all_of(row: Warned, words: Callable[[EarlySign], str]) -> str | None:
        return "; ".join(dict.fromkeys(filter(None, map(words, row.signs)))) or None

    def own(name: str) -> str:
        return f"followup.EarlySign.{name}"

    whose = ("mentee", "mentor", "division", "mentor’s division", "programme", "coordinator")
    return [
        *(pair_of(column) for column in partnership_columns()[: len(whose)]),
        _column(
            _("early signs"),
            lambda row: all_of(row, lambda sign: str(sign.get_kind_display())),
            own("kind"),
        ),
        _column(_("why"), lambda row: all_of(row, lambda sign: plain_reason_of(sign, row.pair)), own("facts")),
        _column(_("seen since"), lambda row: min(sign.first_seen_on for sign in row.signs), own("first_seen_on")),
        _column(
            _("put aside until"),
            lambda row: max((sign.put_aside_until for sign in row.signs if sign.put_aside_until), default=None),
            own("put_aside_until"),
        ),
    ]
