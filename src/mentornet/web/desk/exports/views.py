"""A list as a file: a page that says what it will hold and asks what for, and then the file."""

from __future__ import annotations

from typing import Any, Final, cast

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mentornet.accounts.models import User
from mentornet.web.access import DeskRequest, Policy, is_demonstration, open_to
from mentornet.web.desk.exports.chosen import Chosen
from mentornet.web.desk.exports.columns import allowed
from mentornet.web.desk.exports.forms import ExportForm
from mentornet.web.desk.exports.handing_out import file_answer, record_export
from mentornet.web.desk.exports.listings import LISTINGS, Listing, table_of
from mentornet.web.desk.exports.second_factor import ask_for_it, is_fresh
from mentornet.web.watching import stop_file

MOST: Final = 20_000
"""As many as the import reads back; every column of so many people is written in about twenty seconds."""
_KEPT: Final = "export_answers:"
"""Followed by the list's name: what was ticked for one list is not ticked for another."""
_NOT_FILTERS: Final = ("page", "everybody")


@open_to(Policy.CASEWORK)
def export(request: DeskRequest, name: str) -> HttpResponseBase:
    """Say how many rows and which columns a list would give, and ask what for; then hand it out."""
    listing = LISTINGS[name]
    by = request.actor
    chosen = listing.choose(by, request.GET)
    every = listing.columns()
    has_contact = any(column.reaches for column in allowed(every, with_contact=True))
    if not is_fresh(request):
        if request.method == "POST":
            # What she has chosen waits for her behind the code.
            request.session[_KEPT + name] = _valid_answers(ExportForm(request.POST, has_contact=has_contact))
        return ask_for_it(request)
    if request.method != "POST":
        form = ExportForm(initial=request.session.pop(_KEPT + name, None) or {}, has_contact=has_contact)
        return _page(request, listing, chosen, form)
    form = ExportForm(request.POST, has_contact=has_contact)
    if form.is_valid() and not chosen.ids:
        form.add_error(None, _("Nobody is in the list any more. Go back to it and take a filter away."))
    elif form.is_valid() and len(chosen.ids) > MOST:
        form.add_error(None, _("These are too many for one file. Go back to the list and filter it first."))
    if not form.is_valid():
        return _page(request, listing, chosen, form)
    if (stopped := stop_file(request)) is not None:
        return stopped
    told = form.cleaned_data
    table = table_of(by, listing, chosen.ids, allowed(every, with_contact=bool(told.get("contact"))))
    # Made first: what failed has not left. Then the entry, without which nothing does.
    answer = file_answer(by, listing, table, told["format"])
    record_export(by=by, user=cast(User, request.user), name=name, chosen=chosen, told=told, rows=len(table.rows))
    return answer


def _valid_answers(form: ExportForm) -> dict[str, Any]:
    """Return what stands rightly in a form, as a browser sends it; of the rest she hears when she sends it again."""
    form.is_valid()
    told = {name: value for name, value in form.cleaned_data.items() if name in form.data}
    return {name: "on" if value is True else value for name, value in told.items()}


def _page(request: DeskRequest, listing: Listing, chosen: Chosen, form: ExportForm) -> HttpResponse:
    query = request.GET.copy()
    for name in _NOT_FILTERS:
        query.pop(name, None)
    back = reverse(listing.page) + (f"?{query.urlencode()}" if query else "")
    every = allowed(listing.columns(), with_contact=True)
    context: dict[str, Any] = {
        "title": listing.title,
        "rows": len(chosen.ids),
        "most": MOST,
        "is_too_long": len(chosen.ids) > MOST,
        "filters": chosen.filters,
        "columns": [column for column in every if not column.reaches],
        "contact_columns": [column for column in every if column.reaches],
        "form": form,
        "back": back,
        "is_demonstration": is_demonstration(),
    }
    return render(request, "desk/exports/export.html", context)
