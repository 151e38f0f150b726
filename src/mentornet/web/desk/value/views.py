"""What a pair has shared with its coordinators, certificates made together with her, and whom to thank."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from mentornet.followup import services
from mentornet.followup.prompts import EVERY
from mentornet.followup.value_queries import served, to_thank
from mentornet.partnerships.models import Partnership
from mentornet.partnerships.queries import visible_partnerships
from mentornet.people.enums import Role
from mentornet.web.access import DeskRequest, Policy, open_to
from mentornet.web.desk.acting import attempt, posted
from mentornet.web.ui.papers import as_paper, certificate_paper, has_pdf
from mentornet.web.ui.toasts import say


class CertificateForm(forms.Form):
    """The name that she wants on the paper."""

    name = forms.CharField(
        label=gettext_lazy("The name as she wants it on the paper"),
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        help_text=gettext_lazy("The name is not kept. For the same paper once more, write the same name."),
    )
    understood = forms.BooleanField(
        label=gettext_lazy("She is protected, has heard what a paper with her name may tell, and wants it"),
        required=False,
    )

    def __init__(self, data: object = None, *, is_protected: bool) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # the request's own data
        if not is_protected:
            del self.fields["understood"]


def _pair(request: DeskRequest, partnership_id: UUID) -> Partnership:
    return get_object_or_404(visible_partnerships(request.actor), pk=partnership_id)


@open_to(Policy.CASEWORK)
def shared(request: DeskRequest, partnership_id: UUID) -> HttpResponse:
    """Show what the two have shared with their coordinators; the reading is noted."""
    pair = _pair(request, partnership_id)
    found = services.read_shared(by=request.actor, partnership=pair)
    rows = [{"thought": one, "question": EVERY.get(one.prompt, "")} for one in found]
    return render(request, "desk/value/shared.html", {"pair": pair, "rows": rows})


@open_to(Policy.CASEWORK)
@sensitive_post_parameters()
def certificate(request: DeskRequest, partnership_id: UUID, side: str) -> HttpResponse:
    """Make a certificate together with one of the two."""
    by, pair = request.actor, _pair(request, partnership_id)
    person = pair.mentee.person if side == Role.MENTEE else pair.mentor.person
    form = CertificateForm(posted(request), is_protected=person.is_protected)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        issued = attempt(
            request,
            lambda: services.issue_certificate(
                by=by, person=person, role=side, name=data["name"], understood=data.get("understood", False)
            ),
            form,
        )
        if issued is not None:
            paper = certificate_paper(issued, data["name"], person.language)
            back = reverse(f"desk:certificate_{side}", args=[pair.pk])
            context = {"title": _("Certificate"), "back_url": back, **paper}
            wants_pdf = request.POST.get("as") == "pdf"
            return as_paper(request, "certificate", context, name="certificate", wants_pdf=wants_pdf)
    context = {
        "pair": pair,
        "person": person,
        "form": form,
        "served": served(person.pk, side, by.today),
        "has_pdf": has_pdf(),
    }
    return render(request, "desk/value/certificate.html", context, status=422 if form.errors else 200)


@open_to(Policy.CASEWORK)
def thanks(request: DeskRequest) -> HttpResponse:
    """Show who has been a mentor for one, three, five or ten years just now."""
    return render(request, "desk/value/thanks.html", {"rows": list(to_thank(request.actor)[:200])})


@open_to(Policy.CASEWORK)
@require_POST
def thanked(request: DeskRequest, thanks_id: UUID) -> HttpResponse:
    """Note that somebody was thanked with a call."""
    by = request.actor
    row = get_object_or_404(to_thank(by), pk=thanks_id)
    if attempt(request, lambda: services.note_thanked(by=by, thanks=row)) is not None:
        say(request, _("Noted. She has heard it from you."))
    return redirect("desk:thanks")
