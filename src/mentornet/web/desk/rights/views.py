"""A copy of what is kept of somebody, and her erasure: for whoever leads the divisions that know her."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from mentornet.people.models import Person
from mentornet.privacy.queries import divisions_that_know, preview_of
from mentornet.privacy.rules import may_copy, may_erase
from mentornet.privacy.services import erase, make_copy
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.exports.second_factor import ask_for_it, is_fresh
from mentornet.web.desk.people.her_page import her_page, known_by
from mentornet.web.desk.rights.forms import EraseForm
from mentornet.web.ui.toasts import say


def _person(request: DeskRequest, person_id: UUID) -> Person:
    known = known_by(request.actor, person_id)
    if known is None:
        raise Http404
    return known.person


@open_to(Policy.LEAD)
def copy(request: DeskRequest, person_id: UUID) -> HttpResponseBase:
    """Say what her copy holds, and hand it out for her after the second factor."""
    person, by = _person(request, person_id), request.actor
    if not is_fresh(request):
        return ask_for_it(request)
    may = may_copy(by, person, divisions_that_know(person.pk))
    if request.method == "POST":
        content = attempt(request, lambda: make_copy(by=by, person=person, language=person.language))
        if content is not None:
            return _archive(content, f"copy-{by.today.isoformat()}.zip")
    context = {"person": person, "person_url": her_page(by, person.pk), "may": may}
    return render(request, "desk/rights/copy.html", context)


def _archive(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response


@open_to(Policy.LEAD)
def erase_person(request: DeskRequest, person_id: UUID) -> HttpResponseBase:
    """Show exactly what an erasure does, and do it after the second factor."""
    person, by = _person(request, person_id), request.actor
    if not is_fresh(request):
        return ask_for_it(request)
    may = may_erase(by, person, divisions_that_know(person.pk))
    preview = preview_of(by, person)
    to_call = [*preview.partnerships, *preview.proposals]
    form = EraseForm(posted(request), somebody_to_call=bool(to_call))
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(request, lambda: erase(by=by, person=person, reason=reason), form)
        if done is not None:
            say(request, _("Erased. In the record it is number %(number)s.") % {"number": done.number})
            return redirect("desk:people")
    context = {
        "person": person,
        "person_url": her_page(by, person.pk),
        "may": may,
        "preview": preview,
        "to_call": to_call,
        "form": form,
    }
    return render(request, "desk/rights/erase.html", context)
