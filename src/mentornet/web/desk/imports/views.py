"""Imports up to the check: the list, files, columns."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.accounts.models import User
from mentornet.common.answers import RefusedError
from mentornet.common.spoken import reference_language
from mentornet.imports.enums import BatchState
from mentornet.imports.findings import faults_in, notices_in
from mentornet.imports.limits import spreadsheet_limits
from mentornet.imports.models import Batch
from mentornet.imports.queries import files_of, listed_batches, report_of, visible_batches
from mentornet.imports.rules import may_undo
from mentornet.imports.services import batches
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.imports import shown
from mentornet.web.desk.imports.forms import ColumnsForm, UploadForm
from mentornet.web.ui.toasts import say
from mentornet.web.watching import stop_shown
from reference.columns import Subject
from reference.templates import template_bytes
from reference.translation import LANGUAGES

A_PAGE = 30
FAULTS_A_PAGE = 100
DUPLICATES_A_PAGE = 25
MOST_NOTICES = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def batch_or_404(request: DeskRequest, import_id: UUID) -> Batch:
    """Return an import of the actor's divisions; another one's is not there."""
    return get_object_or_404(visible_batches(request.actor), pk=import_id)


def signed_in(request: DeskRequest) -> User:
    """Return the user behind the actor, as whom the work in the background acts."""
    return cast(User, request.user)


@open_to(Policy.CASEWORK)
def imports(request: DeskRequest) -> HttpResponse:
    """Show the imports of her divisions, newest first."""
    page = Paginator(listed_batches(request.actor), A_PAGE).get_page(request.GET.get("page"))
    rows = [shown.row_of(batch, list(batch.files.all()), batch.has_stopped(request.actor.at)) for batch in page]
    context = {"rows": rows, "page": page, "language": reference_language(), "subjects": list(Subject)}
    return render(request, "desk/imports/imports.html", context)


@open_to(Policy.CASEWORK)
def import_template(request: DeskRequest, subject: str, language: str) -> HttpResponse:
    """Hand out an empty spreadsheet, with help on its second sheet."""
    del request
    wanted = next((code for code in LANGUAGES if code == language), None)
    if wanted is None or subject not in set(Subject):
        raise Http404
    response = HttpResponse(template_bytes(Subject(subject), wanted), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{subject}.xlsx"'
    return response


@open_to(Policy.CASEWORK)
def import_new(request: DeskRequest) -> HttpResponse:
    """Begin an import. Files that can be read are kept even when another one cannot."""
    form = UploadForm(posted(request), request.FILES or None, actor=request.actor)
    if request.method != "POST":
        return _files_page(request, form, None)
    is_valid, place = form.is_valid(), form.place
    if place is None or not form.uploads:
        return _files_page(request, form, None)
    batch = attempt(
        request,
        lambda: batches.start_batch(
            by=request.actor,
            division=place[0],
            programme=place[1],
            uploads=list(form.uploads.values()),
            user=signed_in(request),
            author=request.actor.name,
        ),
        form,
    )
    if batch is None or not is_valid:
        return _files_page(request, form, batch)
    return redirect("desk:import_columns", import_id=batch.pk)


def _files_page(request: DeskRequest, form: UploadForm, batch: Batch | None) -> HttpResponse:
    context = {
        "form": form,
        "batch": batch,
        "files": files_of(batch) if batch else [],
        "steps": shown.steps(batch, 0),
        "subjects": list(Subject),
        "language": reference_language(),
        "limits": spreadsheet_limits(),
        "action": reverse("desk:import_files", args=[batch.pk]) if batch else reverse("desk:import_new"),
    }
    return render(request, "desk/imports/files.html", context)


@open_to(Policy.CASEWORK)
def import_files(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Show the files of an import, and put others in their place."""
    batch = batch_or_404(request, import_id)
    if _is_closed(batch, request):
        return redirect("desk:import", import_id=batch.pk)
    initial = {"division": batch.division_id, "programme": batch.programme_id}
    form = UploadForm(posted(request), request.FILES or None, actor=request.actor, needs_file=False, initial=initial)
    if request.method != "POST":
        return _files_page(request, form, batch)
    is_valid, place = form.is_valid(), form.place
    if place is None:
        return _files_page(request, form, batch)
    changed = attempt(
        request,
        lambda: batches.replace_files(
            by=request.actor,
            batch=batch,
            division=place[0],
            programme=place[1],
            uploads=list(form.uploads.values()),
        ),
        form,
    )
    if changed is None or not is_valid:
        return _files_page(request, form, batch)
    return redirect("desk:import_columns", import_id=batch.pk)


def _is_closed(batch: Batch, request: DeskRequest) -> bool:
    """Tell whether an import can no longer be changed, or not now."""
    finished = batch.state in {BatchState.DONE, BatchState.UNDONE}
    return finished or (batch.is_at_work and not batch.has_stopped(request.actor.at))


@open_to(Policy.CASEWORK)
@require_POST
def import_drop(request: DeskRequest, import_id: UUID, subject: str) -> HttpResponse:
    """Take a file out of an import."""
    batch = batch_or_404(request, import_id)
    attempt(request, lambda: batches.drop_file(by=request.actor, batch=batch, subject=subject))
    return redirect("desk:import_files", import_id=batch.pk)


@open_to(Policy.CASEWORK)
def import_columns(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Show what the columns seem to mean, and keep what she says instead."""
    batch = batch_or_404(request, import_id)
    if _is_closed(batch, request):
        return redirect("desk:import", import_id=batch.pk)
    files = files_of(batch)
    initial = {
        "are_briefed": {True: "yes", False: "no"}.get(batch.are_briefed) if batch.are_briefed is not None else "",
        "briefed_on": batch.briefed_on,
    }
    form = ColumnsForm(posted(request), files=files, initial=initial)
    if request.method == "POST" and form.is_valid() and _keep_columns(request, batch, form):
        return redirect("desk:import", import_id=batch.pk)
    return render(request, "desk/imports/columns.html", {"form": form, "batch": batch, "steps": shown.steps(batch, 1)})


def _keep_columns(request: DeskRequest, batch: Batch, form: ColumnsForm) -> bool:
    def act() -> Batch:
        batches.set_columns(
            by=request.actor,
            batch=batch,
            fields=form.chosen(),
            are_briefed=form.answer,
            briefed_on=form.cleaned_data.get("briefed_on"),
        )
        return batches.ask_for_check(by=request.actor, batch=batch, user=signed_in(request))

    try:
        act()
    except RefusedError as error:
        form.add_error(None, str(error))
    except ValidationError as error:
        form.put_errors(error)
    return form.is_valid()


@open_to(Policy.CASEWORK)
def import_page(request: DeskRequest, import_id: UUID) -> HttpResponseBase:
    """Show an import where it stands."""
    batch = batch_or_404(request, import_id)
    if batch.is_at_work:
        return _work_page(request, batch)
    match batch.state:
        case BatchState.CHECKED:
            return _check_page(request, batch)
        case BatchState.DONE | BatchState.UNDONE:
            return _done_page(request, batch)
        case _:
            return redirect("desk:import_columns", import_id=batch.pk)


def _work_page(request: DeskRequest, batch: Batch) -> HttpResponse:
    stopped = batch.has_stopped(request.actor.at)
    context = {
        "batch": batch,
        "files": files_of(batch),
        "stopped": stopped,
        "never_begun": stopped and batch.begun_at is None,
        "steps": shown.steps(batch, 2 if batch.state == BatchState.CHECKING else 3),
        **shown.progress_of(batch),
    }
    return render(request, "desk/imports/work.html", context)


def _check_page(request: DeskRequest, batch: Batch) -> HttpResponseBase:
    report = report_of(batch)
    if report is None:
        return redirect("desk:import_columns", import_id=batch.pk)
    language, content = reference_language(), report.content
    count = len(content.get("faults", []))
    page = Paginator(range(count), FAULTS_A_PAGE).get_page(request.GET.get("page"))
    start = max(page.start_index() - 1, 0)
    duplicates = content.get("duplicates", [])
    # Those not yet chosen come first, so that the next page is never empty while one is left.
    ordered = sorted(duplicates, key=lambda one: one["key"] in report.choices)
    duplicates_page = Paginator(ordered, DUPLICATES_A_PAGE).get_page(request.GET.get("duplicates"))
    # What is known of them stands beside the file's rows: whoever writes names into a file reads on in these people.
    known = frozenset() if count else shown.known_in(duplicates_page.object_list)
    if (stopped := stop_shown(request, known)) is not None:
        return stopped
    notices = notices_in(content, language)
    context = {
        "batch": batch,
        "files": files_of(batch),
        "steps": shown.steps(batch, 2),
        "tiles": shown.tiles(batch.counts),
        "faults": faults_in(content, language, start, start + FAULTS_A_PAGE),
        "fault_count": count,
        "page": page,
        "duplicates": [] if count else shown.duplicates_of(batch, report, duplicates_page.object_list),
        "duplicate_count": len(duplicates),
        "left": sum(one["key"] not in report.choices for one in duplicates),
        "shown_duplicates": len(duplicates_page.object_list),
        "first": [] if count else shown.first_rows(content),
        "notices": notices[:MOST_NOTICES],
        "notice_count": len(notices),
        "take_over": shown.numbers(batch.counts),
    }
    return render(request, "desk/imports/check.html", context)


def _done_page(request: DeskRequest, batch: Batch) -> HttpResponse:
    context = {
        "batch": batch,
        "files": files_of(batch),
        "tiles": shown.tiles(batch.counts),
        "steps": shown.steps(batch, 5),
        "may_undo": bool(may_undo(request.actor, batch)),
    }
    return render(request, "desk/imports/done.html", context)


@open_to(Policy.CASEWORK)
@require_POST
def import_discard(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Delete an import that was never written."""
    batch = batch_or_404(request, import_id)

    def act() -> bool:
        batches.discard_batch(by=request.actor, batch=batch)
        return True

    if attempt(request, act) is None:
        return redirect("desk:import", import_id=import_id)
    say(request, _("The import is discarded, and its files are deleted. Nobody was taken over."))
    return redirect("desk:imports")
