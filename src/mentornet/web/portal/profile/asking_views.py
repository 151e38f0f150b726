"""What she asks her coordinator for: a person reads it and calls her, nothing happens by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mentornet.divisions.queries import organisation
from mentornet.intake.enums import WishKind
from mentornet.intake.queries import case_of, own_open_wishes, own_places
from mentornet.intake.services.wishes import make_wish
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.profile.forms import AskForm
from mentornet.web.portal.shell import attempt, portal_page, posted
from mentornet.web.ui.toasts import say

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True)
class Asking:
    """One kind of wish, as its page says it."""

    title: _StrOrPromise
    lede: _StrOrPromise
    needs_words: bool = True


SHOWN_AS: Final = "shown"
"""The word in the address: others may read her browser's history."""
_KINDS: Final[Mapping[str, WishKind]] = {SHOWN_AS: WishKind.PROTECT}
_ASKINGS: Final[Mapping[str, Asking]] = {
    WishKind.LEAVE: Asking(
        gettext_lazy("I want to leave"),
        gettext_lazy(
            "We tell your coordinator. She calls you before anything is changed, and tells you what happens then. "
            "You do not have to say why."
        ),
        needs_words=False,
    ),
    WishKind.APART: Asking(
        gettext_lazy("Somebody must not meet me or know about me"),
        gettext_lazy(
            "Write who it is. Your coordinator makes sure that the two of you are never suggested to each other. "
            "The other one is not told. Each time somebody in the office reads this, it is noted."
        ),
    ),
    SHOWN_AS: Asking(
        gettext_lazy("How I am shown here"),
        gettext_lazy(
            "You can be shown under another name here. Then nobody can see your own name, where you live or how to "
            "reach you, also not most of those who work here. It is for everybody who does not want to be found by "
            "somebody. You do not need to write anything. Your coordinator calls you first, at a time that is safe "
            "for you."
        ),
        needs_words=False,
    ),
    WishKind.DATA: Asking(
        gettext_lazy("A question about my data"),
        gettext_lazy(
            "You can ask what we keep about you, ask for a copy, ask us to correct it, or ask us to delete it."
        ),
    ),
    WishKind.OTHER: Asking(
        gettext_lazy("Ask your coordinator"),
        gettext_lazy("She reads what you write, and calls or writes to you."),
    ),
}


@open_to(Policy.PARTICIPANT)
def ask(request: PortalRequest, kind: str) -> HttpResponse:
    """Let her write to her coordinator."""
    asking = _ASKINGS.get(kind)
    if asking is None:
        raise Http404
    by, wanted = request.participant, _KINDS.get(kind, kind)
    form = AskForm(posted(request), needs_words=asking.needs_words)
    if request.method == "POST" and form.is_valid():
        wish = attempt(request, lambda: make_wish(by=by, kind=wanted, words=form.cleaned_data["words"]), form)
        if wish is not None:
            say(request, _("Sent. Your coordinator reads it on the next working day, and calls or writes to you."))
            return redirect("portal:home")
    case = case_of(by)
    return portal_page(
        request,
        "portal/profile/ask.html",
        form=form,
        asking=asking,
        is_open=own_open_wishes(by).filter(kind=wanted).exists(),
        office=None if case is None else case.division,
    )


@open_to(Policy.PARTICIPANT)
def leaving(request: PortalRequest) -> HttpResponse:
    """Say what happens when she leaves, and what she can ask about her data."""
    open_kinds = {wish.kind for wish in own_open_wishes(request.participant)}
    return portal_page(
        request,
        "portal/profile/leaving.html",
        is_leaving=WishKind.LEAVE in open_kinds,
        has_place=own_places(request.participant).filter(ended_on__isnull=True).exists(),
        organisation=organisation(),
    )
