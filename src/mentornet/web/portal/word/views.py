"""A quiet word. Its page shows nothing of what was written before: somebody else may hold the telephone.

Not even that there was one, nor that it was read, and not after a code either (decision 18): the code comes to the very
telephone that somebody else may hold, and that she has written is what a violent man would look for. She is told when
she sends it by which day it is read, and that she can call and ask.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.debug import sensitive_post_parameters

from mentornet.accounts.enums import Purpose
from mentornet.divisions.models import Division
from mentornet.followup import services
from mentornet.followup.queries import TAKEN_WITHIN
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import partnerships_of
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.links import by_link
from mentornet.web.portal.shell import attempt, portal_page, posted
from mentornet.web.portal.word.forms import WordForm


def _ask(request: PortalRequest, pair: Partnership | None, sent: str) -> HttpResponse:
    by, form = request.participant, WordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        concern = attempt(
            request,
            lambda: services.raise_concern(
                by=by,
                partnership=pair,
                about=data["about"],
                addressee=data["addressee"] or "coordinator",
                words=data["words"],
                wants_call=data["wants_call"],
                call_words=data["call_words"],
            ),
            form,
        )
        # Said to have come through only now: it is in the database, for good.
        if concern is not None:
            return redirect(sent)
    office, status = pair.division if pair is not None else None, 422 if form.errors else 200
    return portal_page(request, "portal/word/word.html", status=status, office=office, form=form, pair=pair)


def _sent(request: PortalRequest, back: str, office: Division | None = None) -> HttpResponse:
    by_day = date_format(request.participant.today + TAKEN_WITHIN, "DATE_FORMAT")
    return portal_page(request, "portal/word/sent.html", office=office, by_day=by_day, back_url=back)


@open_to(Policy.PARTICIPANT)
@sensitive_post_parameters()
def word(request: PortalRequest) -> HttpResponse:
    """Write a quiet word, whatever it is about."""
    running = [one for one in partnerships_of(request.participant)[:5] if one.is_running]
    return _ask(request, running[0] if len(running) == 1 else None, "portal:word_sent")


@open_to(Policy.PARTICIPANT)
def word_sent(request: PortalRequest) -> HttpResponse:
    """Say that it has come through, and what happens next."""
    return _sent(request, reverse("portal:home"))


@open_to(Policy.PERSONAL)
@by_link(Purpose.PARTNERSHIP, "partnership_id")
@sensitive_post_parameters()
def word_here(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Write a quiet word from the page of the two; without a code, which only stands in the way of telling."""
    pair = get_object_or_404(partnerships_of(request.participant), pk=partnership_id)

    return _ask(request, pair, _address("portal:word_here_sent", partnership_id))


@open_to(Policy.PERSONAL)
@by_link(Purpose.PARTNERSHIP, "partnership_id")
def word_here_sent(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Say that it has come through, and what happens next."""
    pair = get_object_or_404(partnerships_of(request.participant), pk=partnership_id)
    return _sent(request, _address("portal:partnership", partnership_id), pair.division)


def _address(name: str, partnership_id: UUID) -> str:
    return reverse(name, kwargs={"partnership_id": partnership_id})
