"""A text with which a mentor is looked for, in each of the network's languages; what those who get it read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from babel import Locale, localedata
from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_info, gettext_lazy, override
from django.utils.translation import gettext as _

from mentornet.common.spoken import reference_language
from mentornet.divisions.queries import organisation
from mentornet.matching.models import ShortageMap
from reference import languages, occupations

_TIMES: Final[Mapping[str, str | Promise]] = {
    "daytime": gettext_lazy("You have time on weekdays in the daytime."),
    "evenings": gettext_lazy("You have time on weekday evenings."),
    "weekends": gettext_lazy("You have time at weekends."),
}


@dataclass(frozen=True, slots=True)
class Text:
    """A recruiting text in one language."""

    code: str
    direction: str
    name: str
    words: str


def texts_of(one: ShortageMap, kept: Mapping[str, Any]) -> list[Text]:
    """Return the text in each of the network's languages, the reader's first.

    It tells of the mentor who is wanted and of nobody who waits: no number, no division's list, no reason.
    """
    first = get_language()
    codes = sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != first)
    network = organisation().name
    texts = []
    for code in codes:
        info = get_language_info(code)
        with override(code):
            words = _text(one, kept, network, code)
        texts.append(Text(code, "rtl" if info["bidi"] else "ltr", info["name_local"].capitalize(), words))
    return texts


def _text(one: ShortageMap, kept: Mapping[str, Any], network: str, code: str) -> str:
    wishes = []
    if kept["occupation"]:
        wishes.append(_("You know this field of work: %(field)s.") % {"field": _title(kept["occupation"], code)})
    if kept["language"]:
        wishes.append(_("You speak %(language)s beside Danish.") % {"language": _language(kept["language"], code)})
    where = _("You live or work near %(division)s.") % {"division": one.division.name}
    wishes.append(_("You can meet online, from wherever you live.") if kept["online"] else where)
    if kept["time"] in _TIMES:
        wishes.append(str(_TIMES[kept["time"]]))
    path = reverse("public:mentor")
    return "\n".join(
        [
            _("%(network)s is looking for you as a mentor") % {"network": network},
            "",
            *(f"– {wish}" for wish in wishes),
            "",
            _(
                "You share what you know about working life, and you open your own network to somebody who has none "
                "here yet. You are two equal people, and you both learn."
            ),
            "",
            _("What it takes"),
            f"– {_('Two or three hours a month, for four months to a year. You decide together when.')}",
            f"– {_('A talk with a coordinator, and a briefing of about two hours before you begin.')}",
            "",
            _("Read more and write to us here:"),
            f"{settings.ADDRESS.rstrip('/')}{path}",
        ]
    )


def _title(code: str, language: str) -> str:
    # A mentor reads Danish: where a language has no titles of occupations, the Danish one says it.
    known = reference_language(language)
    return occupations.title_to_read(code, known if known == language else "da")


def _language(code: str, language: str) -> str:
    known = Locale.parse(language).languages.get(code) if localedata.exists(language) else None
    return str(known) if known else languages.name(code, reference_language(language))
