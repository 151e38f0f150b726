"""What people's data are used for: each activity once, with its ground; the rest is read from the field registry.

The record of processing (Article 30) is made of this. A table with columns about people that no activity holds fails
the build.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from mentornet.common.fields import Erasure, FieldPolicy, Level, Retention, declared, declared_models

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Ground(StrEnum):
    """On which ground of the regulation something is done."""

    CONSENT = "6(1)(a)"
    AGREEMENT = "6(1)(b)"
    DUTY = "6(1)(c)"
    VITAL = "6(1)(d)"
    INTEREST = "6(1)(f)"


GROUNDS: Final[dict[Ground, _StrOrPromise]] = {
    Ground.CONSENT: _("She has agreed to it, each thing by itself, and can take it back."),
    Ground.AGREEMENT: _("It is needed for what she has asked us to do with her."),
    Ground.DUTY: _("The law demands it."),
    Ground.VITAL: _("It protects somebody’s life or health."),
    Ground.INTEREST: _("We have a good reason, which was weighed against hers."),
}


class Who(StrEnum):
    """Whose data."""

    APPLICANTS = "applicants"
    MENTEES = "mentees"
    MENTORS = "mentors"
    CONTACTS = "contact persons"
    OTHERS = "others"
    STAFF = "staff"


PEOPLE: Final[dict[Who, _StrOrPromise]] = {
    Who.APPLICANTS: _("women and men who write to us"),
    Who.MENTEES: _("mentees"),
    Who.MENTORS: _("mentors"),
    Who.CONTACTS: _("contact persons"),
    Who.OTHERS: _("others who are named to us"),
    Who.STAFF: _("those who work here"),
}
_TAKING_PART: Final = (Who.MENTEES, Who.MENTORS)


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing for which data are used.

    Attributes:
        recipients: who gets to see some of it besides the staff who work with her.
        tables: which tables of the register it holds.
    """

    key: str
    name: _StrOrPromise
    purpose: _StrOrPromise
    grounds: tuple[Ground, ...]
    people: tuple[Who, ...]
    recipients: _StrOrPromise
    tables: tuple[str, ...]


_NOBODY: Final = _("Nobody outside the office.")

ACTIVITIES: Final = (
    Activity(
        "applying",
        _("Taking people in"),
        _("To hear from whoever wants to take part, talk with her, and decide with her whether it is for her."),
        (Ground.AGREEMENT, Ground.CONSENT),
        (Who.APPLICANTS, Who.OTHERS),
        _NOBODY,
        (
            "intake.Application", "intake.ApplicationDraft", "intake.Interview", "intake.InterviewDraft",
            "intake.InterviewOffer", "intake.InterviewSlot", "intake.Decision", "intake.Reference",
            "intake.ProfileConfirmation", "intake.Referral", "imports.Batch", "imports.File", "imports.Report",
            "imports.Trace",
        ),
    ),
    Activity(
        "knowing",
        _("Knowing who takes part"),
        _("To reach her in the way that is safe for her, and to introduce her in her own words."),
        (Ground.AGREEMENT, Ground.CONSENT),
        (*_TAKING_PART, Who.CONTACTS),
        _("The other side of a proposal sees her introduction, her partner what she has chosen to share."),
        ("people.Person", "people.Profile", "people.LanguageSkill", "intake.ContactPerson"),
    ),
    Activity(
        "matching",
        _("Finding who fits"),
        _("To find a mentor for each mentee. A coordinator chooses and says why; the program only puts in order."),
        (Ground.AGREEMENT,),
        _TAKING_PART,
        _("The other side of a proposal."),
        (
            "intake.Enrolment", "intake.Wish", "intake.SavedSearch", "matching.Proposal", "matching.ProposalAnswer",
            "matching.ProposalQuestion", "matching.MeetingOption", "matching.Loan", "intake.Earlier",
            "matching.MatchingMeeting", "matching.MeetingTie", "matching.MeetingPerson", "matching.MeetingRun",
            "matching.MeetingDecision",
        ),
    ),
    Activity(
        "sourcing",
        _("Looking for a mentor who is not in the bank"),
        _(
            "To ask people who know others whether they know a mentor with a profile that is missing. What is asked "
            "fits several waiting women; an expert from a list is told at once where we have her name from, and a no "
            "holds for ever."
        ),
        (Ground.AGREEMENT, Ground.INTEREST),
        (Who.MENTEES, Who.CONTACTS, Who.OTHERS),
        _("Contact persons and experts: what is looked for, and nothing of whom it is for."),
        ("sourcing.Search", "sourcing.Asking", "sourcing.Found", "sourcing.Prospect", "sourcing.ProspectList"),
    ),
    Activity(
        "together",
        _("Looking after pairs"),
        _("To let two work together as equals, to help when it does not go well, and to train those who begin."),
        (Ground.AGREEMENT,),
        _TAKING_PART,
        _("Her partner: what the two write together."),
        (
            "partnerships.Partnership", "partnerships.Meeting", "partnerships.Account", "partnerships.PlannedMeeting",
            "partnerships.CalendarFeed", "partnerships.Agreement", "partnerships.AgreementSignature",
            "partnerships.Goal", "partnerships.GoalStep", "partnerships.Introduction", "partnerships.OwnNote",
            "partnerships.Note", "followup.Talk", "learning.ReadReceipt", "learning.Attendance",
            "learning.ModuleProgress",
            "followup.Reflection", "followup.LetterWish", "followup.ImpactLetter", "followup.Certificate",
            "followup.TenureThanks", "partnerships.Closure", "partnerships.ClosureSide", "followup.Afterwards",
            "followup.EarlySign", "surveys.Ask", "surveys.AnonymousAnswer",
        ),
    ),
    Activity(
        "writing",
        _("Writing to people, and not forgetting them"),
        _("To tell her what happens next, in her language, and to see who waits for us."),
        (Ground.AGREEMENT,),
        (Who.APPLICANTS, *_TAKING_PART, Who.CONTACTS),
        _("The mail server, and the provider of text messages where there is one: address and a text without content."),
        ("messaging.Letter", "messaging.OptOut", "agenda.Task"),
    ),
    Activity(
        "safety",
        _("Keeping people safe"),
        _("To keep those apart who must not meet, to hide who may not be found, to hear what is told in confidence."),
        (Ground.VITAL, Ground.INTEREST),
        (*_TAKING_PART, Who.OTHERS),
        _("Nobody; named staff, and each look is recorded."),
        (
            "followup.Concern", "followup.ConcernNote", "followup.ConcernAlarm", "people.Avoidance",
            "people.ProtectedIdentity", "people.Reveal",
            "people.WrittenReach", "divisions.HiddenPerson", "accounts.Opening",
        ),
    ),
    Activity(
        "entering",
        _("Signing in"),
        _("To let each see her own pages, and nobody else."),
        (Ground.AGREEMENT, Ground.INTEREST),
        (*_TAKING_PART, Who.CONTACTS, Who.STAFF),
        _NOBODY,
        ("accounts.User", "accounts.PersonalLink", "accounts.OneTimeCode", "accounts.SignInSession"),
    ),
    Activity(
        "answering",
        _("Answering for what we do"),
        _("To show who did what, that nobody has changed the record of it, and who had which role."),
        (Ground.DUTY, Ground.INTEREST),
        (*_TAKING_PART, Who.STAFF),
        _("Whoever supervises us, on demand."),
        ("audit.Entry", "divisions.StaffRole", "divisions.Absence", "followup.Handover", "followup.HandedOn"),
    ),
    Activity(
        "rights",
        _("Her rights"),
        _("To do what she asks about her data, to show what she has agreed to, and to see to what went wrong."),
        (Ground.DUTY,),
        (Who.APPLICANTS, *_TAKING_PART, Who.CONTACTS),
        _("The supervising authority, where something went wrong."),
        (
            "intake.Consent", "people.Restriction", "people.Objection", "privacy.Request", "privacy.Disclosure",
            "privacy.Demand", "privacy.Breach", "privacy.RetentionHold",
            "privacy.Merge", "privacy.NotTheSame",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column about people."""

    table: str
    name: str
    policy: FieldPolicy

    @property
    def label(self) -> str:
        """What it is called where people read it."""
        field = apps.get_model(self.table)._meta.get_field(self.name)
        return str(getattr(field, "verbose_name", self.name))

    @property
    def says(self) -> str:
        """What was declared of it, in one line: another one as soon as any of it changes."""
        policy = self.policy
        return f"{policy.level.name} {policy.retention.value} {policy.erasure.value} {policy.purpose}"


def columns_about_people() -> Iterator[Column]:
    """Return every column about people that the register knows, in order."""
    for label in sorted(declared_models()):
        for name, policy in sorted(declared(label).items()):
            if policy.about_person:
                yield Column(label, name, policy)


def tables_without_an_activity() -> list[str]:
    """Return the tables with columns about people that no activity holds."""
    held = {table for activity in ACTIVITIES for table in activity.tables}
    return sorted({column.table for column in columns_about_people()} - held)


@dataclass(frozen=True, slots=True)
class Part:
    """One table of an activity: which kinds of data, who sees them, and for how long."""

    table: str
    name: str
    kinds: tuple[str, ...]
    levels: tuple[Level, ...]
    retentions: tuple[Retention, ...]
    is_emptied: bool


def parts_of(activity: Activity) -> list[Part]:
    """Return what an activity holds, table by table, as the register says. A table that is not here is left out."""
    found: list[Part] = []
    for table in activity.tables:
        columns = [column for column in columns_about_people() if column.table == table]
        telling = [one for one in columns if one.policy.purpose != "holds the record together"]
        if not columns:
            continue
        name = str(apps.get_model(table)._meta.verbose_name_plural)
        found.append(
            Part(
                table=table,
                name=name[:1].upper() + name[1:],
                kinds=tuple(dict.fromkeys(one.label for one in telling)),
                levels=tuple(sorted({one.policy.level for one in telling})),
                retentions=tuple(one for one in Retention if any(c.policy.retention == one for c in telling)),
                is_emptied=any(one.policy.erasure != Erasure.KEEP for one in telling),
            )
        )
    return found
