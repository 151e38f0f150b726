"""A programme's own criteria: listed, tried out on real cases, checked for fairness, written as a new version."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from mentornet.common.spoken import reference_language
from mentornet.divisions.rules import may_lead_nation
from mentornet.matching.answered import answered_in
from mentornet.matching.fairness import fairness_of
from mentornet.people.own_answers import change_customs
from mentornet.programmes.models import Programme, ProgrammeVersion
from mentornet.programmes.queries import current_version, refused_names
from mentornet.programmes.rules import may_set_up_programme
from mentornet.programmes.services import note_refused_names
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.desk.setup.criterion_forms import CriterionForm, RemovalForm, without
from mentornet.web.desk.setup.criterion_shown import answered_words, fairness_shown, listed
from mentornet.web.desk.setup.views import found_programme, preview_of, tried
from mentornet.web.ui.toasts import say
from reference.customs import Custom

MOST_REFUSED = 100


@open_to(Policy.CASEWORK)
def criteria(request: DeskRequest, programme_id: UUID) -> HttpResponse:
    """List a programme's own criteria, with how many have answered."""
    programme = found_programme(request, programme_id)
    version = current_version(programme.pk)
    counts = answered_in(version=version, divisions=request.actor.casework) if version.customs else None
    context = {
        "programme": programme,
        "rows": listed(version.own, counts) if counts else [],
        "may": may_set_up_programme(request.actor, programme),
        "sees_refused": bool(request.actor.leads),
    }
    return render(request, "desk/setup/criteria.html", context)


@open_to(Policy.CASEWORK)
def criterion_new(request: DeskRequest, programme_id: UUID) -> HttpResponse:
    """Add a criterion, or try one out."""
    return _criterion(request, found_programme(request, programme_id), None)


@open_to(Policy.CASEWORK)
def criterion(request: DeskRequest, programme_id: UUID, own: str) -> HttpResponse:
    """Change a criterion, or try a change out."""
    programme = found_programme(request, programme_id)
    return _criterion(request, programme, _own(current_version(programme.pk), own))


def _own(version: ProgrammeVersion, key: str) -> Custom:
    found = next((custom for custom in version.own if custom.key == key), None)
    if found is None:
        raise Http404
    return found


def _criterion(request: DeskRequest, programme: Programme, custom: Custom | None) -> HttpResponse:
    version = current_version(programme.pk)
    may = may_set_up_programme(request.actor, programme)
    wants = {name for name in ("save", "fairness") if name in request.POST}
    form = CriterionForm(posted(request), version=version, custom=custom, is_saved="save" in wants)
    shown: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        if form.is_valid():
            if "save" in wants and may:
                if _saved(request, programme, form) is not None:
                    return redirect("desk:criteria", programme_id=programme.pk)
                status = 422
            shown = _tried_out(request, version, form, is_checked="fairness" in wants)
        else:
            status = 422
            # What is typed on the way to another word is nobody's wish yet: kept when she means to save or check it.
            if wants and form.refused and may:
                note_refused_names(
                    by=request.actor, programme=programme, author_name=request.actor.name, names=form.refused
                )
    form.fields["reason"].required = True
    context = {
        "programme": programme,
        "version": version,
        "custom": custom,
        "name": custom.text(reference_language()) if custom else "",
        "words_language": reference_language(),
        "form": form,
        "removal": RemovalForm(initial={"seen": version.number}, prefix="remove"),
        "may": may,
        **shown,
    }
    if request.headers.get("HX-Target") == "preview":
        return render(request, "desk/setup/_criterion_preview.html", context)
    return render(request, "desk/setup/criterion.html", context, status=status)


def _tried_out(
    request: DeskRequest, version: ProgrammeVersion, form: CriterionForm, *, is_checked: bool
) -> dict[str, Any]:
    wanted = form.wanted()
    key = form.own()["key"] if form.custom is None else form.custom.key
    other = tried(version, wanted)
    counts = answered_in(version=other, divisions=request.actor.casework)
    shown: dict[str, Any] = {
        "preview": preview_of(request, version, wanted),
        "answered": answered_words(counts, key),
    }
    if is_checked:
        shown["fairness"] = fairness_shown(fairness_of(by=request.actor, now=version, wanted=other))
    return shown


def _saved(request: DeskRequest, programme: Programme, form: CriterionForm) -> ProgrammeVersion | None:
    written = attempt(
        request,
        lambda: change_customs(
            by=request.actor,
            programme=programme,
            seen=form.cleaned_data["seen"],
            customs=form.wanted()["customs"],
            author_name=request.actor.name,
            reason=form.cleaned_data["reason"],
        ),
        form,
    )
    if written is not None:
        say(
            request,
            _("Version %(number)s is in force. Ask people now: each one’s answers stand on her page.")
            % {"number": written.number},
        )
    return written


@open_to(Policy.CASEWORK)
def criterion_remove(request: DeskRequest, programme_id: UUID, own: str) -> HttpResponse:
    """Take a criterion away; what people have answered to it is forgotten."""
    programme = found_programme(request, programme_id)
    version = current_version(programme.pk)
    custom = _own(version, own)
    may = may_set_up_programme(request.actor, programme)
    form = RemovalForm(posted(request), initial={"seen": version.number})
    if request.method == "POST" and form.is_valid():
        removed = attempt(
            request,
            lambda: change_customs(
                by=request.actor,
                programme=programme,
                seen=form.cleaned_data["seen"],
                customs=without(version, own),
                author_name=request.actor.name,
                reason=form.cleaned_data["reason"],
            ),
            form,
        )
        if removed is not None:
            say(request, _("It is asked no more, and what was answered is forgotten."))
            return redirect("desk:criteria", programme_id=programme.pk)
    context = {
        "programme": programme,
        "name": custom.text(reference_language()),
        "words_language": reference_language(),
        "custom": custom,
        "form": form,
        "may": may,
    }
    return render(request, "desk/setup/criterion_remove.html", context, status=422 if form.errors else 200)


@open_to(Policy.LEAD)
def refused(request: DeskRequest) -> HttpResponse:
    """Show the names that were refused: all to the national lead, to a division lead those of her own programmes."""
    by = request.actor
    rows = refused_names(None if may_lead_nation(by) else by.leads)[:MOST_REFUSED]
    return render(request, "desk/setup/refused_names.html", {"rows": rows})
