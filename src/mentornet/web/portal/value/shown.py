"""Letters to the mentor as the two see them, and the frame of their pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language_info

from mentornet.divisions.queries import organisation
from mentornet.followup.impact_words import named, written_in
from mentornet.followup.models import ImpactLetter
from mentornet.followup.value_queries import draft_of
from mentornet.partnerships.models import Partnership
from mentornet.people.enums import Role
from mentornet.web.access import PortalRequest
from mentornet.web.portal.partnership.pages import partner_of
from mentornet.web.portal.shell import portal_page


def value_page(
    request: PortalRequest, template: str, pair: Partnership, side: Role, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Answer with a page of the two about what they have of it; a form that is refused says so by its status."""
    form = context.get("form")
    if form is not None and form.errors:
        status = 422
    around = {"pair": pair, "side": side, "partner": partner_of(pair, side)}
    name = f"portal/value/{template}.html"
    return portal_page(request, name, status=status, office=pair.division, **{**around, **context})


@dataclass(frozen=True, slots=True)
class InLanguage:
    """A letter in one language, as it is read: what the template takes.

    Attributes:
        language_name: the language in itself.
    """

    letter: dict[str, Any]
    language: str
    language_name: str
    direction: str
    network: str


def _in_language(letter: ImpactLetter, language: str, text: dict[str, Any]) -> InLanguage:
    pair, info = letter.partnership, get_language_info(language)
    return InLanguage(
        named(text, mentee=pair.mentee.person.first_name, mentor=pair.mentor.person.first_name),
        language,
        info["name_local"],
        "rtl" if info["bidi"] else "ltr",
        organisation().name,
    )


def as_it_will_be(letter: ImpactLetter) -> list[InLanguage]:
    """Return a letter as it would be now: in the mentee's language, then in the mentor's where that is another one."""
    pair, draft = letter.partnership, draft_of(letter)
    languages = dict.fromkeys((pair.mentee.person.language, pair.mentor.person.language))
    return [_in_language(letter, one, written_in(one, draft)) for one in languages]


def as_it_is(letter: ImpactLetter, side: Role) -> list[InLanguage]:
    """Return a letter as the mentee has said yes to it; to the mentor in her language, to herself in both."""
    both = dict.fromkeys((letter.language_mentee, letter.language_mentor))
    wanted = [letter.language_mentor] if side == Role.MENTOR else list(both)
    return [_in_language(letter, one, letter.texts[one]) for one in wanted if one in letter.texts]
