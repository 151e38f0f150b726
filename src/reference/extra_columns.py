"""Columns that a product with a database takes over beside those of the pairing: names apart, contact, briefing.

They stand in no template and no result: a network that has them in its list need not type them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from reference.columns import Column, Kind, Subject, columns_of
from reference.translation import N_, Message
from reference.vocabulary import folded

_BOTH: Final = (Subject.MENTORS, Subject.MENTEES)

EXTRA_COLUMNS: Final[tuple[Column, ...]] = (
    Column("first name", "fornavn", _BOTH, Kind.TEXT, Message(N_("The first name alone.")), {}),
    Column("last name", "efternavn", _BOTH, Kind.TEXT, Message(N_("The last name alone.")), {}),
    Column("email", "e-mail", _BOTH, Kind.TEXT, Message(N_("The e-mail address.")), {}),
    Column("phone", "telefon", _BOTH, Kind.TEXT, Message(N_("The telephone number.")), {}),
    Column("birth year", "fødselsår", _BOTH, Kind.COUNT, Message(N_("The year of birth, four digits.")), {}),
    Column("area", "område", _BOTH, Kind.TEXT, Message(N_("The town or part of town; never an address.")), {}),
    Column(
        "language of letters",
        "brevsprog",
        _BOTH,
        Kind.TEXT,
        Message(N_("The language in which letters are written to the person.")),
        {},
    ),
    Column(
        "briefed on",
        "briefet den",
        (Subject.MENTORS,),
        Kind.DATE,
        Message(N_("The date when the mentor was briefed; empty: not yet.")),
        {},
    ),
)

# What lists call the columns, beside their own names. Each is a guess that somebody sees before it counts; still,
# nothing stands here that mostly means something else ("notes"), or that must not be kept (a CPR number, an address).
_ALSO_CALLED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "id": (
            *("nr", "no", "#", "nummer", "number", "løbenr", "løbenummer", "id nr", "id nummer", "id number", "ref"),
            *("reference", "medlemsnr", "medlemsnummer", "member number", "deltagernr", "deltagernummer"),
        ),
        "name": ("fulde navn", "fuldt navn", "full name", "navn og efternavn", "for og efternavn", "deltager"),
        "first_name": ("given name", "forename", "fornavne"),
        "last_name": ("surname", "family name", "efternavne"),
        "email": (
            *("mail", "e mail", "e mail address", "email address", "mailadresse", "e mailadresse", "emailadresse"),
            *("e post", "email adresse", "e mail adresse"),
        ),
        "phone": (
            *(
                "telephone",
                "tlf",
                "tlf nr",
                "tlf. nr",
                "tlfnr",
                "telefonnr",
                "telefonnummer",
                "telefon nr",
                "telefon nummer",
            ),
            *("mobil", "mobile", "mobilnr", "mobilnummer", "mobil nr", "mobiltelefon", "mobile phone", "cell phone"),
            *("phone number", "telephone number", "mobile number"),
        ),
        "postcode": ("postnr", "post nr", "post nummer", "post code", "postal code", "zip", "zip code"),
        "area": ("by", "bydel", "town", "city", "district", "part of town", "kommune", "municipality"),
        "birth_year": ("year of birth", "født år", "fødeår"),
        "division": ("afd", "lokalafdeling", "lokal afdeling"),
        "languages": (
            "language",
            "sprogkundskaber",
            "sprogkompetencer",
            "taler",
            "languages spoken",
            "spoken languages",
        ),
        "occupation": (
            *("stilling", "stillingsbetegnelse", "job", "jobtitel", "job title", "titel", "erhverv", "profession"),
            *("faglig baggrund", "faglighed"),
        ),
        "sector": ("sektor", "industry", "line of business"),
        "education": ("uddannelsesniveau", "education level", "level of education", "isced"),
        "interests": ("interests and hobbies", "hobby", "hobbyer", "hobbies", "fritidsinteresser", "interesse"),
        "availability": ("tidspunkter", "times", "time slots", "hvornår"),
        "meeting": ("mødested", "mødemåde", "møde", "way of meeting", "ways to meet"),
        "hours_per_month": ("timer om måneden", "timer i måneden", "hours a month", "timer"),
        "months": ("antal måneder", "number of months"),
        "wishes": ("wish", "ønske"),
        "capacity": (
            *("pladser", "ledige pladser", "antal pladser", "places", "free places", "antal mentees", "max mentees"),
            *("maks mentees", "number of mentees"),
        ),
        "active_pairs": ("aktive", "aktive mentees", "nuværende mentees", "current mentees", "active mentees"),
        "pairs_before": ("tidligere mentees", "tidligere forløb", "earlier mentees", "previous mentees"),
        "briefed_on": ("briefet", "briefing", "briefingdato", "briefed", "date of briefing"),
        "resting_until": ("pause indtil", "holder pause til", "on hold until", "break until"),
        "idle_since": ("ledig fra", "idle from"),
        "waiting_since": (
            *("venter fra", "ventet siden", "på venteliste siden", "venteliste siden", "skrevet op", "skrevet op den"),
            *("on the waiting list since", "waiting from", "waitlisted on"),
        ),
        "mentee_id": ("mentee", "mentee nr", "menteenr", "mentee no", "mentee number"),
        "mentor_id": ("mentor", "mentor nr", "mentornr", "mentor no", "mentor number"),
        "since": ("start", "startet", "startdato", "start date", "started", "fra", "from"),
        "until": ("slut", "sluttet", "slutdato", "end date", "ended", "til", "to"),
        "reason": ("grund", "afslutningsårsag", "reason for ending", "afsluttet fordi"),
    }
)
# What only one side's list calls a column.
_CALLED_BY: Final[Mapping[Subject, Mapping[str, tuple[str, ...]]]] = MappingProxyType(
    {
        Subject.MENTORS: {
            "id": ("mentor id", "mentornr", "mentor nr", "mentornummer"),
            "name": ("mentor", "mentors navn", "mentornavn"),
            "topics": ("kan hjælpe med", "vil hjælpe med", "can help with", "tilbyder", "offers"),
        },
        Subject.MENTEES: {
            "id": ("mentee id", "menteenr", "mentee nr", "menteenummer"),
            "name": ("mentee", "mentees navn", "menteenavn"),
            "occupation": (
                *("ønsket fag", "ønsket job", "ønsket stilling", "ønsket erhverv", "ønsker job som", "drømmejob"),
                *("desired job", "desired occupation", "wanted job", "job goal"),
            ),
            "topics": ("mål", "ønsker hjælp til", "vil have hjælp til", "goals", "wants help with"),
        },
        Subject.PAIRS: {},
    }
)
_AROUND: Final = " .:*?"


@cache
def all_columns_of(subject: Subject) -> tuple[Column, ...]:
    """Return every column that a list of ``subject`` may bring, the usual ones first."""
    return columns_of(subject) + tuple(column for column in EXTRA_COLUMNS if subject in column.subjects)


@cache
def all_columns_by_header(subject: Subject) -> Mapping[str, Column]:
    """Return every column of ``subject`` by its headers and other names, folded as headers are compared."""
    columns = dict(_own_names(subject))
    by_field = {column.field: column for column in all_columns_of(subject)}
    for called in (_CALLED_BY[subject], _ALSO_CALLED):
        for field, names in called.items():
            if field in by_field:
                for name in names:
                    columns.setdefault(name, by_field[field])
    return MappingProxyType(columns)


@cache
def _own_names(subject: Subject) -> Mapping[str, Column]:
    return {folded(name): column for column in all_columns_of(subject) for name in (column.english, column.danish)}


def is_own_name(header: str, subject: Subject) -> bool:
    """Tell whether a header is one of the names that we use ourselves, not merely one that we know."""
    return folded(header) in _own_names(subject)


def guessed(header: str, subject: Subject) -> Column | None:
    """Return the column that a header most probably means; signs around it do not matter (``Nr.``, ``Postnr:``)."""
    known = all_columns_by_header(subject)
    plain = folded(header)
    return known.get(plain) or known.get(plain.strip(_AROUND))
