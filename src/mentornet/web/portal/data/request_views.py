"""What she can ask about her data, where it stands, what she says no to, and who else was told about her."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from mentornet.people.enums import ObjectionPurpose
from mentornet.people.participants import Participant
from mentornet.people.queries import objections_of
from mentornet.privacy.enums import Ground, Outcome, RequestKind
from mentornet.privacy.models import Disclosure, Request
from mentornet.privacy.queries import own_disclosures, own_requests
from mentornet.privacy.services.objecting import object_no_more, object_to
from mentornet.privacy.services.requesting import ask_about_data, take_request_back
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.data.forms import AskForm
from mentornet.web.portal.profile.views import person_of
from mentornet.web.portal.shell import attempt, portal_page, posted
from mentornet.web.ui.toasts import say

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True)
class Asking:
    """One kind of request, as its page says it."""

    title: _StrOrPromise
    lede: _StrOrPromise
    needs_words: bool = False


ASKINGS: Final[Mapping[str, Asking]] = {
    RequestKind.ACCESS: Asking(
        gettext_lazy("Make a copy for me"),
        gettext_lazy(
            "If you cannot take the copy yourself, we make it for you. We call you first, and give it to you in a way "
            "that is safe for you."
        ),
    ),
    RequestKind.CORRECTION: Asking(
        gettext_lazy("Correct something for me"),
        gettext_lazy("Write what is wrong, and what is right. If we have a question, we call you."),
        needs_words=True,
    ),
    RequestKind.RESTRICTION: Asking(
        gettext_lazy("Let my data rest"),
        gettext_lazy(
            "We keep what we know about you, but we do not use it. You are suggested to nobody, and nobody to you. We "
            "write to you only about what you ask us. If you have a partner, that goes on, unless you want it to "
            "end. We tell you before we begin again."
        ),
    ),
    RequestKind.ERASURE: Asking(
        gettext_lazy("Delete everything about me"),
        gettext_lazy(
            "We call you first. Then we delete what we know about you, and end what you have with us. Nobody can get "
            "it back, not we either."
        ),
    ),
}
_TITLES: Final[Mapping[str, _StrOrPromise]] = {
    **{kind: asking.title for kind, asking in ASKINGS.items()},
    RequestKind.OBJECTION: gettext_lazy("Stop using my data for something"),
    RequestKind.WITHDRAWAL: gettext_lazy("Take back what I said yes to"),
}
_STATES: Final[Mapping[str, tuple[_StrOrPromise, str, str]]] = {
    "": (gettext_lazy("We are working on it"), "info", "clock"),
    Outcome.DONE: (pgettext_lazy("your request", "Done"), "good", "check-circle"),
    Outcome.REFUSED: (gettext_lazy("We said no"), "warn", "forbid"),
    Outcome.TAKEN_BACK: (gettext_lazy("You took it back"), "quiet", "undo"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that she has asked."""

    request: Request
    title: _StrOrPromise
    state: _StrOrPromise
    tone: str
    icon: str
    is_late: bool

    @property
    def is_refused(self) -> bool:
        """Whether she is told how to complain."""
        return self.request.outcome == Outcome.REFUSED


def rows_of_hers(by: Participant) -> list[Row]:
    """Return what she has asked, what is open first."""
    return [_row(one, by.today) for one in own_requests(by)]


def _row(one: Request, today: date) -> Row:
    state, tone, icon = _STATES[one.outcome]
    return Row(one, _TITLES[one.kind], state, tone, icon, is_late=one.is_open and one.due_on < today)


@open_to(Policy.PARTICIPANT)
def ask_about(request: PortalRequest, right: str) -> HttpResponse:
    """Let her ask for one thing."""
    asking, by = ASKINGS.get(right), request.participant
    if asking is None:
        raise Http404
    form = AskForm(posted(request), needs_words=asking.needs_words)
    if request.method == "POST" and form.is_valid():
        asked = attempt(request, lambda: ask_about_data(by=by, kind=right, words=form.cleaned_data["words"]), form)
        if asked is not None:
            say(request, _("Sent. Here you can see how far we are."))
            return redirect("portal:data_request", request_id=asked.pk)
    is_open = any(row.request.is_open and row.request.kind == right for row in rows_of_hers(by))
    return portal_page(request, "portal/data/ask.html", form=form, asking=asking, is_open=is_open)


def _own(request: PortalRequest, request_id: UUID) -> Request:
    return get_object_or_404(own_requests(request.participant), pk=request_id)


@open_to(Policy.PARTICIPANT)
def own_request(request: PortalRequest, request_id: UUID) -> HttpResponse:
    """Show where one stands, by when she hears, and what we answered."""
    one = _own(request, request_id)
    row = _row(one, request.participant.today)
    return portal_page(request, "portal/data/request.html", office=one.division, row=row, one=one)


@open_to(Policy.PARTICIPANT)
@require_POST
def request_back(request: PortalRequest, request_id: UUID) -> HttpResponse:
    """Take one back."""
    one = _own(request, request_id)
    if attempt(request, lambda: take_request_back(by=request.participant, request=one)) is not None:
        say(request, _("It is taken back."))
    return redirect("portal:data_request", request_id=one.pk)


# What she says no to ------------------------------------------------------------------------------------------------

_USES: Final[Mapping[str, tuple[_StrOrPromise, _StrOrPromise]]] = {
    ObjectionPurpose.RANKING: (
        gettext_lazy("The program sorts people to find somebody who fits"),
        gettext_lazy("If you say no, no list sorts you. A coordinator looks for somebody by hand. It can take longer."),
    ),
    ObjectionPurpose.STATISTICS: (
        gettext_lazy("We count how many people take part"),
        gettext_lazy("If you say no, you are not counted in the numbers that we show to others."),
    ),
    ObjectionPurpose.NEWS: (
        gettext_lazy("We write letters that remind you, or say that we have not forgotten you"),
        gettext_lazy("If you say no, you do not get them. What you must know, we still write to you."),
    ),
}


@dataclass(frozen=True, slots=True)
class Use:
    """One thing that is done with her data, and whether she says no to it."""

    purpose: str
    title: _StrOrPromise
    after: _StrOrPromise
    since: datetime | None


@open_to(Policy.PARTICIPANT)
def uses(request: PortalRequest) -> HttpResponse:
    """List what is done with her data without a yes, and what she says no to; it is carried out at once."""
    by = request.participant
    if request.method == "POST":
        _say_no_or_yes(request)
        return redirect("portal:data_uses")
    standing = objections_of(by.person_id)
    rows = [
        Use(purpose, title, after, standing[purpose].created_at if purpose in standing else None)
        for purpose, (title, after) in _USES.items()
    ]
    return portal_page(request, "portal/data/uses.html", rows=rows)


def _say_no_or_yes(request: PortalRequest) -> None:
    by, purpose = request.participant, request.POST.get("purpose", "")
    if purpose not in ObjectionPurpose.values:
        return
    person = person_of(by)
    # What the button said when she pressed it: pressed twice, or on an old page, nothing turns round.
    if request.POST.get("say") == "no":
        if attempt(request, lambda: object_to(by=by, person=person, purpose=purpose)) is not None:
            say(request, _("Thank you. From now on we do not do it."))
    elif attempt(request, lambda: object_no_more(by=by, person=person, purpose=purpose)):
        say(request, _("Thank you. You no longer say no."))


# Who else was told --------------------------------------------------------------------------------------------------

_GROUNDS: Final[Mapping[str, _StrOrPromise]] = {
    Ground.CONSENT: gettext_lazy("You said yes to it."),
    Ground.HER_INTEREST: gettext_lazy("Your life or your health was in danger."),
    Ground.LAW: gettext_lazy("The law says that we must."),
    Ground.CONTRACT: gettext_lazy("It was needed for what you asked us to do."),
    Ground.INTEREST: gettext_lazy("We had a good reason. You can ask us about it, and say no."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody outside who was told something."""

    row: Disclosure
    ground: _StrOrPromise


@open_to(Policy.PARTICIPANT)
def told(request: PortalRequest) -> HttpResponse:
    """List who else was told something about her."""
    rows = [Told(row, _GROUNDS[row.ground]) for row in own_disclosures(request.participant)]
    return portal_page(request, "portal/data/told.html", rows=rows)
