"""Which of the staff must not see somebody: said on her page by those who may."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from mentornet.divisions.queries import hidden_rows, staff_at_work
from mentornet.intake.services import hiding as services
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.people.her_page import her_page, known_by
from mentornet.web.desk.people.unseen_forms import HideForm, LiftForm
from mentornet.web.ui.toasts import say


def _page(
    request: DeskRequest, person_id: UUID, *, form: HideForm, lift: LiftForm | None = None, lifting: UUID | None = None
) -> HttpResponse:
    by = request.actor
    known = known_by(by, person_id)
    if known is None:
        raise Http404
    rows = list(hidden_rows(person_id))
    context = {
        "person": known.person,
        "person_url": her_page(by, person_id),
        "rows": [
            (row, lift if lift is not None and row.pk == lifting else LiftForm(prefix=str(row.pk)))
            for row in rows
            if row.lifted_at is None
        ],
        "earlier": [row for row in rows if row.lifted_at is not None],
        "form": form,
    }
    return render(request, "desk/people/unseen.html", context)


def _form(request: DeskRequest, person_id: UUID, *, empty: bool = False) -> HideForm:
    by = request.actor
    blind = {row.user_id for row in hidden_rows(person_id) if row.lifted_at is None}
    # Who works elsewhere alone does not see her, and is nobody's to name here.
    colleagues = staff_at_work(by.today, by.casework).exclude(pk__in=blind)
    return HideForm(None if empty else posted(request), staff=colleagues, oneself=by.user_id)


@open_to(Policy.CASEWORK)
def unseen(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Show who must not see her, and hide her from one more, at once."""
    by, known = request.actor, known_by(request.actor, person_id)
    if known is None:
        raise Http404
    form = _form(request, person_id)
    if request.method == "POST" and form.is_valid():
        user, reason = form.cleaned_data["user"], form.cleaned_data["reason"]
        done = attempt(request, lambda: services.hide(by=by, person=known.person, user=user, reason=reason), form)
        if done is not None:
            say(request, _("%(name)s does not see her any more.") % {"name": user.name})
            # Who has hidden her from herself has no page of hers to come back to.
            return redirect("desk:today") if user.pk == by.user_id else redirect("desk:person_unseen", person_id)
    return _page(request, person_id, form=form)


@open_to(Policy.CASEWORK)
def lift(request: DeskRequest, person_id: UUID, hidden_id: UUID) -> HttpResponse:
    """Let somebody see her again, for a reason that is kept."""
    by, known = request.actor, known_by(request.actor, person_id)
    if known is None:
        raise Http404
    row = get_object_or_404(hidden_rows(person_id), pk=hidden_id)
    form = LiftForm(posted(request), prefix=str(row.pk))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(request, lambda: services.stop_hiding(by=by, person=known.person, row=row, reason=reason), form)
        if done is not None:
            say(request, _("%(name)s sees her again. The reason is kept.") % {"name": row.user.name})
            return redirect("desk:person_unseen", person_id)
    return _page(request, person_id, form=_form(request, person_id, empty=True), lift=form, lifting=row.pk)
