"""The columns of the three spreadsheets: one table that reader, writer, templates and documentation all read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import cache
from types import MappingProxyType
from typing import Final

from reference.people import Role
from reference.translation import N_, Language, Message
from reference.vocabulary import folded


class Subject(StrEnum):
    """What a spreadsheet is about."""

    MENTORS = "mentors"
    MENTEES = "mentees"
    PAIRS = "pairs"


SUBJECTS: Final[Mapping[Role, Subject]] = MappingProxyType({Role.MENTOR: Subject.MENTORS, Role.MENTEE: Subject.MENTEES})


class Kind(Enum):
    """What a column's cells hold, and so how they are read and written."""

    ID = auto()
    TEXT = auto()
    NOTE = auto()
    """Text of several lines."""
    LANGUAGES = auto()
    OCCUPATION = auto()
    EDUCATION = auto()
    TOPICS = auto()
    INTERESTS = auto()
    AVAILABILITY = auto()
    MEETING = auto()
    AMOUNT = auto()
    """A number above 0."""
    COUNT = auto()
    """A whole number, 0 or more."""
    LEVEL = auto()
    DATE = auto()
    YES_NO = auto()
    IDS = auto()
    REQUIREMENTS = auto()


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        english: its header in English.
        danish: its header in Danish.
        subjects: the spreadsheets that have it.
        kind: what its cells hold.
        help: what to write in it, for the person who fills it in.
        examples: cells that may stand in it, in English and in Danish.
        required: whether each row must have it.
    """

    english: str
    danish: str
    subjects: tuple[Subject, ...]
    kind: Kind
    help: Message
    examples: Mapping[Language, tuple[str, ...]]
    required: bool = False

    @property
    def field(self) -> str:
        """The attribute of Mentor, Mentee or Pair that it fills."""
        return self.english.replace(" ", "_")

    def header(self, language: Language) -> str:
        """Return the header in ``language``."""
        return self.danish if language == "da" else self.english

    def text(self, language: Language) -> str:
        """Return the header, so that a column can stand in a message."""
        return self.header(language)


def _same(*examples: str) -> Mapping[Language, tuple[str, ...]]:
    return {"en": examples, "da": examples}


_BOTH: Final = (Subject.MENTORS, Subject.MENTEES)
_MENTORS: Final = (Subject.MENTORS,)
_MENTEES: Final = (Subject.MENTEES,)
_PAIRS: Final = (Subject.PAIRS,)

COLUMNS: Final[tuple[Column, ...]] = (
    Column(
        "id",
        "id",
        _BOTH,
        Kind.ID,
        Message(N_("A number or short text that nobody else in this file has. Every row needs one.")),
        _same("17", "M-204"),
        required=True,
    ),
    Column("name", "navn", _BOTH, Kind.TEXT, Message(N_("The person's name.")), _same("Amina Yusuf")),
    Column(
        "division",
        "afdeling",
        _BOTH,
        Kind.TEXT,
        Message(N_("The division, spelled the same way in every row; capital letters do not matter.")),
        _same("Aarhus"),
    ),
    Column("postcode", "postnummer", _BOTH, Kind.TEXT, Message(N_("The postcode at home.")), _same("8000")),
    Column(
        "languages",
        "sprog",
        _BOTH,
        Kind.LANGUAGES,
        Message(
            N_(
                "The languages the person speaks, with a semicolon between them. Write a language's name or code, and"
                " after a colon the level if you know it: A1, A2, B1, B2, C1, C2 or native."
            )
        ),
        {"en": ("Danish:B2; Arabic:native", "da:B2; ar"), "da": ("dansk:B2; arabisk:modersmål", "da:B2; ar")},
    ),
    Column(
        "occupation",
        "fag",
        _MENTORS,
        Kind.OCCUPATION,
        Message(
            N_(
                "The mentor's occupation: a job title, or its number of 1 to 4 digits in the international list of"
                " occupations, ISCO-08."
            )
        ),
        {"en": ("nurse", "2221"), "da": ("sygeplejerske", "2221")},
    ),
    Column(
        "occupation",
        "fag",
        _MENTEES,
        Kind.OCCUPATION,
        Message(
            N_(
                "The occupation the mentee aims at: a job title, or its number of 1 to 4 digits in the international"
                " list of occupations, ISCO-08."
            )
        ),
        {"en": ("nurse", "2221"), "da": ("sygeplejerske", "2221")},
    ),
    Column(
        "sector",
        "branche",
        _BOTH,
        Kind.TEXT,
        Message(N_("The line of business, spelled the same way in every row.")),
        {"en": ("health care",), "da": ("sundhed",)},
    ),
    Column(
        "education",
        "uddannelse",
        _BOTH,
        Kind.EDUCATION,
        Message(
            N_(
                "The highest completed education, 0 to 8: 0 none, 1 primary school, 2 lower secondary school,"
                " 3 upper secondary or vocational, 4 a course built on upper secondary, 5 short higher education,"
                " 6 bachelor, 7 master, 8 doctor."
            )
        ),
        _same("6"),
    ),
    Column(
        "topics",
        "emner",
        _MENTORS,
        Kind.TOPICS,
        Message(N_("What the mentor can help with, with a semicolon between the codes; the codes are listed below.")),
        _same("job_search; cv; interview"),
    ),
    Column(
        "topics",
        "emner",
        _MENTEES,
        Kind.TOPICS,
        Message(
            N_(
                "What the mentee wants help with, the most important first, with a semicolon between the codes;"
                " the codes are listed below."
            )
        ),
        _same("danish; job_search"),
    ),
    Column(
        "interests",
        "interesser",
        _BOTH,
        Kind.INTERESTS,
        Message(N_("Free words, with a semicolon between them.")),
        {"en": ("gardening; running",), "da": ("havearbejde; løb",)},
    ),
    Column(
        "availability",
        "tider",
        _BOTH,
        Kind.AVAILABILITY,
        Message(
            N_(
                "When the person can meet: a day and a part of the day, with a semicolon between them. Days are mon tue"
                " wed thu fri sat sun; parts are morning, afternoon and evening."
            )
        ),
        {"en": ("mon-evening; sat-morning",), "da": ("man-aften; lør-formiddag",)},
    ),
    Column(
        "meeting",
        "mødeform",
        _BOTH,
        Kind.MEETING,
        Message(N_("How the person will meet: in person, online, or both with a semicolon between them.")),
        {"en": ("in person; online",), "da": ("fysisk; online",)},
    ),
    Column(
        "hours per month",
        "timer pr måned",
        _BOTH,
        Kind.AMOUNT,
        Message(N_("How many hours a month the person can give or would like: a number above 0.")),
        {"en": ("4", "2.5"), "da": ("4", "2,5")},
    ),
    Column(
        "months",
        "måneder",
        _BOTH,
        Kind.AMOUNT,
        Message(N_("For how many months: a number above 0.")),
        _same("12"),
    ),
    Column(
        "must not meet",
        "må ikke møde",
        _BOTH,
        Kind.IDS,
        Message(N_("The ids of people in the other file whom this person must never meet, with a semicolon between.")),
        _same("M-204; M-317"),
    ),
    Column(
        "requires",
        "krav",
        _BOTH,
        Kind.REQUIREMENTS,
        Message(
            N_(
                "What the other person must have: language:ar, occupation:22, division:Aarhus, online or in person,"
                " with a semicolon between them. Demands rule pairs out; use few."
            )
        ),
        {"en": ("language:ar; in person",), "da": ("sprog:ar; fysisk",)},
    ),
    Column(
        "wishes",
        "ønsker",
        _BOTH,
        Kind.NOTE,
        Message(N_("Anything else worth knowing. It is shown to the coordinator and never counted.")),
        {"en": ("Would like somebody with children.",), "da": ("Vil gerne møde en, der har børn.",)},
    ),
    Column(
        "capacity",
        "kapacitet",
        _MENTORS,
        Kind.COUNT,
        Message(N_("How many mentees the mentor can have at one time: a whole number; 1 if nothing is written.")),
        _same("1", "2"),
    ),
    Column(
        "active pairs",
        "aktive par",
        _MENTORS,
        Kind.COUNT,
        Message(N_("How many mentees the mentor has now: a whole number; 0 if nothing is written.")),
        _same("0", "1"),
    ),
    Column(
        "pairs before",
        "tidligere par",
        _MENTORS,
        Kind.COUNT,
        Message(N_("How many mentees the mentor has had before: a whole number.")),
        _same("3"),
    ),
    Column(
        "min danish",
        "mindste dansk",
        _MENTORS,
        Kind.LEVEL,
        Message(N_("The least Danish that the mentor needs from a mentee: A1, A2, B1, B2, C1, C2 or native.")),
        _same("A2"),
    ),
    Column(
        "resting until",
        "pause til",
        _MENTORS,
        Kind.DATE,
        Message(N_("The mentor takes a break until this date.")),
        _same("2026-11-21", "21-11-2026"),
    ),
    Column(
        "idle since",
        "ledig siden",
        _MENTORS,
        Kind.DATE,
        Message(N_("Since when the mentor has had no mentee.")),
        _same("2026-11-21", "21-11-2026"),
    ),
    Column(
        "waiting since",
        "venter siden",
        _MENTEES,
        Kind.DATE,
        Message(N_("Since when the mentee has waited for a mentor.")),
        _same("2026-11-21", "21-11-2026"),
    ),
    Column(
        "practise danish",
        "vil øve dansk",
        _MENTEES,
        Kind.YES_NO,
        Message(N_("Whether the mentee wants to practise Danish: yes or no.")),
        {"en": ("yes",), "da": ("ja",)},
    ),
    Column(
        "needs experience",
        "kræver erfaring",
        _MENTEES,
        Kind.YES_NO,
        Message(N_("Whether the mentee needs a mentor who has been a mentor before: yes or no.")),
        {"en": ("no",), "da": ("nej",)},
    ),
    Column(
        "mentee id",
        "mentee id",
        _PAIRS,
        Kind.ID,
        Message(N_("The mentee's id, as in the file of mentees. Every row needs one.")),
        _same("17"),
        required=True,
    ),
    Column(
        "mentor id",
        "mentor id",
        _PAIRS,
        Kind.ID,
        Message(N_("The mentor's id, as in the file of mentors. Every row needs one.")),
        _same("M-204"),
        required=True,
    ),
    Column(
        "since",
        "siden",
        _PAIRS,
        Kind.DATE,
        Message(N_("The date when the two became a pair.")),
        _same("2025-02-01", "01-02-2025"),
    ),
    Column(
        "until",
        "indtil",
        _PAIRS,
        Kind.DATE,
        Message(N_("The date when the pair ended; empty while it goes on.")),
        _same("2026-02-01", "01-02-2026"),
    ),
    Column(
        "reason",
        "årsag",
        _PAIRS,
        Kind.NOTE,
        Message(N_("Why the pair ended.")),
        {"en": ("goal reached",), "da": ("målet er nået",)},
    ),
)


@cache
def columns_of(subject: Subject) -> tuple[Column, ...]:
    """Return the columns of the spreadsheet of ``subject``, in their usual order."""
    return tuple(column for column in COLUMNS if subject in column.subjects)


@cache
def columns_by_header(subject: Subject) -> Mapping[str, Column]:
    """Return the columns of ``subject`` by both headers, folded as headers are compared."""
    return MappingProxyType(
        {folded(header): column for column in columns_of(subject) for header in (column.english, column.danish)}
    )
