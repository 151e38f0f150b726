"""Where somebody stands, in a few words: for the rows of lists and the head of her page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentornet.divisions.staff import Staff
from mentornet.intake.enums import ApplicationState
from mentornet.intake.models import Application, Enrolment
from mentornet.intake.queries import enrolments_of_people, open_applications_of_people
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import running_of_people
from mentornet.people.enums import Role
from mentornet.people.models import Person

ROLES: Final[Mapping[str, str | Promise]] = {
    Role.MENTEE: gettext_lazy("Mentee"),
    Role.MENTOR: gettext_lazy("Mentor"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where she stands in one role: a sentence with its tone and icon."""

    role: str
    text: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the list.

    Attributes:
        roles: in words, as many as she has.
        divisions: their names.
    """

    person: Person
    roles: str
    divisions: str
    standings: tuple[Standing, ...]


def day(on: date | None) -> str:
    """Write a day in words."""
    return date_format(on, "DATE_FORMAT") if on else ""


def of_application(application: Application) -> Standing:
    """Return where an undecided application stands."""
    words = {
        ApplicationState.BOOKED: _("Applied, the interview is booked"),
        ApplicationState.INTERVIEWED: _("Interviewed, to be decided"),
    }.get(ApplicationState(application.state), _("Applied on %(day)s") % {"day": day(application.received_on)})
    tone = "warn" if application.state == ApplicationState.INTERVIEWED else "info"
    return Standing(application.role, words, tone, "import")


def _of_pair(enrolment: Enrolment, matched_on: date | None) -> Standing:
    if enrolment.active > 1:
        words = ngettext("In %(count)s partnership", "In %(count)s partnerships", enrolment.active) % {
            "count": enrolment.active
        }
    elif matched_on:
        words = _("In a partnership since %(day)s") % {"day": day(matched_on)}
    else:
        words = _("In a partnership")
    return Standing(enrolment.role, words, "good", "partnership")


def of_enrolment(enrolment: Enrolment, today: date, matched_on: date | None = None) -> list[Standing]:
    """Return where an enrolment stands: taken, promised, free, or why none of these."""
    role = enrolment.role
    if enrolment.ended_on:
        words = _("Left on %(day)s: %(reason)s") % {
            "day": day(enrolment.ended_on),
            "reason": enrolment.get_end_reason_display() or _("no reason is known"),
        }
        return [Standing(role, words, "quiet", "archive")]
    found = []
    if enrolment.active:
        found.append(_of_pair(enrolment, matched_on))
    if enrolment.promised:
        found.append(Standing(role, _("A proposal is under way"), "warm", "proposal"))
    if role == Role.MENTEE:
        if not found:
            found.append(Standing(role, waited(enrolment.since, today), "warn", "waiting"))
            if enrolment.is_resting(today):
                found.append(Standing(role, rests(enrolment), "quiet", "pause"))
        return found
    if enrolment.briefed_on is None:
        found.append(Standing(role, _("Not briefed yet"), "warn", "book"))
    elif enrolment.is_resting(today):
        found.append(Standing(role, rests(enrolment), "quiet", "pause"))
    elif enrolment.places_left > 0:
        words = ngettext(
            "In the bank, %(count)s place left", "In the bank, %(count)s places left", enrolment.places_left
        ) % {"count": enrolment.places_left}
        found.append(Standing(role, words, "info", "bank"))
    elif not found:
        found.append(Standing(role, _("No place left"), "quiet", "pause"))
    return found


def rests(enrolment: Enrolment) -> str:
    """Say how long somebody rests: until a day, until she is asked, or until she answers."""
    if enrolment.return_asked_on:
        return _("Resting; asked on %(day)s whether she is back") % {"day": day(enrolment.return_asked_on)}
    if enrolment.returns_when_asked:
        return _("Resting; she is asked on %(day)s") % {"day": day(enrolment.resting_until)}
    return _("Resting until %(day)s") % {"day": day(enrolment.resting_until)}


def waited(since: date | None, today: date) -> str:
    """Say how long a mentee has waited."""
    if since is None:
        return _("Waiting, since when is not known")
    days = (today - since).days
    return ngettext("Waiting %(count)s day", "Waiting %(count)s days", days) % {"count": days}


def matched_days(partnerships: Iterable[Partnership]) -> dict[UUID, date | None]:
    """Return by enrolment the day on which its running partnership began."""
    days: dict[UUID, date | None] = {}
    for partnership in partnerships:
        days.setdefault(partnership.mentee_id, partnership.matched_on)
        days.setdefault(partnership.mentor_id, partnership.matched_on)
    return days


def rows_of(by: Staff, people: Iterable[Person]) -> list[Row]:
    """Prepare people for a list: three queries, however many they are."""
    listed = list(people)
    ids = [person.pk for person in listed]
    applications: defaultdict[UUID, list[Application]] = defaultdict(list)
    for application in open_applications_of_people(by, ids):
        applications[application.person_id].append(application)
    enrolments: defaultdict[UUID, list[Enrolment]] = defaultdict(list)
    for enrolment in enrolments_of_people(by, ids):
        enrolments[enrolment.person_id].append(enrolment)
    days = matched_days(running_of_people(by, ids))
    return [_row(person, applications[person.pk], enrolments[person.pk], by.today, days) for person in listed]


def _row(
    person: Person,
    applications: list[Application],
    enrolments: list[Enrolment],
    today: date,
    days: Mapping[UUID, date | None],
) -> Row:
    # What is over is told only of somebody of whom there is nothing else to tell.
    current = [enrolment for enrolment in enrolments if enrolment.ended_on is None]
    told = current or ([] if applications else enrolments[:1])
    standings = [of_application(application) for application in applications]
    for enrolment in told:
        standings += of_enrolment(enrolment, today, days.get(enrolment.pk))
    known: list[Application | Enrolment] = [*applications, *enrolments]
    roles = {row.role for row in known}
    # What would help to find somebody protected stands on her own page alone.
    divisions = {} if person.is_protected else dict.fromkeys(row.division.name for row in known)
    return Row(
        person=person,
        roles=", ".join(str(ROLES[role]) for role in Role.values if role in roles),
        divisions=", ".join(divisions),
        standings=tuple(standings) or (Standing("", _("Has applied, nothing runs now"), "quiet", "archive"),),
    )
