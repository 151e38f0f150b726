"""Who is away and who stands in: noted by oneself, and by whoever leads the division."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mentornet.accounts.models import User
from mentornet.divisions import services
from mentornet.divisions.queries import coming_absences, may_be_noted_away, may_be_stand_ins
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.people.case_forms import StaffField, offer_staff
from mentornet.web.desk.people.standing import day
from mentornet.web.ui.toasts import say
from mentornet.web.ui.widgets import DayInput


class AbsenceForm(forms.Form):
    """Who is away, from when until when, and who stands in."""

    user = StaffField(label=gettext_lazy("Who is away"), queryset=None, empty_label=None)
    from_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput())
    until_on = forms.DateField(label=gettext_lazy("Until and including"), widget=DayInput())
    stand_in = StaffField(
        label=gettext_lazy("Who stands in"),
        queryset=None,
        help_text=gettext_lazy("Somebody who works in the same divisions, and is there all these days."),
    )
    note = forms.CharField(
        label=gettext_lazy("A word to your colleagues"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Not why: that is nobody’s business here."),
    )

    def __init__(self, *args: Any, people: QuerySet[User], colleagues: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_staff(self, "user", people)
        offer_staff(self, "stand_in", colleagues)


@open_to(Policy.STAFF)
def absences(request: DeskRequest) -> HttpResponse:
    """List who is away or will be, and note that somebody is."""
    by = request.actor
    form = AbsenceForm(
        posted(request),
        people=may_be_noted_away(by),
        colleagues=may_be_stand_ins(by),
        initial={"user": by.user_id, "from_on": by.today},
    )
    if form.is_valid():
        told = form.cleaned_data
        row = attempt(
            request,
            lambda: services.set_absence(
                by=by,
                user=told["user"],
                stand_in=told["stand_in"],
                from_on=told["from_on"],
                until_on=told["until_on"],
                note=told["note"],
            ),
            form,
        )
        if row is not None:
            words = _("Noted. From %(day)s on, what waits for %(name)s stands on the Today of %(stand_in)s as well.")
            names = {"day": day(row.from_on), "name": row.user.name, "stand_in": row.stand_in.name}
            say(request, words % names)
            return redirect("desk:absences")
    context = {"rows": list(coming_absences(by)), "form": form, "today": by.today, "user_id": by.user_id}
    # A stand-in sees it, and leaves it to whoever is away, or to a lead.
    context["ends_all"] = bool(by.leads) or by.is_administrator
    # Others do not see who else is away.
    context["sees_all"] = context["ends_all"] or by.is_national_lead
    return render(request, "desk/absences/absences.html", context, status=422 if form.errors else 200)


@open_to(Policy.STAFF)
@require_POST
def end(request: DeskRequest, absence_id: UUID) -> HttpResponse:
    """Note that somebody is back early, or stays after all."""
    absence = get_object_or_404(coming_absences(request.actor), pk=absence_id)
    if attempt(request, lambda: services.end_absence(by=request.actor, absence=absence)) is not None:
        say(request, _("Noted. Nobody stands in for %(name)s any more.") % {"name": absence.user.name})
    return redirect("desk:absences")
