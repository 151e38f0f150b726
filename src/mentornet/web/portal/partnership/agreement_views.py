"""The agreement: read side by side, filled in together, signed by each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mentornet.partnerships import services
from mentornet.partnerships.models import Agreement, Partnership
from mentornet.partnerships.queries import agreements_of, current_agreement, newest_templates
from mentornet.people.enums import Role
from mentornet.web.access import PortalRequest
from mentornet.web.portal.partnership import shown
from mentornet.web.portal.partnership.forms import SignForm, TermsForm, terms_suggested
from mentornet.web.portal.partnership.pages import back_to, mine, of_the_two, page_of
from mentornet.web.portal.shell import attempt, posted
from mentornet.web.ui.toasts import say


def _show(request: PortalRequest, pair: Partnership, side: Role, form: SignForm | None = None) -> HttpResponse:
    versions = list(agreements_of(pair)[:2])
    if not versions:
        return back_to("agreement_fill", pair)
    agreement, before = versions[0], versions[1] if len(versions) > 1 else None
    text = shown.agreement_shown(agreement, side, before)
    templates = newest_templates()
    checked = templates.get(text.reads)
    return page_of(
        request,
        "agreement",
        pair,
        side,
        text=text,
        is_draft=checked is not None and checked.is_draft,
        by_other=agreement.side != side,
        own_name=request.participant.name,
        form=form or SignForm(initial={"version": agreement.pk}),
    )


@of_the_two
def agreement(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Show the agreement in Danish beside her language."""
    pair, side = mine(request, partnership_id)
    return _show(request, pair, side)


@of_the_two
def agreement_print(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Show the agreement as it is printed: with lines to sign on where nobody has."""
    pair, side = mine(request, partnership_id)
    versions = list(agreements_of(pair)[:1])
    if not versions:
        return back_to("agreement_fill", pair)
    text = shown.agreement_shown(versions[0], side, None)
    return page_of(request, "agreement_print", pair, side, text=text)


@of_the_two
@require_POST
def agreement_sign(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Sign what she has read."""
    pair, side = mine(request, partnership_id)
    form = SignForm(request.POST)
    if form.is_valid():
        read: Agreement = get_object_or_404(agreements_of(pair), pk=form.cleaned_data["version"])
        language = shown.reading_language(read.texts)

        def act() -> object:
            return services.sign(
                by=request.participant, agreement=read, name=form.cleaned_data["name"], language=language
            )

        if attempt(request, act, form) is not None:
            pair.refresh_from_db()
            now = current_agreement(pair)
            both = now is not None and len(now.signatures.all()) == len(Role)
            say(
                request,
                _("Thank you. You have both signed. The agreement holds from today.")
                if both
                else _("Thank you. You have signed. The other has not signed yet; she has a message from us."),
            )
            return back_to("partnership", pair)
    return _show(request, pair, side, form)


def _suggested(pair: Partnership) -> dict[str, Any]:
    profile = pair.mentee.profile
    return terms_suggested(months=profile.months, meeting=profile.meeting, hours=profile.hours_per_month, goals="")


@of_the_two
def agreement_fill(request: PortalRequest, partnership_id: UUID) -> HttpResponse:
    """Fill in what they agree on; what the other has filled in stands there already."""
    pair, side = mine(request, partnership_id)
    current = current_agreement(pair)
    templates = newest_templates()
    if not templates:
        return page_of(request, "agreement_missing", pair, side)
    language = shown.reading_language(templates)
    form = TermsForm(
        posted(request),
        wording=templates[language].wording,
        language=language,
        initial=current.terms if current else _suggested(pair),
        seen=current.number if current else 0,
    )
    if request.method == "POST" and form.is_valid():

        def act() -> Agreement:
            return services.fill_in(
                by=request.participant, partnership=pair, terms=form.terms, seen=form.cleaned_data["seen"]
            )

        if attempt(request, act, form) is not None:
            say(request, _("Saved. Read it through. Then sign below."))
            return back_to("agreement", pair)
    return page_of(
        request,
        "agreement_fill",
        pair,
        side,
        form=form,
        current=current,
        newer=current is not None and request.method == "POST" and form.data.get("seen") != str(current.number),
        is_signed=current is not None and bool(current.signatures.all()),
    )
