"""How many may wait before a division takes in nobody more: set by its lead, and what the program suggests or did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mentornet.common.reach import Reach
from mentornet.divisions.queries import led_by
from mentornet.intake.applicants import takes_in
from mentornet.intake.enums import Applying, LimitDoes
from mentornet.intake.limits import limit_of, public_words, visible_limits, waiting_in
from mentornet.intake.models import IntakeLimit
from mentornet.intake.services.limits import follow_limit, leave_as_it_is, set_limit, undo_limit
from mentornet.programmes.models import Programme
from mentornet.programmes.queries import open_programmes_in
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.setup.intake import CloseForm
from mentornet.web.ui.toasts import say


class LimitForm(CloseForm):
    """How many, how long, what the program does then, and what everybody reads."""

    most = forms.IntegerField(
        label=gettext_lazy("So many may wait"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=gettext_lazy("When so many wait, the intake is to be closed. Empty: their number is no limit."),
    )
    opens_at = forms.IntegerField(
        label=gettext_lazy("It opens again when so many are left"),
        min_value=0,
        max_value=9_999,
        required=False,
        help_text=gettext_lazy("Empty: four fifths of the number above, so that it does not open and close in turn."),
    )
    median_days = forms.IntegerField(
        label=gettext_lazy("Half of them may have waited so many days"),
        min_value=14,
        max_value=1_500,
        required=False,
        help_text=gettext_lazy("When half of them have waited longer, the intake is to be closed. Empty: no limit."),
    )
    does = forms.ChoiceField(
        label=gettext_lazy("What the program does then"),
        choices=LimitDoes.choices,
        widget=forms.RadioSelect,
        initial=LimitDoes.SUGGEST,
    )
    field_order = ("most", "opens_at", "median_days", "does")

    def clean(self) -> dict[str, Any]:
        """Refuse to open at more than it closes at.

        Raises:
            ValidationError: it would open and close in turn.
        """
        data = super().clean() or {}
        most, opens_at = data.get("most"), data.get("opens_at")
        if most is not None and opens_at is not None and opens_at >= most:
            self.add_error("opens_at", ValidationError(_("It opens again at fewer than it closes at.")))
        return data

    def numbers(self) -> list[forms.BoundField]:
        """Return the fields of the limit itself."""
        return [self[name] for name in self.field_order]

    def words(self) -> list[forms.BoundField]:
        """Return the fields of what everybody reads."""
        return [self[name] for name in self.fields if name.startswith("reason_")]


def _programme(request: DeskRequest, division_id: UUID) -> Programme:
    """Return the programme that an address or a form names."""
    wanted = request.POST.get("programme") or request.GET.get("programme", "")
    found = {str(one.pk): one for one in open_programmes_in([division_id], request.actor.today)}
    if wanted and wanted not in found:
        raise Http404
    # Asked for none, the first is meant: a link of ours names one.
    first = next(iter(found.values()), None)
    if first is None:
        raise Http404
    return found.get(wanted, first)


@open_to(Policy.LEAD)
def set_up(request: DeskRequest, division_id: UUID) -> HttpResponse:
    """Set how many may wait for a programme, and how long."""
    by = request.actor
    division = get_object_or_404(led_by(by), pk=division_id)
    programme = _programme(request, division.pk)
    kept = limit_of(division.pk, programme.pk)
    initial: dict[str, Any] = {}
    if kept is not None:
        initial = {name: getattr(kept, name) for name in LimitForm.field_order}
        initial |= {f"reason_{code}": text for code, text in kept.words.items()}
    form = LimitForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in LimitForm.field_order}

        def act() -> IntakeLimit:
            return set_limit(by=by, division=division, programme=programme, words=form.reason, **given)

        changed = attempt(request, act, form)
        if changed is not None:
            said = _("Saved. The program looks at it every hour, and tells you on Today.")
            say(request, said if changed.is_set else _("Saved: there is no limit any more."))
            return redirect("desk:intake", division_id=division.pk)
    context = {
        "division": division,
        "programme": programme,
        "form": form,
        "waiting": waiting_in(Reach([division.pk], by.hidden), programme.pk, by.today),
        "shipped": public_words(IntakeLimit(words={})),
    }
    return render(request, "desk/setup/intake_limit_set.html", context, status=422 if form.errors else 200)


@open_to(Policy.CASEWORK)
def limit(request: DeskRequest, limit_id: UUID) -> HttpResponse:
    """Show a limit beside how many wait, and what the program suggests or has done."""
    by, found = request.actor, get_object_or_404(visible_limits(request.actor), pk=limit_id)
    is_open = takes_in(division_id=found.division_id, role=Applying.MENTEE, programme_id=found.programme_id)
    context = {
        "limit": found,
        "waiting": waiting_in(Reach([found.division_id], by.hidden), found.programme_id, by.today),
        "is_open": is_open,
        "may_decide": found.division_id in by.leads,
        "words": public_words(found),
    }
    return render(request, "desk/setup/intake_limit.html", context)


def _act(request: DeskRequest, limit_id: UUID, do: Callable[..., IntakeLimit], said: str) -> HttpResponse:
    found = get_object_or_404(visible_limits(request.actor), pk=limit_id, division__in=led_by(request.actor))
    if attempt(request, lambda: do(by=request.actor, limit=found)) is not None:
        say(request, said)
    return redirect("desk:intake_limit", limit_id=found.pk)


@open_to(Policy.LEAD)
@require_POST
def follow(request: DeskRequest, limit_id: UUID) -> HttpResponse:
    """Do what is suggested."""
    return _act(request, limit_id, follow_limit, _("Done. The public site shows it at once."))


@open_to(Policy.LEAD)
@require_POST
def undo(request: DeskRequest, limit_id: UUID) -> HttpResponse:
    """Take back what the program has done."""
    return _act(request, limit_id, undo_limit, _("Taken back. The program leaves this intake alone for two weeks."))


@open_to(Policy.LEAD)
@require_POST
def leave(request: DeskRequest, limit_id: UUID) -> HttpResponse:
    """Leave it as it is."""
    return _act(request, limit_id, leave_as_it_is, _("It stays as it is."))
