"""The record of processing and the impact assessment: on a page, on paper, as a file; and its sign-off."""

from __future__ import annotations

from importlib import metadata

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.divisions.queries import organisation
from mentornet.privacy.assessing import mark_of_register, register_now, standing_of_assessment
from mentornet.privacy.due import terms_on
from mentornet.privacy.oversight import may_sign
from mentornet.privacy.register import assessments
from mentornet.privacy.services.signing_off import sign_assessment
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt
from mentornet.web.desk.data_protection.forms import SignForm
from mentornet.web.desk.data_protection.papers import impact_assessment, record_of_processing
from mentornet.web.ui.toasts import say


def _program() -> str:
    return metadata.version("mentornet")


def _record(request: DeskRequest) -> str:
    return record_of_processing(organisation(), request.actor.at, _program(), terms_on(request.actor.today))


def _assessment(request: DeskRequest) -> str:
    return impact_assessment(organisation(), request.actor.at, _program(), standing_of_assessment())


def _file(title: str, text: str, name: str) -> HttpResponse:
    response = HttpResponse(f"# {title}\n\n{text}", content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response


@open_to(Policy.DATA_PROTECTION)
def record(request: DeskRequest) -> HttpResponse:
    """Show the record of processing."""
    return render(request, "desk/data_protection/record.html", {"text": _record(request)})


@open_to(Policy.DATA_PROTECTION)
def record_paper(request: DeskRequest) -> HttpResponse:
    """Show the record of processing as it is printed."""
    context = {"text": _record(request), "title": _("Record of processing"), "is_record": True}
    return render(request, "desk/data_protection/paper.html", context)


@open_to(Policy.DATA_PROTECTION)
def record_file(request: DeskRequest) -> HttpResponse:
    """Hand out the record of processing as a file."""
    name = f"record-of-processing-{request.actor.today.isoformat()}.md"
    return _file(_("Record of processing"), _record(request), name)


def _show(request: DeskRequest, form: SignForm) -> HttpResponse:
    context = {
        "text": _assessment(request),
        "form": form,
        "standing": standing_of_assessment(),
        "former": assessments(),
        "may_sign": bool(may_sign(request.actor)),
        "mark": mark_of_register(register_now()),
    }
    return render(request, "desk/data_protection/assessment.html", context, status=422 if form.errors else 200)


@open_to(Policy.DATA_PROTECTION)
def assessment(request: DeskRequest) -> HttpResponse:
    """Show the impact assessment, and what has changed since it was signed."""
    return _show(request, SignForm())


@open_to(Policy.DATA_PROTECTION)
@require_POST
def sign(request: DeskRequest) -> HttpResponse:
    """Sign the assessment as it was read."""
    by, form = request.actor, SignForm(request.POST)
    if form.is_valid():
        signed = attempt(
            request,
            lambda: sign_assessment(
                by=by,
                mark=request.POST.get("mark", ""),
                words=form.cleaned_data["words"],
                program=_program(),
                author_name=by.name,
            ),
            form,
        )
        if signed is not None:
            say(request, _("Signed. It is version %(number)s.") % {"number": signed.number})
            return redirect("desk:assessment")
    return _show(request, form)


@open_to(Policy.DATA_PROTECTION)
def assessment_paper(request: DeskRequest) -> HttpResponse:
    """Show the impact assessment as it is printed."""
    context = {"text": _assessment(request), "title": _("Impact assessment"), "is_record": False}
    return render(request, "desk/data_protection/paper.html", context)


@open_to(Policy.DATA_PROTECTION)
def assessment_file(request: DeskRequest) -> HttpResponse:
    """Hand out the impact assessment as a file."""
    name = f"impact-assessment-{request.actor.today.isoformat()}.md"
    return _file(_("Impact assessment"), _assessment(request), name)
