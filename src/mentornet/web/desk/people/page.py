"""The page of one person: everything about her that her coordinators work with, prepared for the template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from mentornet.divisions.staff import Staff
from mentornet.intake.agreeing import have_taken_back
from mentornet.intake.enums import ApplicationState, ConsentPurpose, EndReason
from mentornet.intake.models import Application, Decision, Enrolment, Interview
from mentornet.intake.queries import applications_of_person, decisions_on, enrolments_of_people, interviews_of
from mentornet.matching.models import Proposal
from mentornet.matching.queries import proposals_of_person
from mentornet.messaging.models import Letter
from mentornet.messaging.queries import letters_in
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import partnerships_of_person
from mentornet.people.enums import Role
from mentornet.people.models import LanguageSkill, Person, Profile
from mentornet.people.queries import are_kept_apart, languages_of, profiles_of, restriction_of
from mentornet.people.recipients import person_key
from mentornet.privacy.doubles import may_be_her
from mentornet.privacy.merged import merges_of
from mentornet.privacy.queries import requests_of_person
from mentornet.web.desk.letters.shown import Row as LetterRow
from mentornet.web.desk.letters.shown import rows_of as letter_rows
from mentornet.web.desk.people import facts, history
from mentornet.web.desk.people.questions import answered
from mentornet.web.desk.people.standing import ROLES, Standing, day, matched_days, of_application, of_enrolment
from mentornet.web.desk.requests.shown import rows_of
from mentornet.web.ui.own_names import own_name

MOST_EVENTS = 12
MOST_LETTERS = 6


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one thing to do next: the button's words and where it leads."""

    text: str
    url: str
    icon: str
    tone: str = "primary"


@dataclass(frozen=True, slots=True)
class Case:
    """One enrolment on the page, with what can be done with it."""

    enrolment: Enrolment
    role: str
    standings: tuple[Standing, ...]
    is_here: bool
    """The actor works in its division."""
    is_resting: bool = False

    @property
    def is_mentor(self) -> bool:
        """A mentor's case: briefing, rest and places."""
        return self.enrolment.role == Role.MENTOR

    @property
    def has_left(self) -> bool:
        """The end can be taken back, nothing else."""
        return self.enrolment.ended_on is not None

    @property
    def may_come_back(self) -> bool:
        """She has left; not so where two places of hers became one."""
        return self.has_left and self.enrolment.end_reason != EndReason.MERGED

    @property
    def may_end(self) -> bool:
        """No proposal and no partnership holds a place."""
        return not (self.has_left or self.enrolment.promised or self.enrolment.active)

    @property
    def is_waiting(self) -> bool:
        """A mentee who is on the waiting list now."""
        return not self.is_mentor and self.may_end


@dataclass(frozen=True, slots=True)
class Together:
    """A proposal or a partnership, seen from one side."""

    row: Any
    name: str
    person_id: UUID
    day: str
    words: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class InRole:
    """A profile with its facts."""

    profile: Profile
    title: str
    groups: Sequence[facts.Group]
    texts: Sequence[facts.Fact]
    application: Application

    @property
    def usual(self) -> facts.Source | None:
        """Where most of the facts come from."""
        return facts.usual_source(self.groups, self.texts)


@dataclass(frozen=True, slots=True)
class Talk:
    """An interview; ``notes`` is what is for coordinators only, once somebody has asked to read it."""

    interview: Interview
    notes: str | None

    @property
    def answers(self) -> list[tuple[str, str]]:
        """What she said to the questions of the form."""
        return answered(self.interview)


def letter_languages() -> dict[str, str]:
    """Return the languages in which letters can be written, each by its name in itself."""
    return {code: own_name(code) for code, _name in settings.LANGUAGES}


_PROPOSAL_TONES = {"accepted": "good", "draft": "quiet", "declined": "quiet", "expired": "quiet", "withdrawn": "quiet"}
PARTNERSHIP_TONES = {
    "matched": ("warm", "hourglass"),
    "active": ("good", "check-circle"),
    "paused": ("quiet", "pause"),
    "closing": ("info", "archive"),
    "closed": ("quiet", "archive"),
}


class PersonPage:
    """What the page of one person shows; each part is one or two queries, however long her story is."""

    def __init__(self, by: Staff, person: Person, revealed: dict[UUID, str] | None = None) -> None:
        self.by, self.person = by, person
        self.applications = list(applications_of_person(by, person.pk))
        self.enrolments = list(enrolments_of_people(by, [person.pk]))
        ids = [application.pk for application in self.applications]
        self.interviews = list(interviews_of(ids))
        self.decisions: list[Decision] = list(decisions_on(ids))
        self.skills: list[LanguageSkill] = languages_of(person)
        self.partnerships = list(partnerships_of_person(by, person.pk))
        self.proposals = list(proposals_of_person(by, person.pk))
        letters = letters_in(by.casework).filter(recipient=person_key(person.pk))
        self.letters: list[Letter] = list(letters[: MOST_LETTERS + 1])
        self.revealed = revealed or {}
        self.is_kept_apart = are_kept_apart(by, person)
        self.not_introduced = bool(have_taken_back([person.pk], ConsentPurpose.INTRODUCTION))
        self.rests = person.rests if hasattr(person, "rests") else restriction_of(person.pk) is not None
        self.requests = rows_of(requests_of_person(by, person.pk).filter(closed_at__isnull=True), by.today)
        self.has_double = bool(may_be_her(by, person))
        self.merges = merges_of(by, person)
        self._profiles = profiles_of(person, {application.role for application in self.applications})

    @property
    def roles(self) -> str:
        """Her roles in words."""
        roles = {application.role for application in self.applications}
        return ", ".join(str(ROLES[role]) for role in Role.values if role in roles)

    @property
    def divisions(self) -> str:
        """The divisions that know her, those of them that the actor sees."""
        return ", ".join(dict.fromkeys(application.division.name for application in self.applications))

    @property
    def coordinators(self) -> str:
        """Whose case she is."""
        names = [case.coordinator.name for case in self.enrolments if case.coordinator and not case.ended_on]
        return ", ".join(dict.fromkeys(names))

    @property
    def open_applications(self) -> list[Application]:
        """What is to be decided."""
        return [application for application in self.applications if application.is_open]

    def cases(self) -> list[Case]:
        """Return her enrolments: what runs, or else what ran last."""
        days = matched_days(partnership for partnership in self.partnerships if partnership.is_running)
        return [
            Case(
                enrolment,
                str(ROLES[enrolment.role]),
                tuple(of_enrolment(enrolment, self.by.today, days.get(enrolment.pk))),
                enrolment.division_id in self.by.casework,
                enrolment.is_resting(self.by.today),
            )
            for enrolment in self.enrolments
        ]

    def standings(self) -> list[Standing]:
        """Return where she stands, for the head of the page."""
        found = [of_application(application) for application in self.open_applications]
        cases = self.cases()
        current = [case for case in cases if not case.has_left]
        for case in current or ([] if found else cases[:1]):
            found += case.standings
        return found

    def next_step(self) -> NextStep | None:
        """Return the one thing to do next with her; nothing when she has left, or when only time will tell."""
        if self.rests:
            return None
        for application in self.open_applications:
            return _application_step(application)
        current = [enrolment for enrolment in self.enrolments if enrolment.ended_on is None]
        for enrolment in current:
            if step := self._enrolment_step(enrolment):
                return step
        for partnership in self.partnerships:
            if partnership.is_running:
                return NextStep(
                    _("Open the partnership"), reverse("desk:partnership", args=[partnership.pk]), "partnership"
                )
        return None

    def _enrolment_step(self, enrolment: Enrolment) -> NextStep | None:
        if enrolment.promised:
            for proposal in self.proposals:
                if proposal.is_open and enrolment.pk in {proposal.mentee_id, proposal.mentor_id}:
                    return NextStep(_("Open the proposal"), reverse("desk:proposal", args=[proposal.pk]), "proposal")
        if enrolment.role == Role.MENTEE and not (enrolment.active or enrolment.promised):
            return NextStep(_("Find a mentor"), reverse("desk:match", args=[enrolment.pk]), "search")
        if enrolment.role == Role.MENTOR and enrolment.briefed_on is None:
            return NextStep(_("Note the briefing"), reverse("desk:enrolment_brief", args=[enrolment.pk]), "book")
        return None

    def profiles(self) -> list[InRole]:
        """Return her profiles with their facts."""
        newest: dict[str, Application] = {}
        for application in self.applications:
            newest.setdefault(application.role, application)
        return [
            InRole(
                profile,
                _("As a mentee") if profile.role == Role.MENTEE else _("As a mentor"),
                facts.groups_of(profile),
                [fact for fact in facts.texts_of(profile) if fact.value],
                newest[profile.role],
            )
            for profile in self._profiles
        ]

    def languages(self) -> facts.Fact:
        """Return what she speaks."""
        return facts.languages_of_profile(self.skills, self._profiles[0] if self._profiles else None)

    def person_facts(self) -> list[facts.Fact]:
        """Return what is known whatever her role."""
        return facts.person_facts(self.person, letter_languages())

    def talks(self) -> list[Talk]:
        """Return the interviews, each with its notes where they have been asked for."""
        return [Talk(interview, self.revealed.get(interview.pk)) for interview in self.interviews]

    def _other(self, row: Proposal | Partnership) -> Enrolment:
        return row.mentor if row.mentee.person_id == self.person.pk else row.mentee

    def together(self) -> list[Together]:
        """Return her partnerships, the running ones first."""
        rows = sorted(self.partnerships, key=lambda one: not one.is_running)
        return [
            Together(
                row=partnership,
                name=self._other(partnership).person.name,
                person_id=self._other(partnership).person_id,
                day=day(partnership.matched_on),
                words=partnership.get_state_display(),
                tone=PARTNERSHIP_TONES[partnership.state][0],
                icon=PARTNERSHIP_TONES[partnership.state][1],
            )
            for partnership in rows
        ]

    def proposed(self) -> list[Together]:
        """Return her proposals, the newest first."""
        return [
            Together(
                row=proposal,
                name=self._other(proposal).person.name,
                person_id=self._other(proposal).person_id,
                day=day(proposal.created_at.date()),
                words=proposal.get_state_display(),
                tone=_PROPOSAL_TONES.get(proposal.state, "warm"),
                icon="proposal",
            )
            for proposal in self.proposals
        ]

    def letter_rows(self) -> list[LetterRow]:
        """Return the latest letters to her."""
        return letter_rows(self.letters[:MOST_LETTERS])

    def timeline(self) -> list[history.Event]:
        """Return what has happened, the newest first."""
        paired: list[Proposal | Partnership] = [*self.proposals, *self.partnerships]
        other = {row.pk: self._other(row).person.name for row in paired}
        rows = [self.person, *self._profiles, *self.applications, *self.enrolments, *self.interviews]
        return history.ordered(
            [
                *history.of_applications(self.applications, self.interviews, self.decisions),
                *history.of_enrolments(self.enrolments),
                *history.of_proposals(self.proposals, other),
                *history.of_partnerships(self.partnerships, other),
                *history.told_by_audit(self.by, rows, only=history.ABOUT_PEOPLE),
            ]
        )


def _application_step(application: Application) -> NextStep:
    if application.state == ApplicationState.PRE_REGISTERED:
        return NextStep(_("Take her in"), reverse("desk:application_take_in", args=[application.pk]), "check")
    if application.state == ApplicationState.INTERVIEWED:
        return NextStep(_("Decide"), reverse("desk:application_decide", args=[application.pk]), "check")
    if application.state == ApplicationState.BOOKED:
        return NextStep(
            _("Write down the interview"), reverse("desk:application_interview", args=[application.pk]), "note"
        )
    return NextStep(_("Book the interview"), reverse("desk:application_book", args=[application.pk]), "calendar")


def next_step_of(application: Application) -> NextStep | None:
    """Return what comes next for an application; nothing once it is decided."""
    return _application_step(application) if application.is_open else None


def first(things: Iterable[history.Event], most: int) -> tuple[list[history.Event], list[history.Event]]:
    """Split a timeline into what is shown at once and what is folded away."""
    listed = list(things)
    return listed[:most], listed[most:]
