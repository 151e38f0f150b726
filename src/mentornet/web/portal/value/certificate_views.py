"""Her certificates: made under a name that is kept nowhere, so each print is made in the answer to the form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from mentornet.followup import services
from mentornet.followup.value_queries import Served, certificates_of, served
from mentornet.people.enums import Role
from mentornet.people.models import Person
from mentornet.people.queries import own_person
from mentornet.web.access import Policy, PortalRequest, open_to
from mentornet.web.portal.shell import attempt, portal_page
from mentornet.web.portal.value.forms import CertificateForm
from mentornet.web.ui.papers import as_paper, certificate_paper, has_pdf
from mentornet.web.ui.toasts import say


def _rows(person: Person, done: dict[Role, Served], form: CertificateForm | None) -> list[dict[str, Any]]:
    rows = []
    for role, one in done.items():
        is_sent = form is not None and form.data.get("role") == role
        empty = CertificateForm(
            is_protected=person.is_protected,
            initial={"role": role.value, "name": "" if person.is_protected else person.name},
            auto_id=f"id_{role}_%s",
        )
        rows.append({"role": role, "served": one, "hours": round(one.minutes / 60), "form": form if is_sent else empty})
    return rows


@open_to(Policy.PARTICIPANT)
@sensitive_post_parameters()
def certificates(request: PortalRequest) -> HttpResponse:
    """Show what she can have a certificate of, and make one."""
    by = request.participant
    person = own_person(by.person_id)
    if person is None:
        return redirect("portal:home")
    done = {role: one for role in Role if (one := served(person.pk, role, by.today)) is not None}
    form = None
    if request.method == "POST":
        role = request.POST.get("role", "")
        form = CertificateForm(request.POST, is_protected=person.is_protected, auto_id=f"id_{role}_%s")
        if form.is_valid():
            data = form.cleaned_data
            issued = attempt(
                request,
                lambda: services.issue_certificate(
                    by=by,
                    person=person,
                    role=data["role"],
                    name=data["name"],
                    outlives=data["outlives"],
                    understood=data.get("understood", False),
                ),
                form,
            )
            if issued is not None:
                paper = certificate_paper(issued, data["name"], get_language() or person.language)
                context = {"title": _("Certificate"), "back_url": reverse("portal:certificates"), **paper}
                wants_pdf = request.POST.get("as") == "pdf"
                return as_paper(request, "certificate", context, name="certificate", wants_pdf=wants_pdf)
    return portal_page(
        request,
        "portal/value/certificates.html",
        status=422 if form is not None else 200,
        rows=_rows(person, done, form),
        form=form,
        made=list(certificates_of(person.pk)),
        is_protected=person.is_protected,
        has_pdf=has_pdf(),
    )


@open_to(Policy.PARTICIPANT)
@require_POST
def withdraw(request: PortalRequest, certificate_id: UUID) -> HttpResponse:
    """Withdraw one of hers."""
    by = request.participant
    found = get_object_or_404(certificates_of(by.person_id), pk=certificate_id)
    if attempt(request, lambda: services.withdraw_certificate(by=by, certificate=found)) is not None:
        say(request, _("Withdrawn. Whoever checks it reads that it is no longer valid."))
    return redirect("portal:certificates")
