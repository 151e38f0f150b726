"""Bringing in a list of experts: every fault is named, it is looked at, and then taken over or thrown away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mentornet.common.spoken import reference_language
from mentornet.sourcing import services
from mentornet.sourcing.models import ProspectList
from mentornet.sourcing.queries import own_lists
from mentornet.sourcing.services.lists import Checked
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.prospects.forms import ListForm
from mentornet.web.ui.toasts import say
from reference import occupations
from reference.experts import COLUMNS
from reference.faults import Fault, UnusableFilesError

MOST_FAULTS: Final = 200
MOST_SHOWN: Final = 200


@open_to(Policy.CASEWORK)
def bring_in(request: DeskRequest) -> HttpResponse:
    """Take a list, and check the whole of it; with one fault nothing is kept."""
    by, language = request.actor, reference_language()
    form = ListForm(posted(request), request.FILES or None, actor=by, initial={"obtained_on": by.today})
    faults: tuple[Fault, ...] = ()
    if form.is_valid():
        told = form.cleaned_data

        def checked() -> Checked:
            return services.check_list(
                by=by,
                division=told["division"],
                file=form.uploaded,
                basis=told["basis"],
                source=told["source"],
                obtained_on=told["obtained_on"],
            )

        try:
            done = attempt(request, checked, form)
        except UnusableFilesError as error:
            done, faults = None, error.faults
            form.add_error("file", _("There is something wrong in the file. Nothing of it was kept."))
        if done is not None and done.found is None:
            say(
                request,
                _("Nobody in this list can be brought in: they have said no, or are here already."),
                tone="info",
            )
            return redirect("desk:prospects")
        if done is not None and done.found is not None:
            return redirect("desk:prospect_list", prospect_list_id=done.found.pk)
    context = {
        "form": form,
        "faults": _lines(faults[:MOST_FAULTS], language),
        "more_faults": max(0, len(faults) - MOST_FAULTS),
        "columns": [(column.header(language), column.help.text(language), column.required) for column in COLUMNS],
    }
    return render(request, "desk/prospects/bring_in.html", context, status=422 if form.errors else 200)


def _lines(faults: Iterable[Fault], language: object) -> list[str]:
    return [fault.text(language) for fault in faults]  # type: ignore[arg-type]  # one of the two that are spoken


@open_to(Policy.CASEWORK)
def template(request: DeskRequest) -> HttpResponse:
    """Give an empty list with its columns, and one example."""
    del request
    language = reference_language()
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow([column.header(language) for column in COLUMNS])
    writer.writerow([column.examples[language][0] for column in COLUMNS])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_("experts")}.csv"'
    return answer


def _list(request: DeskRequest, prospect_list_id: UUID) -> ProspectList:
    return get_object_or_404(own_lists(request.actor), pk=prospect_list_id)


@open_to(Policy.CASEWORK)
def preview(request: DeskRequest, prospect_list_id: UUID) -> HttpResponse:
    """Show who would be brought in, before anybody is."""
    found = _list(request, prospect_list_id)
    language = reference_language()
    rows = [
        {**one, "field": occupations.title(one["occupation"], language) if one.get("occupation") else ""}
        for one in found.rows[:MOST_SHOWN]
    ]
    context = {"found": found, "rows": rows, "more": max(0, found.count - MOST_SHOWN), "language": language}
    return render(request, "desk/prospects/list.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def take(request: DeskRequest, prospect_list_id: UUID) -> HttpResponse:
    """Take a list over. Nobody is written to by this."""
    found = _list(request, prospect_list_id)
    count = attempt(request, lambda: services.take_over(by=request.actor, found=found))
    if count is None:
        return redirect("desk:prospect_import")
    words = ngettext(
        "%(count)s expert brought in. Write to her within a month: else she is deleted.",
        "%(count)s experts brought in. Write to them within a month: else they are deleted.",
        count,
    )
    say(request, words % {"count": count})
    return redirect("desk:prospects")


@open_to(Policy.CASEWORK)
@require_POST
def discard(request: DeskRequest, prospect_list_id: UUID) -> HttpResponse:
    """Throw a list away: nothing of it is kept."""
    found = _list(request, prospect_list_id)
    attempt(request, lambda: services.discard_list(by=request.actor, found=found))
    say(request, _("Thrown away. Nothing of the list was kept."))
    return redirect("desk:prospects")
