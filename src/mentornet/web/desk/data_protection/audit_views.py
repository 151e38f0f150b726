"""The audit: looked through, and taken out. That it was read is in it too."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _

from mentornet.common.row_scope import EVERYTHING, within
from mentornet.divisions.queries import organisation
from mentornet.privacy.reading import Asked, entries_asked, rows_of_entries
from mentornet.privacy.register import chain_standing
from mentornet.privacy.services.signing_off import note_audit_read
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.data_protection.forms import AuditForm
from mentornet.web.desk.exports.second_factor import ask_for_it, is_fresh
from mentornet.web.ui.toasts import say
from mentornet.web.watching import stop_file, stop_shown
from reference.writing import Table, csv_bytes

PAGE: Final = 50
MOST_ROWS: Final = 20_000
"""How much is taken out at once: whoever needs more chooses a shorter time."""
_PAGE_OF_AUDIT: Final = UUID("6a1d2f0e-4f6c-4b6e-9b55-2d1f6f7f3c11")
_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()


def _asked(request: DeskRequest) -> tuple[AuditForm, Asked]:
    usual = {"since": (request.actor.today - timedelta(days=30)).isoformat()}
    given = request.GET if any(name in request.GET for name in AuditForm.base_fields) else usual
    form = AuditForm(given)
    if not form.is_valid():
        return form, Asked(since=request.actor.today)
    text = {name: form.cleaned_data[name].strip() for name in ("who", "what", "act")}
    return form, Asked(**text, since=form.day("since"), until=form.day("until"))


@open_to(Policy.DATA_PROTECTION)
def audit(request: DeskRequest) -> HttpResponseBase:
    """Show what was done, and whether the record of it is whole."""
    by = request.actor
    form, asked = _asked(request)
    # It names people; each page of it counts as one of them, the same one once.
    if (stopped := stop_shown(request, [uuid5(_PAGE_OF_AUDIT, request.get_full_path())])) is not None:
        return stopped
    with within(EVERYTHING):
        page = Paginator(entries_asked(by, asked), PAGE).get_page(request.GET.get("page"))
        rows = rows_of_entries(by, page.object_list)
    note_audit_read(by=by, asked=asked.filters())
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "chain": chain_standing(),
        "query": urlencode(asked.filters()),
    }
    return render(request, "desk/data_protection/audit.html", context, status=422 if form.errors else 200)


@open_to(Policy.DATA_PROTECTION)
def export(request: DeskRequest) -> HttpResponseBase:
    """Hand out what was looked for as a file that says who took it, after the second factor; asked for by a form."""
    by = request.actor
    _form, asked = _asked(request)
    back = redirect(f"{reverse('desk:audit')}?{urlencode(asked.filters())}")
    if not is_fresh(request):
        return ask_for_it(request)
    if request.method != "POST":
        return back
    with within(EVERYTHING):
        found = entries_asked(by, asked)
        if found.count() > MOST_ROWS:
            say(request, _("That is too much for one file. Choose a shorter time."), tone="warn")
            return back
        if (stopped := stop_file(request)) is not None:
            return stopped
        rows = rows_of_entries(by, found)
    note_audit_read(by=by, asked=asked.filters(), is_export=True)
    mark = _("Taken out by %(name)s on %(day)s for %(organisation)s. Confidential.") % {
        "name": by.name,
        "day": timezone.localtime(by.at).isoformat(timespec="minutes"),
        "organisation": organisation().name,
    }
    lines = [
        (
            timezone.localtime(row.entry.at).isoformat(timespec="seconds"), row.entry.kind, row.who, row.entry.act,
            row.entry.object_type, row.about, row.division, row.detail, row.entry.position,
        )
        for row in rows
    ]  # fmt: skip
    headers = ("at", "kind", "who", "act", "table", "about", "division", "detail", "position")
    empty = (None,) * (len(headers) - 1)
    content = _MARK + csv_bytes(Table(headers, [*lines, (mark, *empty)]))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = f"audit-{by.today.isoformat()}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response
