"""Imports from the check on: choices, writing, progress, undo."""

from __future__ import annotations

import csv
from io import StringIO
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mentornet.common.spoken import reference_language
from mentornet.imports.enums import BatchState
from mentornet.imports.findings import faults_in
from mentornet.imports.queries import report_of
from mentornet.imports.services import batches
from mentornet.imports.services.undoing import undo_import
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.imports import shown
from mentornet.web.desk.imports.views import batch_or_404, signed_in
from mentornet.web.ui.toasts import say
from reference.guard import guarded

_CHOICE = "choice-"


@open_to(Policy.CASEWORK)
def import_faults(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Hand out every fault as a list, for whoever mends the files."""
    batch = batch_or_404(request, import_id)
    report = report_of(batch)
    batches.record_download(by=request.actor, batch=batch)
    written = StringIO()
    rows = csv.writer(written)
    rows.writerow([_("File"), _("Row"), _("Column"), _("Value"), _("What is expected")])
    for fault in faults_in(report.content if report else {}, reference_language()):
        # What stood in the file must not run as a formula in the next program.
        cells = (fault.file, fault.rows[0] if fault.rows else "", fault.column or "", fault.value or "", fault.text)
        rows.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    # With the mark at the start, spreadsheet programs read the letters as they were written.
    response = HttpResponse(
        "\N{ZERO WIDTH NO-BREAK SPACE}" + written.getvalue(), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="faults.csv"'
    return response


@open_to(Policy.CASEWORK)
@require_POST
def import_write(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Keep what was chosen about likely duplicates; then, if that was the button, have everything written."""
    batch = batch_or_404(request, import_id)
    choices = {
        name.removeprefix(_CHOICE): str(value) for name, value in request.POST.items() if name.startswith(_CHOICE)
    }
    rest = request.POST.get("rest", "")
    left: int | None = 0
    if choices or rest:
        left = attempt(
            request,
            lambda: batches.choose(by=request.actor, batch=batch, choices=choices, for_the_rest=rest),
        )
    if left is None:
        return redirect("desk:import", import_id=batch.pk)
    if request.POST.get("act") == "write":
        attempt(request, lambda: batches.ask_for_writing(by=request.actor, batch=batch, user=signed_in(request)))
        return redirect("desk:import", import_id=batch.pk)
    if left:
        text = ngettext(
            "Kept. %(count)s person is left to choose about.", "Kept. %(count)s people are left to choose about.", left
        )
        say(request, text % {"count": left})
    else:
        say(request, _("Kept. Everything is chosen: the import can be taken over."))
    return redirect(reverse("desk:import", args=[batch.pk]) + "#duplicates")


@open_to(Policy.CASEWORK)
def import_progress(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Answer how far the work is; when it has ended, send the page on."""
    batch = batch_or_404(request, import_id)
    target = reverse("desk:import", args=[batch.pk])
    if request.headers.get("HX-Request") != "true":
        return redirect(target)
    if batch.is_at_work and not batch.has_stopped(request.actor.at):
        return render(request, "ui/components/_progress.html", shown.progress_of(batch))
    if batch.state == BatchState.DONE:
        text = _("Everything is taken over: %(numbers)s.") % {"numbers": shown.numbers(batch.counts)}
        say(request, text, undo=reverse("desk:import_undo", args=[batch.pk]))
    response = HttpResponse()
    response["HX-Redirect"] = target
    return response


@open_to(Policy.CASEWORK)
@require_POST
def import_again(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Start work again that has stopped; nothing was written by it."""
    batch = batch_or_404(request, import_id)
    if batch.state == BatchState.WRITING:
        attempt(request, lambda: batches.ask_for_writing(by=request.actor, batch=batch, user=signed_in(request)))
    else:
        attempt(request, lambda: batches.ask_for_check(by=request.actor, batch=batch, user=signed_in(request)))
    return redirect("desk:import", import_id=batch.pk)


@open_to(Policy.CASEWORK)
@require_POST
def import_undo(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Take an import back as a whole."""
    batch = batch_or_404(request, import_id)
    done = attempt(request, lambda: undo_import(by=request.actor, batch=batch, author=request.actor.name))
    if done is not None:
        say(request, _("The import is undone. Everything is as it was before; the files can be taken over anew."))
    return redirect("desk:import", import_id=batch.pk)
