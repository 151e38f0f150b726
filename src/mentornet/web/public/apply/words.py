"""What can be chosen in the form, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from mentornet.common.spoken import reference_language
from mentornet.intake.enums import Applying, Referrer
from mentornet.people.enums import ContactWay
from mentornet.web.ui.listed import languages_by_name, upper_first
from reference import languages as language_names
from reference.people import MeetingMode

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

OFTEN: Final = ("ar", "fa", "uk", "en", "ti", "so", "tr", "kmr", "ckb", "prs", "ps", "ur", "ru", "am", "fr", "es")
"""Languages that stand first, because many here speak them."""

LEVELS: Final[tuple[tuple[str, _StrOrPromise], ...]] = (
    ("A1", _("A few words")),
    ("A2", _("Short, simple talk")),
    ("B1", _("I manage in daily life")),
    ("B2", _("I can work in it")),
    ("C1", _("I say nearly everything I want")),
    ("C2", _("It is my language")),
)
WAYS: Final[tuple[tuple[str, _StrOrPromise], ...]] = (
    (ContactWay.EMAIL.value, _("By e-mail")),
    (ContactWay.TEXT.value, _("By text message (SMS)")),
    (ContactWay.CALL.value, _("Only call me. Write nothing.")),
)
MEETING: Final[tuple[tuple[str, _StrOrPromise], ...]] = (
    (MeetingMode.IN_PERSON.value, _("We meet somewhere, for example at a library or a café")),
    (MeetingMode.ONLINE.value, _("We talk online, on a telephone or a computer")),
)
HOURS: Final[tuple[tuple[str, _StrOrPromise], ...]] = (
    ("1", _("1 hour")),
    ("2", _("2 hours")),
    ("3", _("3 hours")),
    ("4", _("4 hours")),
    ("6", _("6 hours")),
    ("8", _("8 hours or more")),
)
REFERRERS: Final[tuple[tuple[str, _StrOrPromise], ...]] = (
    (Referrer.FRIEND.value, _("From family or a friend")),
    (Referrer.MEMBER.value, _("From a mentor, a mentee or a contact person")),
    (Referrer.JOB_CENTRE.value, _("At the job centre")),
    (Referrer.HOUSING.value, _("In my housing area")),
    (Referrer.LANGUAGE_SCHOOL.value, _("At the language school")),
    (Referrer.HERSELF.value, _("I found you myself")),
    (Referrer.OTHER.value, _("In another way")),
)
MUST_MEET: Final[tuple[tuple[str, _StrOrPromise], ...]] = (
    ("", _("Both are fine")),
    (MeetingMode.IN_PERSON.value, _("Only where we see each other")),
    (MeetingMode.ONLINE.value, _("Only online")),
)
ROLES: Final[dict[Applying, _StrOrPromise]] = {
    Applying.MENTEE: _("Get a mentor"),
    Applying.MENTOR: _("Become a mentor"),
    Applying.CONTACT_PERSON: _("Become a contact person"),
}


def language_choices(*, without: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """Return languages to choose from: often spoken ones, then all the others by name."""
    named = languages_by_name(reference_language())
    often = [(code, named[code]) for code in OFTEN if code != without]
    rest = [(code, name) for code, name in named.items() if code not in OFTEN and code != without]
    return [(str(_("Often chosen")), often), (str(_("All languages")), rest)]


def language_name(code: str) -> str:
    """Return what a language is called in the reader's language."""
    return upper_first(language_names.name(code, reference_language()))
