"""What she has said yes to: each yes with the words and the day, taken back and given again on a page of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from mentornet.intake.agreeing import Asked, asked_of_her
from mentornet.intake.consent_words import CONSENT_WORDS
from mentornet.intake.enums import ConsentPurpose
from mentornet.intake.services.consents import give_consent, take_consent_back
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.profile.views import person_of
from mentornet.web.portal.shell import attempt, portal_page
from mentornet.web.ui.toasts import say

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

_TITLES: Final[Mapping[str, _StrOrPromise]] = {
    ConsentPurpose.HANDLING: gettext_lazy("We keep and read what you have written"),
    ConsentPurpose.INTRODUCTION: gettext_lazy("We show your introduction to somebody we suggest to you"),
    ConsentPurpose.EVENTS: gettext_lazy("We may write to you about meetings and courses"),
    ConsentPurpose.EVALUATION: gettext_lazy("We count your answers, without your name"),
}
_AFTER: Final[Mapping[str, _StrOrPromise]] = {
    ConsentPurpose.HANDLING: gettext_lazy(
        "If you take it back, your application ends. If you have a place with us, your coordinator calls you before "
        "anything is changed."
    ),
    ConsentPurpose.INTRODUCTION: gettext_lazy(
        "If you take it back, we suggest you to nobody. A suggestion that is open now is closed for both of you. "
        "A partnership that you have goes on."
    ),
    ConsentPurpose.EVENTS: gettext_lazy("If you take it back, we do not write to you about meetings and courses."),
    ConsentPurpose.EVALUATION: gettext_lazy("If you take it back, we do not count your answers from that day on."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that she is asked about.

    Attributes:
        purpose: its name in addresses.
        text: the words that she said yes to, in ``language``; where nothing stands, the words as they are now.
        version: of these words; nothing where nobody has said yes to them.
        after: what taking it back means.
        stands, is_back: whether she agrees, or has taken it back; neither where nothing is written down.
        on: since when it is so.
    """

    purpose: str
    title: str
    text: str
    language: str
    version: int | None
    after: str
    stands: bool
    is_back: bool
    on: datetime | None


def _row(asked: Asked) -> Row:
    last = asked.last
    shown = last.text if last is not None and asked.stands else None
    return Row(
        purpose=asked.purpose.value,
        title=str(_TITLES[asked.purpose]),
        text=shown.text if shown is not None else str(CONSENT_WORDS[asked.purpose]),
        language=shown.language if shown is not None else get_language() or "en",
        version=shown.number if shown is not None else None,
        after=str(_AFTER[asked.purpose]),
        stands=asked.stands,
        is_back=asked.is_back,
        on=None if last is None else last.withdrawn_at or last.given_at,
    )


@open_to(Policy.PARTICIPANT)
def consents(request: PortalRequest) -> HttpResponse:
    """List what she has said yes to, what it means to take it back, and what she has taken back."""
    rows = [_row(one) for one in asked_of_her(request.participant)]
    return portal_page(request, "portal/profile/consents.html", rows=rows)


@open_to(Policy.PARTICIPANT)
def consent(request: PortalRequest, purpose: str) -> HttpResponse:
    """Ask once more, with the words; then take a yes back, or keep it anew."""
    by = request.participant
    asked = next((one for one in asked_of_her(by) if one.purpose == purpose), None)
    if asked is None:
        raise Http404
    if request.method == "POST":
        # What the button said when she pressed it: pressed twice, or on an old page, nothing turns round.
        if request.POST.get("say") == "yes":
            _say_yes(request, asked)
        else:
            _take_back(request, asked)
        return redirect("portal:consents")
    return portal_page(request, "portal/profile/consent.html", row=_row(asked))


def _say_yes(request: PortalRequest, asked: Asked) -> None:
    by, language = request.participant, get_language() or "en"
    person = person_of(by)
    given = attempt(request, lambda: give_consent(by=by, person=person, purpose=asked.purpose, language=language))
    if given is not None:
        say(request, _("Thank you. Your yes is written down."))


def _take_back(request: PortalRequest, asked: Asked) -> None:
    by, standing = request.participant, asked.standing
    if standing and attempt(request, lambda: take_consent_back(by=by, consent=standing)) is not None:
        say(request, _("It is taken back."))
