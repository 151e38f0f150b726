"""When a division takes new people in: its lead opens and closes each role of each programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mentornet.divisions.models import Division
from mentornet.divisions.queries import led_by
from mentornet.intake.applicants import Intake, intakes, pre_registered_by_intake
from mentornet.intake.enums import Applying
from mentornet.intake.limits import limits_of
from mentornet.intake.models import Application, IntakeLimit, IntakeWindow
from mentornet.intake.services.windows import close_intake, open_intake, take_in_all
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.ui.own_names import own_name
from mentornet.web.ui.toasts import say

LONGEST_REASON = 300


class CloseForm(forms.Form):
    """Why an intake is closed, in the languages of participants."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, _name in settings.LANGUAGES:
            name = format_html('<bdi lang="{}">{}</bdi>', code, own_name(code))
            self.fields[f"reason_{code}"] = forms.CharField(
                label=name,
                max_length=LONGEST_REASON,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "lang": code}),
            )
            self.fields[f"reason_{code}"].widget.attrs["data-as-written"] = ""

    @property
    def reason(self) -> dict[str, str]:
        """Return what everybody may read, by language code."""
        written = {name: text for name, text in self.cleaned_data.items() if name.startswith("reason_") and text}
        return {name.removeprefix("reason_"): text for name, text in written.items()}


ROLES = {
    Applying.MENTEE: gettext_lazy("Mentees"),
    Applying.MENTOR: gettext_lazy("Mentors"),
    Applying.CONTACT_PERSON: gettext_lazy("Contact persons"),
}


def _division(request: DeskRequest, division_id: UUID) -> Division:
    return get_object_or_404(led_by(request.actor), pk=division_id)


@open_to(Policy.LEAD)
def intake(request: DeskRequest, division_id: UUID) -> HttpResponse:
    """Show which roles of which programmes the division takes in, and who waits for one to open."""
    found = _division(request, division_id)
    waiting, limits = pre_registered_by_intake(found.pk), limits_of(found.pk)
    rows = [
        {
            "intake": one,
            "key": _key(one),
            "role": ROLES[Applying(one.role)],
            "waiting": waiting.get((one.role, one.programme.pk if one.programme else None), 0),
            "may_limit": one.role == Applying.MENTEE and one.programme is not None,
            "limit": _limit_of(one, limits),
        }
        for one in intakes([found], request.actor.today)
    ]
    return render(request, "desk/setup/intake.html", {"division": found, "rows": rows})


def _limit_of(one: Intake, limits: Mapping[UUID, IntakeLimit]) -> IntakeLimit | None:
    if one.role != Applying.MENTEE or one.programme is None:
        return None
    limit = limits.get(one.programme.pk)
    return limit if limit is not None and limit.is_set else None


def _key(one: Intake) -> str:
    return f"{one.role}.{one.programme.pk}" if one.programme is not None else one.role


def _one(request: DeskRequest, division: Division) -> Intake:
    """Return the intake that an address or a form names."""
    wanted = request.POST.get("intake") or request.GET.get("intake", "")
    found = {_key(one): one for one in intakes([division], request.actor.today)}
    # Whatever is not one of them is answered by the first: a form of ours names no other.
    return found.get(wanted) or next(iter(found.values()))


@open_to(Policy.LEAD)
def intake_close(request: DeskRequest, division_id: UUID) -> HttpResponse:
    """Close an intake, with words that everybody reads; or change the words."""
    found = _division(request, division_id)
    one = _one(request, found)
    initial = {f"reason_{code}": text for code, text in one.reason.items()}
    form = CloseForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():

        def act() -> IntakeWindow:
            return close_intake(
                by=request.actor, division=found, role=one.role, programme=one.programme, reason=form.reason
            )

        if attempt(request, act, form) is not None:
            say(request, _("Closed. Whoever writes from now on is put on a list, and told so before she begins."))
            return redirect("desk:intake", division_id=found.pk)
    context = {"division": found, "form": form, "one": one, "key": _key(one), "role": ROLES[Applying(one.role)]}
    return render(request, "desk/setup/intake_close.html", context, status=422 if form.errors else 200)


@open_to(Policy.LEAD)
@require_POST
def intake_open(request: DeskRequest, division_id: UUID) -> HttpResponse:
    """Open an intake again; who waits is taken in by a press of its own."""
    found = _division(request, division_id)
    one = _one(request, found)

    def act() -> IntakeWindow:
        return open_intake(by=request.actor, division=found, role=one.role, programme=one.programme)

    if attempt(request, act) is not None:
        say(request, _("Open. Who was put on the list meanwhile is still there: take them in when there is room."))
    return redirect("desk:intake", division_id=found.pk)


@open_to(Policy.LEAD)
@require_POST
def intake_take_in(request: DeskRequest, division_id: UUID) -> HttpResponse:
    """Take in everybody who waits for one intake, the oldest first."""
    found = _division(request, division_id)
    one = _one(request, found)

    def act() -> list[Application]:
        programme_id = one.programme.pk if one.programme else None
        return take_in_all(by=request.actor, division_id=found.pk, role=one.role, programme_id=programme_id)

    taken = attempt(request, act)
    if taken is not None:
        say(request, _("Taken in: %(count)s. Each gets a letter; the interviews are on Today.") % {"count": len(taken)})
    return redirect("desk:intake", division_id=found.pk)
