"""Early signs: the list of pairs to call, and putting a sign aside."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.followup import services
from mentornet.followup.models import EarlySign
from mentornet.followup.sign_kinds import SignKind
from mentornet.followup.sign_queries import signs_by_pair, signs_of_pair
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import visible_partnerships
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.people.standing import day
from mentornet.web.desk.signs import shown
from mentornet.web.desk.signs.filters import ASIDE, asked_of, choices_for, listed_for, query_of
from mentornet.web.desk.signs.forms import AsideForm
from mentornet.web.ui.toasts import say

PAGE: Final = 25


@open_to(Policy.CASEWORK)
def early_signs(request: DeskRequest) -> HttpResponse:
    """Show the pairs with signs, most signs first, each with its reasons; or those whose signs are put aside."""
    by = request.actor
    choices = choices_for(by)
    asked = asked_of(request.GET, choices)
    listed = listed_for(by, asked)
    page = Paginator(listed.values_list("pk", flat=True), PAGE).get_page(request.GET.get("page"))
    order = list(page.object_list)
    pairs = {pair.pk: pair for pair in visible_partnerships(by).filter(pk__in=order)}
    context = {
        "rows": shown.rows_of([pairs[pk] for pk in order if pk in pairs], signs_by_pair(order), by.today),
        "page": page,
        "tabs": _tabs(asked),
        "is_aside": asked["state"] == ASIDE,
        "is_filtered": any(value for name, value in asked.items() if name != "state"),
        "divisions": shown.choices(choices["division"], asked["division"]),
        "programmes": shown.choices(choices["programme"], asked["programme"]),
        "whose": shown.choices(choices["whose"], asked["whose"]),
        "kinds": shown.choices(choices["kind"], asked["kind"]),
        "export_query": query_of(asked),
        "today": by.today,
    }
    return render(request, "desk/signs/early_signs.html", context)


def _tabs(asked: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "label": words,
            "url": "?" + query_of(asked | {"state": state}),
            "is_current": asked["state"] == state,
        }
        for state, words in (("", _("To call")), (ASIDE, _("Put aside")))
    ]


def _sign(request: DeskRequest, partnership_id: UUID, slug: str) -> tuple[Partnership, EarlySign | None]:
    """Return a pair and one of its signs by its name; none where it is gone."""
    kind, _hyphen, _side = slug.partition("-")
    pair = get_object_or_404(visible_partnerships(request.actor), pk=partnership_id)
    if kind not in SignKind.values:
        raise Http404
    found = [sign for sign in signs_of_pair(pair) if shown.slug_of(sign) == slug]
    for sign in found:
        sign.partnership = pair
    return pair, found[0] if found else None


def _back(request: DeskRequest, pair: Partnership, sign: EarlySign | None) -> HttpResponse:
    if sign is None:
        say(request, _("This sign is gone: the pair has met, or has answered."), tone="info")
    return redirect("desk:partnership", partnership_id=pair.pk)


@open_to(Policy.CASEWORK)
def aside(request: DeskRequest, partnership_id: UUID, sign: str) -> HttpResponse:
    """Say why something is no sign, until a day."""
    by = request.actor
    pair, found = _sign(request, partnership_id, sign)
    if found is None:
        return _back(request, pair, None)
    initial = {"reason": found.put_aside_reason, "until": found.put_aside_until} if found.put_aside_until else {}
    form = AsideForm(posted(request), today=by.today, initial=initial)

    def act() -> EarlySign:
        data = form.cleaned_data
        return services.put_aside(by=by, sign=found, until=data["until"], reason=data["reason"])

    if request.method == "POST" and form.is_valid() and attempt(request, act, form) is not None:
        undo = reverse("desk:sign_again", args=[pair.pk, sign])
        say(
            request,
            _("Put aside until %(day)s. Then it counts again.") % {"day": day(found.put_aside_until)},
            undo=undo,
        )
        return _back(request, pair, found)
    context = {"pair": pair, "form": form, "reason": shown.reason_of(found, pair)}
    return render(request, "desk/signs/aside.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def again(request: DeskRequest, partnership_id: UUID, sign: str) -> HttpResponse:
    """Let a sign count again."""
    pair, found = _sign(request, partnership_id, sign)
    if found is not None:
        act = attempt(request, lambda: services.take_up_again(by=request.actor, sign=found))
        if act is not None:
            say(request, _("It counts again."))
    return _back(request, pair, found)
