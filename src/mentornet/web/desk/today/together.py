"""Several tasks at once: put off for one reason, handed to a colleague, or talked with on one day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mentornet.accounts.models import User
from mentornet.agenda import services
from mentornet.agenda.models import Kind, Task
from mentornet.agenda.queries import HER_OWN, meant_for, tasks_in
from mentornet.divisions.queries import divisions_of, staff_at_work, staff_member
from mentornet.divisions.staff import Staff
from mentornet.followup.services import log_talks
from mentornet.intake.queries import visible_reveals
from mentornet.partnerships.queries import visible_partnerships
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.today.chosen import open_for
from mentornet.web.desk.today.shown import row_of
from mentornet.web.ui.toasts import say
from mentornet.web.ui.widgets import DayInput

MOST: Final = 100
"""Tasks that are done at once: more than stand on a page."""
PUT_OFF, HAND_ON, TALKED = "put_off", "hand_on", "talked"


class PutOffForm(forms.Form):
    """Until when, and why."""

    until = forms.DateField(label=gettext_lazy("Until"), widget=DayInput())
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=200, help_text=gettext_lazy("Your colleagues see it beside the task.")
    )


class HandOnForm(forms.Form):
    """To whom."""

    user: forms.ModelChoiceField[User] = forms.ModelChoiceField(label=gettext_lazy("To whom"), queryset=None)

    def __init__(self, *args: object, colleagues: QuerySet[User], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as a form has them
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues


class TalkedForm(forms.Form):
    """On which day."""

    on = forms.DateField(label=gettext_lazy("You talked with both on"), widget=DayInput())


@open_to(Policy.CASEWORK)
def together(request: DeskRequest) -> HttpResponse:
    """Show the tasks that were ticked, and do one thing with all of them."""
    by = request.actor
    tasks = _ticked(by, request.POST if request.method == "POST" else request.GET)
    if not tasks:
        say(request, _("Tick what you want to do something with first."), tone="info")
        return redirect("desk:today")
    what = request.POST.get("do", "")
    put_off = PutOffForm(request.POST if what == PUT_OFF else None, initial={"until": by.today + timedelta(days=7)})
    colleagues = staff_at_work(by.today, by.casework).exclude(pk=by.user_id)
    hand_on = HandOnForm(request.POST if what == HAND_ON else None, colleagues=colleagues)
    talked = TalkedForm(request.POST if what == TALKED else None, initial={"on": by.today})
    words = None
    if what == PUT_OFF and put_off.is_valid():
        words = _put_off(request, tasks, put_off)
    elif what == HAND_ON and hand_on.is_valid():
        words = _hand_on(request, tasks, hand_on)
    elif what == TALKED and talked.is_valid():
        words = _talked(request, tasks, talked)
    if words is not None:
        say(request, words)
        return redirect("desk:today")
    names = {division.pk: division.name for division in divisions_of(by)}
    calls = [task for task in tasks if task.kind == Kind.CONTACT]
    context = {
        "rows": [row_of(task, today=by.today, divisions=names, user_id=by.user_id) for task in tasks],
        "put_off": put_off,
        "hand_on": hand_on,
        "talked": talked,
        "calls": len(calls),
        "others": len(tasks) - len(calls),
    }
    is_wrong = any(form.errors for form in (put_off, hand_on, talked))
    return render(request, "desk/today/together.html", context, status=422 if is_wrong else 200)


def _ticked(by: Staff, query: object) -> Sequence[Task]:
    """Return the open tasks that are named, as far as she sees them; none that tells of what she has asked herself."""
    keys = set()
    for text in query.getlist("task")[:MOST]:  # type: ignore[attr-defined]  # what a request has sent
        try:
            keys.add(UUID(text))
        except ValueError:
            continue
    found = list(open_for(by).filter(pk__in=keys))
    watched = [task.target_id for task in found if task.kind == Kind.REVEALED]
    if not watched:
        return found
    hers = set(visible_reveals(by).filter(pk__in=watched, asked_by=by.user_id).values_list("pk", flat=True))
    return [task for task in found if task.kind != Kind.REVEALED or task.target_id not in hers]


def _put_off(request: DeskRequest, tasks: Sequence[Task], form: PutOffForm) -> str | None:
    until: date = form.cleaned_data["until"]
    done = attempt(
        request,
        lambda: services.put_off_together(
            by=request.actor, tasks=tasks, until=until, reason=form.cleaned_data["reason"]
        ),
        form,
    )
    if done is None:
        return None
    words = ngettext(
        "%(count)s thing is put off. It comes back on %(day)s.",
        "%(count)s things are put off. They come back on %(day)s.",
        done,
    )
    return words % {"count": done, "day": date_format(until, "DATE_FORMAT")}


def _hand_on(request: DeskRequest, tasks: Sequence[Task], form: HandOnForm) -> str | None:
    user: User = form.cleaned_data["user"]
    colleague = staff_member(user, request.actor.at)
    # What she does not see is not given to her: another division's, and whoever is hidden from her.
    hers = meant_for(tasks_in(colleague.casework), colleague.user_id).filter(pk__in=[task.pk for task in tasks])
    # Nor what watches over somebody: handed on, nobody would look who was meant to.
    hers = hers.exclude(kind__in=HER_OWN)
    given = list(hers)
    if not given:
        form.add_error("user", ValidationError(_("She does not work with the people in any of these.")))
        return None
    services.hand_over(by=request.actor, tasks=given, owner_id=user.pk)
    words = ngettext(
        "%(count)s thing is on the list of %(name)s now.",
        "%(count)s things are on the list of %(name)s now.",
        len(given),
    ) % {"count": len(given), "name": user.name}
    left = len(tasks) - len(given)
    if left:
        words += " " + ngettext(
            "%(count)s stays where it was: she does not work with the people in it.",
            "%(count)s stay where they were: she does not work with the people in them.",
            left,
        ) % {"count": left}
    return words


def _talked(request: DeskRequest, tasks: Sequence[Task], form: TalkedForm) -> str | None:
    by, on = request.actor, form.cleaned_data["on"]
    keys = [task.target_id for task in tasks if task.kind == Kind.CONTACT]
    pairs = list(visible_partnerships(by).filter(pk__in=keys))
    if not pairs:
        form.add_error("on", ValidationError(_("None of these is a call to a pair.")))
        return None
    done = attempt(request, lambda: log_talks(by=by, partnerships=pairs, on=on), form)
    if done is None:
        return None
    return ngettext(
        "Noted: you have talked with %(count)s pair.", "Noted: you have talked with %(count)s pairs.", done
    ) % {"count": done}
