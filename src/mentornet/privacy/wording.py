"""What the readable pages of somebody's own copy say, in her language, and in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mentornet.privacy.telling import Why

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_DAY: Final = pgettext_lazy("a copy of one's data", "Day")
_WORDS: Final = pgettext_lazy("a copy of one's data", "In your words")
_SINCE: Final = pgettext_lazy("a copy of one's data", "Since")
_UNTIL: Final = pgettext_lazy("a copy of one's data", "Until")
_WHERE: Final = pgettext_lazy("a copy of one's data", "Where")
_WITH: Final = pgettext_lazy("a copy of one's data", "With")
_NOTE: Final = pgettext_lazy("a copy of one's data", "Note")


@dataclass(frozen=True, slots=True)
class Section:
    """What is told of the rows of one model: its columns in order, each with what it is called."""

    model: str
    title: _StrOrPromise
    columns: Mapping[str, _StrOrPromise]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a copy."""

    name: str
    title: _StrOrPromise
    sections: tuple[Section, ...]


PAGES: Final = (
    Page(
        "you",
        _("About you"),
        (
            Section(
                "people.Person",
                _("Who you are, and how we reach you"),
                {
                    "first_name": _("First name"),
                    "last_name": _("Last name"),
                    "birth_year": _("Year of birth"),
                    "email": _("E-mail address"),
                    "phone": _("Telephone"),
                    "safe_contact": _("How we reach you safely"),
                    "area": _("The part of town where you live"),
                    "postcode": _("Postcode"),
                },
            ),
            Section(
                "people.ProtectedIdentity",
                _("What we keep sealed, so that nobody finds you"),
                {
                    "first_name": _("First name"),
                    "last_name": _("Last name"),
                    "email": _("E-mail address"),
                    "phone": _("Telephone"),
                    "safe_contact": _("How we reach you safely"),
                    "area": _("The part of town where you live"),
                    "postcode": _("Postcode"),
                    "words": _("Words that would lead to you"),
                    "reason": _("Why you are protected"),
                },
            ),
            Section(
                "people.Profile",
                _("Your profile"),
                {
                    "occupation_title": _("Your work"),
                    "sector": _("Where you work or have worked"),
                    "about": _("About you, in your words"),
                    "interests": _("What you like to do"),
                    "wishes": _("Your wishes"),
                },
            ),
            Section(
                "intake.ContactPerson",
                _("As a contact person"),
                {"asked_on": _DAY, "field_words": _("Where you know people"), "regions": _("In which places")},
            ),
            Section(
                "accounts.SignInSession",
                _("Where you are signed in"),
                {"browser": _("Browser"), "seen_at": _("Last used")},
            ),
        ),
    ),
    Page(
        "way",
        _("Your way with us"),
        (
            Section(
                "intake.Application",
                _("When you wrote to us"),
                {
                    "received_on": _DAY,
                    "programme": _("Programme"),
                    "division": _("Division"),
                    "heard_through": _("How you heard of us"),
                },
            ),
            Section(
                "intake.Interview",
                _("Our talks with you"),
                {
                    "at": _DAY,
                    "place": _WHERE,
                    "shareable": _("What we may tell others"),
                    "answers": _("What you answered"),
                    "coordinator_only": _("Notes for the coordinators"),
                },
            ),
            Section("intake.Reference", _("Who speaks for you"), {"words": _("Who or what"), "seen_on": _DAY}),
            Section("intake.Decision", _("What we decided"), {"created_at": _DAY, "reason": _("Why")}),
            Section(
                "intake.Enrolment",
                _("Your places"),
                {
                    "since": _SINCE,
                    "ended_on": _UNTIL,
                    "rest_note": _("Why you rest, in your words"),
                    "wait_words": _("Why you wait, in the coordinator’s words"),
                },
            ),
            Section(
                "intake.Earlier",
                _("When you were taken before others who had waited longer"),
                {"created_at": _DAY, "words": _("Why")},
            ),
            Section(
                "intake.Consent",
                _("What you said yes to"),
                {"purpose": _("For what"), "given_at": _DAY, "withdrawn_at": _("Taken back")},
            ),
            Section("intake.Wish", _("What you asked your coordinator for"), {"created_at": _DAY, "words": _WORDS}),
            Section(
                "privacy.Request",
                _("What you asked about your data"),
                {"received_on": _DAY, "words": _WORDS, "answer": _("Our answer")},
            ),
            Section("people.Restriction", _("When we let your data rest"), {"created_at": _SINCE, "lifted_at": _UNTIL}),
            Section("people.Objection", _("What you said no to"), {"created_at": _SINCE, "ended_at": _UNTIL}),
            Section(
                "privacy.Disclosure",
                _("Who else was told something about you"),
                {"told_on": _DAY, "told_to": _("Who"), "told": _("What"), "reason": _("Why")},
            ),
            Section("learning.ReadReceipt", _("What you have read"), {"chapter": _("Chapter"), "read_at": _DAY}),
            Section("learning.Attendance", _("Your training"), {"module": _("Part"), "on": _DAY}),
        ),
    ),
    Page(
        "together",
        _("You and others"),
        (
            Section(
                "matching.Proposal",
                _("Whom we suggested to you"),
                {"mentee": _WITH, "mentor": _WITH, "sent_at": _DAY, "meeting_place": _WHERE},
            ),
            Section("matching.ProposalAnswer", _("What you answered to it"), {"created_at": _DAY, "note": _WORDS}),
            Section("matching.ProposalQuestion", _("What you asked about it"), {"created_at": _DAY, "text": _WORDS}),
            Section(
                "partnerships.Partnership",
                _("Your partnerships"),
                {"mentee": _WITH, "mentor": _WITH, "matched_on": _SINCE, "closed_on": _UNTIL},
            ),
            Section("partnerships.Meeting", _("Your meetings"), {"on": _DAY, "minutes": _("Minutes")}),
            Section("partnerships.PlannedMeeting", _("Meetings you planned"), {"at": _DAY, "place": _WHERE}),
            Section("partnerships.Goal", _("Goals"), {"words": _NOTE, "reached_on": _("Reached")}),
            Section("partnerships.GoalStep", _("Small steps"), {"words": _NOTE, "done_on": _("Done")}),
            Section("partnerships.Introduction", _("Doors that were opened"), {"on": _DAY, "words": _WORDS}),
            Section("partnerships.OwnNote", _("Your own notes"), {"created_at": _DAY, "text": _NOTE}),
            Section("followup.Reflection", _("Your own thoughts"), {"created_at": _DAY, "text": _NOTE}),
            Section("partnerships.Note", _("What the office noted about the two of you"), {"text": _NOTE}),
            Section(
                "followup.Talk",
                _("Talks that the office had with you"),
                {"on": _DAY, "seen": _("What we saw or heard"), "thought": _("What we thought of it")},
            ),
            Section("followup.Concern", _("What you told us in confidence"), {"created_at": _DAY, "words": _WORDS}),
        ),
    ),
    Page(
        "letters",
        _("Our letters to you"),
        (
            Section(
                "messaging.Letter",
                _("Our letters to you"),
                {"sent_at": _DAY, "subject": _("Subject"), "body": _("Letter")},
            ),
        ),
    ),
)
"""What is told in words. All the rest, such as what was chosen from a list, stands in ``data.json`` alone."""

PURPOSES: Final[Mapping[str, _StrOrPromise]] = {
    "handling": _("We keep and read what you have written"),
    "introduction": _("We show your introduction to somebody we suggest to you"),
    "events": _("We write to you about meetings and courses"),
    "evaluation": _("We count your answers, without your name"),
}
WITHHELD: Final[Mapping[Why, _StrOrPromise]] = {
    Why.SECRET: _("Keys and passwords: with them somebody else could open your pages."),
    Why.OTHER: _("What tells of somebody else too. Ask us, and a person reads it and tells you what is about you."),
    Why.STAFF: _("Who at the office it was. You can ask us."),
    Why.OWN: _(
        "Your own notes, and what you told us in confidence: not everybody here may read it. You find it in the copy "
        "that you take on your own page."
    ),
    Why.CONFIDENCE: _(
        "What somebody else may have told us in confidence. We do not say whether there is any, to anybody."
    ),
}
TITLE: Final = _("What we keep about you")
INTRODUCTION: Final = _(
    # Names no network: somebody else may hold the file.
    "This is your copy of everything that we keep about you, made on %(day)s. Keep it where nobody else reads it."
)
MACHINES: Final = _(
    "In the file data.json stands all of it, also what you chose from lists, as the program keeps it. Another program "
    "can read it."
)
RIGHTS: Final = _("Is something wrong, or do you want it deleted? Tell us. You find how under “My data” on your page.")
NOT_HERE: Final = _("What is not in this copy")
LOOKS: Final = _("Who has looked")
LOOKS_SAY: Final = _("Each time somebody changed something about you, or opened what few may read, it was noted.")
NOTHING: Final = _("Nothing is kept here.")
CONTENTS: Final = _("In this copy")
KINDS: Final[Mapping[str, _StrOrPromise]] = {
    "write": pgettext_lazy("who has looked", "changed something"),
    "read": pgettext_lazy("who has looked", "read something"),
    "refusal": pgettext_lazy("who has looked", "wanted to, and could not"),
}
WHO: Final[Mapping[str, _StrOrPromise]] = {
    "you": pgettext_lazy("who has looked", "you"),
    "the office": pgettext_lazy("who has looked", "the office"),
    "the program": pgettext_lazy("who has looked", "the program"),
    "a visitor": pgettext_lazy("who has looked", "somebody who was not signed in"),
    "somebody else": pgettext_lazy("who has looked", "somebody else"),
}
